from odoo import api, models
from odoo.tools import SQL

from ..consent.consent_record_end import ALLOWING


class ConsentLinkedMixin(models.AbstractModel):
    """Which of several records of a person is asked, and whether one of them keeps mail
    back."""

    _inherit = "consent.linked.mixin"

    @api.model
    def _consent_ineligibilities(self, alias):
        """Of several records of a person, one asks for all: the page shows them
        once."""
        reasons = super()._consent_ineligibilities(alias)
        others = [
            self.env[name]._consent_asks_first_sql(self._name, alias)
            for name in self._privacy_linked_models()
            if name < self._name
        ]
        conditions = [
            reasons["duplicate"],
            self._consent_asks_later_sql(alias),
            *others,
        ]
        reasons["duplicate"] = SQL("(%s)", SQL(" OR ").join(conditions))
        return reasons

    @api.model
    def _consent_asks_later_sql(self, alias):
        """:return: SQL of whether a later record of this model has the same address"""
        return SQL(
            """EXISTS (SELECT FROM %(table)s later
                        WHERE later.%(column)s = %(address)s AND later.id > %(id)s
                          AND %(in_use)s)""",
            table=SQL.identifier(self._table),
            column=SQL.identifier(self._consent_email_field),
            address=SQL.identifier(alias, self._consent_email_field),
            id=SQL.identifier(alias, "id"),
            in_use=self._consent_in_use_sql("later"),
        )

    @api.model
    def _consent_asks_first_sql(self, model_name, alias):
        """:param str model_name: another model of this kind, with the table ``alias``
        :return: SQL of whether a record of this model with the same address is being
            asked the same"""
        return SQL(
            """EXISTS (SELECT FROM %(table)s other
                         JOIN consent_record theirs
                           ON theirs.res_model = %(name)s AND theirs.res_id = other.id
                         JOIN consent_record own
                           ON own.purpose_id = theirs.purpose_id
                        WHERE other.%(column)s = %(address)s AND %(in_use)s
                          AND theirs.value IN ('applicable', 'waiting')
                          AND own.res_model = %(model)s AND own.res_id = %(id)s
                          AND own.value = 'applicable')""",
            table=SQL.identifier(self._table),
            name=self._name,
            column=SQL.identifier(self._consent_email_field),
            address=SQL.identifier(alias, self.env[model_name]._consent_email_field),
            in_use=self._consent_in_use_sql("other"),
            model=model_name,
            id=SQL.identifier(alias, "id"),
        )

    @api.model
    def _consent_in_use_sql(self, alias):
        """:return: SQL of whether a record is neither archived nor locked"""
        in_use = SQL("%s = 'active'", SQL.identifier(alias, "privacy_status"))
        if not self._active_name:
            return in_use
        return SQL("%s AND %s", in_use, SQL.identifier(alias, self._active_name))

    @api.model
    def _privacy_mail_refusals_by_sql(self, alias):
        """The contact says for both whether mail is wanted; so does, of the records
        with one address, the one that is no duplicate. A "no" on one of them holds: a
        contact with the address may be somebody who signed up with it (IDN-4)."""
        refusals = super()._privacy_mail_refusals_by_sql(alias)
        del refusals["duplicate"]
        refusals["no_marketing_consent"] = SQL(
            "(%s AND %s = 'active' AND NOT EXISTS (%s) OR %s)",
            refusals["no_marketing_consent"],
            SQL.identifier(alias, "privacy_status"),
            self._privacy_contact_sql(alias),
            self._consent_has_answered_sql(
                SQL.identifier(alias, "id"), "covers_email", "refused"
            ),
        )
        return refusals

    @api.model
    def _privacy_unreached(self, alias, channel, at):
        """A "no" to any consent about e-mail holds, as above."""
        reasons = super()._privacy_unreached(alias, channel, at)
        if channel == "mail":
            reasons["refused_other"] = self._consent_has_answered_sql(
                SQL.identifier(alias, "id"), "covers_email", "refused"
            )
        return reasons

    @api.model
    def _consent_missing_sql(self, alias, covers):
        """Silence means nothing where the person has said yes on another record, or a
        relationship allows it there."""
        id_ = SQL.identifier(alias, "id")
        address = SQL.identifier(alias, self._consent_email_field)
        agreed = [
            self.env[name]._consent_has_agreed_sql(address, covers)
            for name in self._privacy_linked_models()
        ]
        return SQL(
            "(%s AND (%s OR NOT (%s)))",
            super()._consent_missing_sql(alias, covers),
            self._consent_has_answered_sql(id_, covers, "refused"),
            SQL(" OR ").join(agreed),
        )

    @api.model
    def _consent_has_agreed_sql(self, address, covers):
        """:return: SQL of whether a record with the address allows what a consent is
        about"""
        return SQL(
            "EXISTS (SELECT FROM %s agreed WHERE agreed.%s = %s AND %s)",
            SQL.identifier(self._table),
            SQL.identifier(self._consent_email_field),
            address,
            self._consent_has_answered_sql(SQL("agreed.id"), covers, *ALLOWING),
        )

    @api.model
    def _consent_has_answered_sql(self, id_, covers, *values):
        """:return: SQL of whether one of the consents about the matter that apply to a
        record has one of these values"""
        return SQL(
            """EXISTS (SELECT FROM consent_record answered
                         JOIN consent_purpose purpose
                           ON purpose.id = answered.purpose_id
                        WHERE answered.res_model = %s AND answered.res_id = %s
                          AND %s IN %s AND purpose.active
                          AND purpose.kind = 'custom' AND purpose.%s)""",
            self._name,
            id_,
            self.env["consent.record"]._value_sql("answered"),
            values,
            SQL.identifier(covers),
        )
