from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...access import administers
from ...tools import keyring


class ConsentSealedValue(models.Model):
    """A value that is withheld: it left its contact until the person answers.

    A row is there exactly as long as the value is nowhere else: it is written and
    deleted in the transaction that empties or fills the column of the contact.

    What is sealed lies in a column that is no field, as the keys of
    ``res.users.apikeys`` do: nothing that the ORM offers to anybody, the superuser
    included, can read, search, group or export it.
    """

    _name = "consent.sealed.value"
    _description = "Withheld value"
    _inherit = ["consent.frozen.mixin", "privacy.queue.mixin"]
    _order = "id"
    _log_access = False
    _rec_name = "purpose_id"
    _job_cron = "privacy_guard.ir_cron_withheld_values"

    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, readonly=True, ondelete="restrict"
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", required=True, readonly=True
    )
    date = fields.Datetime("Withheld on", required=True, readonly=True)
    destroy_on = fields.Date("Destroyed on", readonly=True, help="Empty: never.")

    _subject_purpose_uniq = models.Constraint(
        "UNIQUE (res_model, res_id, purpose_id)",
        "A person has one withheld value per consent.",
    )

    @api.private
    def init(self):
        # Odoo would take NOT NULL off a column that is no field
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS sealed text",
                SQL.identifier(self._table),
            )
        )

    # ------------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------------

    @api.model
    def _is_wanted(self):
        """:return: whether values are sealed, instead of being erased at once"""
        # superuser: a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param("privacy_guard.withhold", "seal") != "erase"

    @api.model
    def _blocker(self):
        """:return: why no value can be withheld at present, and what to do; "" if it
        can"""
        problem = self._is_wanted() and self._key_error()
        if not problem:
            return ""
        if not administers(self.env):
            return self.env._(
                "Values cannot be withheld without a key. Ask your administrator: "
                "Settings > Privacy says what to do."
            )
        return self.env._(
            "Values cannot be withheld without a key. Settings > Privacy > Make a key "
            "makes one; or choose there that they are erased at once. (%(problem)s)",
            problem=problem,
        )

    @api.model
    def _key_problem(self):
        """:return: as :meth:`_key_error`, without what is not the user's to mend"""
        error = self._key_error()
        if not error or administers(self.env):
            return error
        return self.env._(
            "The key file cannot be used. Ask your administrator: Settings > Privacy "
            "says what to do."
        )

    @api.model
    def _key_error(self):
        """:return: what is wrong with the key file and which command mends it, for the
        log and for administrators; "" if nothing is"""
        try:
            keyring.load()
        except keyring.KeyringError as error:
            return str(error)
        return ""

    @api.model
    def _days(self):
        """:return: after how many days without an answer values are destroyed, 0 for
        never"""
        return int(self.env["consent.run"]._number("withhold_days", 30))

    @api.model
    def _destroy_date(self):
        """:return: when values that are withheld now are destroyed, None for never"""
        days = self._days()
        return fields.Date.today() + timedelta(days=days) if days else None

    # ------------------------------------------------------------------
    # Looking and destroying
    # ------------------------------------------------------------------

    @api.model
    def _withheld_fields(self, subjects):
        """:return: {subject id: {field name: date of destruction or None}}"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sealed.res_id, field.name, sealed.destroy_on
                  FROM consent_sealed_value sealed
                  JOIN consent_purpose purpose ON purpose.id = sealed.purpose_id
                  JOIN ir_model_fields field ON field.id = purpose.field_id
                 WHERE sealed.res_model = %s AND sealed.res_id = ANY(%s)
                """,
                subjects._name,
                subjects.ids,
            )
        )
        withheld = defaultdict(dict)
        for res_id, name, destroy_on in rows:
            withheld[res_id][name] = destroy_on
        return withheld

    @api.model
    def _destroy(self, model_name, ids, field_name=None):
        """Destroy what is withheld of these subjects.

        :param list ids: None for everybody
        :param str field_name: of this field only
        :return: ids of the subjects of whom something was withheld
        """
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM consent_sealed_value
                      WHERE res_model = %s AND %s AND %s
                  RETURNING res_id
                """,
                model_name,
                SQL("TRUE") if ids is None else SQL("res_id = ANY(%s)", list(ids)),
                self._of_field_sql(model_name, field_name),
            )
        )
        if rows:
            self._invalidate(model_name)
        return sorted({res_id for (res_id,) in rows})

    @api.model
    def _of_field_sql(self, model_name, field_name):
        """:return: SQL of whether a row is about a field; of any if none is named"""
        if not field_name:
            return SQL("TRUE")
        return SQL(
            """
            purpose_id IN (SELECT purpose.id FROM consent_purpose purpose
                             JOIN ir_model_fields field ON field.id = purpose.field_id
                            WHERE field.model = %s AND field.name = %s)
            """,
            model_name,
            field_name,
        )

    @api.model
    def _invalidate(self, model_name):
        """What was written by SQL may not be read from the cache."""
        self.invalidate_model(flush=False)
        self.env[model_name].invalidate_model(["privacy_lock_hint"], flush=False)
