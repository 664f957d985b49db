from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .consent_campaign import REQUEST

# Odoo stops mailing an address after as many bounces.
BOUNCE_LIMIT = 5


class ConsentSubjectMixin(models.AbstractModel):
    """Who may be asked, and why not."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _consent_ineligibilities(self, alias):
        """The one rule of who may be written to.

        :param alias: of the subject's table
        :return: {code of the reason why not: SQL of when it holds}, first match wins
        """
        status = SQL.identifier(alias, "privacy_status")
        address = SQL.identifier(alias, self._consent_email_field)
        others = SQL.identifier(alias, "privacy_other_addresses")
        return {
            **self._consent_archived_sql(alias),
            "duplicate": SQL("%s = 'duplicate'", status),
            "stopped": SQL("%s = 'stopped'", status),
            "erased": SQL("%s = 'erased'", status),
            "no_address": SQL("%s IS NULL", address),
            "unproven_address": self._privacy_unproven_sql(alias),
            "several_addresses": SQL("%s IS NOT NULL", others),
            "blacklisted": self._consent_blacklisted_sql(alias),
            **self._consent_bounced_sql(alias),
            "undelivered": self.env["consent.delivery"]._blocking_sql(
                self._name, alias
            ),
        }

    @api.model
    def _consent_archived_sql(self, alias):
        if not self._active_name:
            return {}
        return {"archived": SQL("NOT %s", SQL.identifier(alias, self._active_name))}

    @api.model
    def _consent_bounced_sql(self, alias):
        if "message_bounce" not in self._fields:
            return {}
        column = SQL.identifier(alias, "message_bounce")
        return {"bounced": SQL("%s >= %s", column, BOUNCE_LIMIT)}

    @api.model
    def _consent_ineligibility_sql(self, alias):
        """:return: SQL of the code of the reason why not, NULL for those who may"""
        cases = [
            SQL("WHEN %s THEN %s", condition, code)
            for code, condition in self._consent_ineligibilities(alias).items()
        ]
        return SQL("CASE %s END", SQL(" ").join(cases))

    @api.model
    def _consent_askable_domain(self):
        """:return: Domain of the subjects who may be written to"""

        def to_sql(model, alias, _query):
            # no CASE here: the database could not estimate how many it lets pass
            conditions = model._consent_ineligibilities(alias).values()
            return SQL(" AND ").join(SQL("(%s) IS NOT TRUE", c) for c in conditions)

        return Domain.custom(to_sql=to_sql)

    def _consent_ineligibility_reasons(self):
        """Why these people cannot be asked right now, in one query.

        :return: {id: reason, in the user's language}
        """
        if not self:
            return {}
        rows = self.env.execute_query(self._consent_not_asked_sql())
        labels = self._consent_ineligibility_labels()
        return {id_: labels[code or "busy"] for id_, code in rows}

    def _consent_not_asked_sql(self):
        asking = self.env["consent.asking"]
        return SQL(
            """
            SELECT subject.id,
                   COALESCE(%s, CASE
                       WHEN %s THEN 'asked_lately'
                       -- something is due: another transaction holds the person
                       WHEN EXISTS (%s AND record.res_id = subject.id) THEN NULL
                       WHEN EXISTS (SELECT FROM consent_record record
                                     WHERE record.res_model = %s
                                       AND record.res_id = subject.id
                                       AND record.purpose_id = ANY(%s)
                                       AND record.value = 'applicable' AND %s)
                       THEN 'peace'
                       -- something would be, if values could be withheld
                       WHEN EXISTS (SELECT FROM consent_record record
                                     WHERE record.res_model = %s
                                       AND record.res_id = subject.id
                                       AND record.purpose_id = ANY(%s)
                                       AND record.value = 'applicable')
                       THEN 'no_key'
                       ELSE 'nothing_due' END)
              FROM %s AS subject
             WHERE subject.id = ANY(%s)
            """,
            self._consent_ineligibility_sql("subject"),
            asking._asked_lately_sql("subject"),
            asking._due_sql(REQUEST, self._name, SQL("record.id")),
            self._name,
            asking._purposes(REQUEST).ids,
            self.env["consent.record"]._in_peace_sql("record"),
            self._name,
            asking._held_back().ids,
            SQL.identifier(self._table),
            self.ids,
        )

    @api.model
    def _consent_ineligibility_labels(self):
        """:return: {code: reason, in the user's language}"""
        return {
            "archived": self.env._("the contact is archived."),
            "duplicate": self.env._("the contact is a duplicate."),
            "stopped": self.env._("the person asked us to stop processing their data."),
            "erased": self.env._("the personal data of this contact was erased."),
            "no_address": self.env._("there is no valid e-mail address."),
            "several_addresses": self.env._(
                "there are several e-mail addresses: a personal link goes to one."
            ),
            "unproven_address": self.env._(
                "the e-mail address replaced the one at which the person had been "
                "asked, and is not confirmed yet."
            ),
            "blacklisted": self.env._("the e-mail address is blacklisted."),
            "bounced": self.env._("mails to this address keep bouncing."),
            "undelivered": self.env._(
                "the last request could not be delivered to this address. Correct the "
                "address, or press Retry under Requests not delivered."
            ),
            "asked_lately": self.env._("asked already within the last 24 hours."),
            "peace": self.env._(
                "they have said no, or not answered, less than %s months ago. "
                "Privacy > Contacts > Cannot be asked shows until when they are left "
                "in peace.",
                self.env["consent.record"]._peace_months(),
            ),
            "no_key": self.env._(
                "values cannot be withheld without a key. An administrator sees in "
                "Settings > Privacy what to do."
            ),
            "nothing_due": self.env._("there is nothing left to ask."),
            "busy": self.env._("someone else is changing the contact. Try again."),
        }
