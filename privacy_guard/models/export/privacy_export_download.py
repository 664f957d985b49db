import logging

from odoo import fields, models
from odoo.exceptions import AccessError

from ...tools import cipher, keyring

_logger = logging.getLogger(__name__)


class PrivacyExport(models.Model):
    """The way of the file to the person: a mail with a link."""

    _inherit = "privacy.export"

    def _use(self):
        """:return: what the link is signed for: this file and no other"""
        return f"export.{self.id}"

    def _url(self, subject, company=None):
        """:param company: the one that writes
        :return: absolute URL of the download page, "" without an address"""
        path = f"/privacy/download/{self.id}/"
        return subject._privacy_personal_url(path, self._use(), company)

    def _notify_person(self):
        """Queue the mail; its link is made when it leaves and is stored nowhere."""
        subject = self._subject()
        page = self.env["privacy.preferences.page"]
        if lang := subject._privacy_own_lang():
            page = page.with_context(lang=lang)
        company = page._company([subject]).with_env(page.env)
        title = page.env._("A copy of your data is ready")
        content = self._mail_content(company)
        mail = subject._privacy_mail(company, title, content, linked=False)
        subject._privacy_send({**mail, "privacy_export_id": self.id})

    def _mail_content(self, company):
        return company.env["ir.qweb"]._render(
            "privacy_guard.export_mail",
            {"company": company, "expires_at": self._moment("expires_at", company)},
            lang=company.env.lang,
        )

    def _moment(self, name, company):
        page = company.env["privacy.preferences.page"]
        return page._moment(self[name], [self._subject()])

    def _fetch(self):
        """Hand out the file, which stays until it is purged: whether all of it arrives
        is known to nobody here.

        :return: a temporary file to read from, None when there is none any more
        """
        self.ensure_one()
        # nobody purges it meanwhile
        self.lock_for_update()
        if self.state != "ready" or self.expires_at <= fields.Datetime.now():
            return None
        try:
            file = self.env["privacy.export.part"]._file(self)
        except (keyring.KeyringError, cipher.CipherError) as error:
            _logger.error("The access copy %s cannot be opened: %s", self.id, error)
            self._drop_file("failed")
            return None
        self._set({"downloaded_at": fields.Datetime.now()})
        return file

    def action_download(self):
        """Officers download the access copies that officers asked for.

        :return: action dictionary
        :raise AccessError: for who may not see it, or is not in the companies of who
            asked for it
        """
        self.ensure_one()
        self._check_readable()
        return {
            "type": "ir.actions.act_url",
            "url": f"/privacy_guard/export/{self.id}",
            "target": "download",
        }

    def _check_readable(self):
        """What a copy holds is of all companies of the officer who asked for it.

        :raise AccessError: for who may not see it, or is not in these
        """
        self.check_access("read")
        reached = self._officer()._privacy_reached_companies() or []
        if set(reached) - set(self.env.user.company_ids.ids):
            raise AccessError(
                self.env._(
                    "This copy was asked for by an officer of companies that are not "
                    "yours: ask for one of your own."
                )
            )
