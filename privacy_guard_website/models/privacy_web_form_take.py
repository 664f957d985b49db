import logging
from dataclasses import replace

from odoo import api, models

from odoo.addons.privacy_guard.extending import addresses, keyring, reader_lang

from .privacy_web_form import CONTACTS

_logger = logging.getLogger(__name__)


class PrivacyWebForm(models.AbstractModel):
    """Taking what was posted: at once from a new address, and from one that is known
    when the person has confirmed it by mail."""

    _inherit = "privacy.web.form"

    @api.model
    def _known(self, address):
        """:return: whether anything is kept under an address"""
        return bool(self.env["privacy.preferences.link"]._subjects_at(address))

    @api.model
    def _may_wait(self, model_name):
        """:return: whether forms of a model may have to be confirmed before anything is
        made of them, which the visitor must not learn"""
        return model_name == CONTACTS

    @api.model
    def _waits(self, model_name, address):
        """:return: whether nothing may be made of a form now: it would change, or
        double, somebody who is known"""
        return self._may_wait(model_name) and self._known(address)

    @api.model
    def _may_mail(self, model_name, address, ip):
        """Count one form by which a mail goes to whoever filled it in.

        :param address: of the visitor, normalised, or False
        :return: whether it may: else what the form makes is made without it
        :raise UserError: there were too many, and the form may make nothing without
        """
        posts = self.env["privacy.mail.post"]
        if self._may_wait(model_name):
            posts._count(address, ip)
            return True
        return posts._may_pass(address, ip)

    @api.model
    def _hold_form(self, model_name, address, values, posted, text):
        """Keep a form that waits.

        :param str model_name: what it would have made
        :param dict values: of that
        :param str text: what else was written into the form
        """
        self._hold(address, values, posted, text=text)

    @api.model
    def _is_refused(self, model_name, address):
        """:return: whether the person was erased and the setting is to refuse them; the
        visitor is not told, it might be somebody else"""
        suppression = self.env["privacy.suppression"]
        if not self._is_subject(model_name) or suppression._policy() != "refuse":
            return False
        try:
            return bool(address and suppression._suppressed({("email", address)}))
        except keyring.KeyringError as error:
            _logger.error("The suppression list cannot be read: %s", error)
            return False

    @api.model
    def _take(
        self,
        record,
        address,
        was_known,
        posted,
        *,
        name,
        evidence,
        waiting=None,
        may_mail=True,
    ):
        """Record what was ticked on a form that made a record, or have the person
        confirm it.

        :param record: what the form made
        :param address: of the visitor, normalised
        :param bool was_known: whether anything was kept under it before
        :param str name: of the visitor, for a contact that confirming makes
        :param dict evidence: ip and user_agent
        :param dict waiting: values that the record gets when it is confirmed
        :param bool may_mail: whether a mail may go there; without it nothing waits
        """
        left = posted.notices
        if self._is_subject(record._name) and not was_known:
            now = left.filtered(lambda n: self._is_asked_of(record, n.purpose_id))
            self._record_new(record, replace(posted, notices=now), evidence, may_mail)
            left -= now
        if left and address and may_mail:
            more = {"record": [record._name, record.id, waiting]} if waiting else None
            self._hold(address, {}, replace(posted, notices=left), name=name, more=more)

    @api.model
    def _is_asked_of(self, record, purpose):
        """:return: whether a consent is a matter of this record; what is asked of
        contacts alone waits for there to be one"""
        return record._name == CONTACTS or purpose in self._uses(record._name) | (
            self._data_purposes(record._name)
        )

    @api.model
    def _record_new(self, subject, posted, evidence, may_mail=True):
        """Record what somebody ticked who has just been made: they have proven no
        address, so that they are asked to. Who signs up may have stopped before."""
        if not posted.notices or subject.privacy_status == "stopped":
            return
        self._record([subject], posted.notices, posted, evidence)
        if any(posted.purposes.mapped("covers_email")):
            subject._privacy_opt_in_by_form()
            if may_mail:
                subject._privacy_request_opt_in()

    @api.model
    def _record(self, subjects, notices, posted, evidence, *, by_address=False):
        """Record that people said yes to these texts, where they apply to them.

        :param list subjects: recordsets
        :param notices: what they said yes to
        :param bool by_address: whether they confirmed it by a link
        """
        self.env["privacy.preferences.page"]._save(
            [persons.with_context(lang=posted.lang) for persons in subjects],
            dict.fromkeys(notices.purpose_id.ids, "granted"),
            source="web_form",
            evidence={**evidence, "note": self._note(posted.label)},
            by_address=by_address,
        )

    @api.model
    def _note(self, label):
        lang = reader_lang(self.env, self.env.company)
        readers = self.with_context(lang=lang)
        return readers.env._("Web form: %(page)s", page=label) if label else ""

    @api.model
    def _hold(self, address, values, posted, *, name="", text="", more=None):
        """Keep what was posted until the person confirms it, and write to them.

        :param dict values: for the contact
        :param str name: for a contact that is new by then
        :param str text: what else was written into the form
        :param dict more: what an add-on keeps along with it
        """
        content = {
            "values": values,
            "name": name,
            "text": text,
            "label": posted.label,
            "lang": posted.lang,
            "notice_ids": posted.notices.ids,
            **(more or {}),
        }
        self.env["privacy.web.form.pending"]._make(address, content)

    @api.model
    def _visitor_name(self, model_name, values, form):
        """:return: how somebody calls themself on a form that makes no contact"""
        name = values.get("contact_name") or ""
        if "name" not in self.env[model_name]._fields:
            name = form.get("name") or ""
        # an address would be somebody's, perhaps another's
        return "" if addresses.find(name) else name.strip()[:100]
