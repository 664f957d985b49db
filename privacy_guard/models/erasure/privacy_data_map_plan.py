from odoo import api, models
from odoo.tools import SQL

from ...data_map.personal_data import TREATMENTS

# Treatments by which a row is dealt with, whatever else is in it.
AS_A_WHOLE = ("delete", "keep")
ANY = tuple(treatment for treatment, _label in TREATMENTS)
TEXTS = ("char", "text", "html")


class PrivacyDataMap(models.AbstractModel):
    """What becomes of what the catalogue finds, column by column (ERA-3)."""

    _inherit = "privacy.data.map"

    @api.model
    def _plan(self, table, declared):
        """
        :param table: :class:`Table` of the catalogue
        :param declared: list of all declarations
        :return: SQL of rows (name of a column, whether it was found as text, treatment,
            reason, columns that the line has in place of those found, treatments of
            other lines of the row beside which it is no finding, treatment where the
            row is somebody else's and mentions the person)
        """
        own = [one for one in declared if one.model == table.model]
        rows = [
            SQL("(%s, %s, %s, %s, %s::text, %s::text[], %s)", name, is_text, *decision)
            for names, is_text in ((table.columns, False), (table.texts, True))
            for name in dict.fromkeys(names)
            for decision in [self._decision(table.model, own, name, is_text)]
        ]
        return SQL("VALUES %s", SQL(", ").join(rows))

    @api.model
    def _decision(self, model_name, declared, name, is_text):
        """:param declared: declarations of the model
        :return: (treatment, reason, columns, treatments, treatment) as in the plan"""
        if self.env[model_name]._transient:
            return "delete", "temporary", "", list(ANY), "delete"
        if model_name in self.env["consent.record"]._subject_models():
            reason = "same" if is_text else "pseudonymous"
            return "keep", reason, None, list(ANY), "keep"
        is_known = any(one.found_by for one in declared)
        if is_known and not is_text:
            return "keep", "pseudonymous", None, list(ANY), "keep"
        passing = list(AS_A_WHOLE) if is_known else []
        for one in declared:
            if not one.found_by:
                treatment, reason, columns = self._decided(one, name, is_text)
                mention = "keep" if treatment == "keep" else "anonymise"
                return treatment, reason, columns, passing, mention
        return "undecided", "undeclared", None, passing, "undecided"

    @api.model
    def _decided(self, declaration, name, is_text):
        """:param declaration: an officer's
        :return: (treatment, reason, columns) of what was found in a column"""
        treatment, reason = declaration.treatment, declaration.reason
        if treatment in AS_A_WHOLE:
            return treatment, reason, "" if treatment == "delete" else None
        fields = self.env[declaration.model]._fields
        if columns := [name for name in declaration.columns if name in fields]:
            return treatment, reason, ", ".join(columns)
        if is_text:
            return treatment, reason, None
        if treatment == "anonymise":
            return "keep", "pseudonymous", None
        if not self._may_be_empty(declaration.model, name):
            return "keep", "required", None
        return treatment, reason, None

    @api.model
    def _may_be_empty(self, model_name, name):
        field = self.env[model_name]._fields.get(name)
        return field is None or field.type == "many2many" or not field.required

    # ------------------------------------------------------------------
    # What people read
    # ------------------------------------------------------------------

    @api.model
    def _label(self, rows):
        """Say in people's words what rows of an erasure, or totals of them, name by
        ``res_model``, ``columns`` and ``reason``."""
        reasons = self._reasons()
        for row in rows:
            row.reason_label = reasons.get(row.reason, row.reason)
            row.model_label = self._model_label(row.res_model)
            row.field_labels = self._field_labels(row.res_model, row.columns)

    @api.model
    def _model_label(self, name):
        """:return: what people call the rows of a model, in the user's language"""
        # superuser: what a model is called is no secret
        return self.env["ir.model"]._get(name).sudo().name or name

    @api.model
    def _field_labels(self, model_name, columns):
        """:param columns: names with commas between them, as lines have them
        :return: what people call them"""
        model = self.env.get(model_name)
        return ", ".join(
            model._fields[name]._description_string(self.env)
            for name in dict.fromkeys((columns or "").split(", "))
            if model is not None and name in model._fields
        )

    @api.model
    def _reason_of_refusal(self, _model_name, text):
        """To be extended where what refuses rests on a law.

        :param str text: why a row was not treated, for people
        :return: what a line has: a reason of :meth:`_reasons`, or the text
        """
        return text
