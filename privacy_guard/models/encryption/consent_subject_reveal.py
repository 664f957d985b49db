from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class ConsentSubjectMixin(models.AbstractModel):
    """Showing one encrypted value to a person with the right, and how often values
    were shown or changed (FLD-4)."""

    _inherit = "consent.subject.mixin"

    privacy_access_count = fields.Integer(
        "Accesses to encrypted values",
        compute="_compute_privacy_access_count",
        groups="privacy_guard.group_privacy_officer",
    )

    def _compute_privacy_access_count(self):
        # sudo: about people who are being read, whose lines need no search for who may
        lines = self.env["privacy.access.log"].sudo()
        counts = lines._read_group(
            [("res_model", "=", self._name), ("res_id", "in", self._origin.ids)],
            ["res_id"],
            ["__count"],
        )
        count_by_id = dict(counts)
        for subject in self:
            subject.privacy_access_count = count_by_id.get(subject._origin.id, 0)

    def privacy_reveal(self, name):
        """Show one value, and note in the access log who saw it.

        :param str name: name of an encrypted field
        :return: the value, False if there is none
        :raise AccessError: for anybody but a privacy officer who may read the field
        :raise UserError: when the field is not encrypted, or its key is missing
        """
        self.ensure_one()
        if not self.env.user.has_group("privacy_guard.group_privacy_officer"):
            raise AccessError(self.env._("Only privacy officers may reveal values."))
        self.check_access("read")
        if name not in self._privacy_encrypted_names():
            raise UserError(self.env._("%(field)s is not encrypted.", field=name))
        self._check_field_access(self._fields[name], "read")
        self.env["privacy.access.log"]._log("reveal", self._name, [(self.id, name)])
        # superuser: the right to see the value has just been checked
        return self.sudo()[name]
