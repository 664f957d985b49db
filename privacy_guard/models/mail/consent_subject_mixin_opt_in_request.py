from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .consent_subject_mixin_opt_in import UNCONFIRMED

REQUEST_INTERVAL = timedelta(hours=24)
TEMPLATE = "privacy_guard.mail_template_opt_in"


class ConsentSubjectMixin(models.AbstractModel):
    """Asking the person to confirm the e-mail opt-in (OPT-1)."""

    _inherit = "consent.subject.mixin"

    def action_request_opt_in(self):
        """Button *Request confirmation*: at most one mail per address in 24 hours.

        :raise AccessError: for anybody but a privacy user
        :raise UserError: when nobody of these may be asked (now)
        """
        if not self.env.user.has_group("privacy_guard.group_privacy_user"):
            raise AccessError(
                self.env._("Only privacy users may request a confirmation.")
            )
        self.check_access("read")
        if not self._privacy_request_opt_in():
            raise UserError(
                self.env._(
                    "No confirmation was requested: there is no address that may be "
                    "written to, it is confirmed or opted out, or it was written to in "
                    "the last 24 hours."
                )
            )

    def _privacy_request_opt_in(self):
        """Queue the mail that asks for confirmation, to those who may be asked now.

        :return: to how many
        """
        rows = self._privacy_claim_opt_in()
        if rows:
            # superuser: templates and the mail queue are the system's
            mails = self.env["consent.request.mail"].sudo()
            mails._queue(self.env.ref(TEMPLATE).sudo(), self._name, rows)
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return len(rows)

    def _privacy_claim_opt_in(self):
        """Note the request, which a second one at the same moment waits for.

        :return: list of rows for ``consent.request.mail._queue``
        """
        self.flush_model()
        main = self.env["res.company"].sudo()._privacy_main()
        found = self.env.execute_query(self._privacy_claim_opt_in_sql())
        self.invalidate_recordset(["opt_in_requested_at"], flush=False)
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        return [
            {
                "res_id": res_id,
                "lang": lang if lang in installed else None,
                "company_id": company_id or main.id,
                "purpose_ids": [],
            }
            for res_id, lang, company_id in found
        ]

    def _privacy_claim_opt_in_sql(self):
        """Of several of these with one address the first one is written to."""
        now = fields.Datetime.now()
        return SQL(
            """
            UPDATE %(table)s AS claimed SET opt_in_requested_at = %(now)s
              FROM (SELECT DISTINCT ON (%(address)s) subject.id,
                           %(lang)s AS lang, %(company)s AS company
                      FROM %(table)s AS subject
                     WHERE subject.id = ANY(%(ids)s)
                       AND subject.email_opt_in = ANY(%(unconfirmed)s)
                       AND NOT (%(lately)s)
                       AND (%(ineligibility)s) IS NULL
                  ORDER BY %(address)s, subject.id) AS may
             WHERE claimed.id = may.id
         RETURNING may.id, may.lang, may.company
            """,
            table=SQL.identifier(self._table),
            address=SQL.identifier("subject", self._consent_email_field),
            now=now,
            ids=self.ids,
            unconfirmed=list(UNCONFIRMED),
            lately=self._privacy_opt_in_lately_sql("subject", now - REQUEST_INTERVAL),
            ineligibility=self._consent_ineligibility_sql("subject"),
            lang=self._consent_lang_sql("subject"),
            company=self._consent_company_sql("subject"),
        )

    @api.model
    def _privacy_opt_in_lately_sql(self, alias, since):
        """:return: SQL of whether the address was written to since then, for whatever
        record that has it: a mailbox is a person's, however often we keep them"""
        address = SQL.identifier(alias, self._consent_email_field)
        return SQL(" OR ").join(
            SQL(
                """
                EXISTS (SELECT FROM %s AS other
                         WHERE other.%s = %s AND other.opt_in_requested_at > %s)
                """,
                SQL.identifier(self.env[name]._table),
                SQL.identifier(self.env[name]._consent_email_field),
                address,
                since,
            )
            for name in self.env["consent.record"]._subject_models()
        )

    def _privacy_opt_in_url(self, company=None):
        """:param company: the one that writes
        :return: absolute URL of the page that confirms, "" without address"""
        return self._privacy_personal_url("/privacy/opt-in/", "opt_in", company)
