from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """Uninstalling the add-on that makes the records of a model subjects."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_uninstall(self):
        """They are no subjects any more: they get back what was withheld, and nobody
        asks for them. Events stay with Privacy Guard.

        :raise UserError: fields of the model are encrypted, or a key is missing
        """
        if names := self._privacy_encrypted_names():
            raise UserError(
                self.env._(
                    "Turn the encryption of fields of %(model)s off first: %(fields)s",
                    # superuser: what a model is called is no secret
                    model=self.env["ir.model"]._get(self._name).sudo().name,
                    fields=", ".join(sorted(names)),
                )
            )
        self._privacy_restore_all()
        purposes = self.env["consent.purpose"]
        purposes.search([("field_id.model", "=", self._name)]).active = False
        self.env.execute_query(
            SQL(
                "DELETE FROM consent_record WHERE res_model = %s RETURNING id",
                self._name,
            )
        )
        self.env["consent.record"].invalidate_model(flush=False)

    @api.model
    def _privacy_restore_all(self):
        # superuser: nobody has a right on what is withheld
        sealed = self.env["consent.sealed.value"].sudo()
        own = [("res_model", "=", self._name)]
        for purpose, rows in sealed.search(own).grouped("purpose_id").items():
            people = self.with_context(active_test=False).browse(rows.mapped("res_id"))
            people._privacy_restore_field(purpose)
        if lost := sealed.search_count(own):
            raise UserError(
                self.env._(
                    "%s withheld values cannot be opened: see the log.",
                    lost,
                )
            )
