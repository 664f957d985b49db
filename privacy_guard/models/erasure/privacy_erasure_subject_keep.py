from odoo import models

# Lists that hold a "no", what is on them, and in which column.
LISTS = {
    "mail.blacklist": ("email", "email"),
    "phone.blacklist": ("phone", "number"),
}


class PrivacyErasureSubject(models.Model):
    """An address or a number on a list may be that of somebody else, too, of the same
    household for instance: it stays there, with their "no", until they go as well."""

    _inherit = "privacy.erasure.subject"

    def _keep_what_others_said(self):
        """Of the lines found, those on lists stay whose address others have."""
        for name, (kind, column) in LISTS.items():
            if name in self.env:
                self._keep_on_list(name, kind, column)

    def _keep_on_list(self, name, kind, column):
        lines = self.env["privacy.erasure.line"].search(
            [
                ("subject_id", "in", self.ids),
                ("res_model", "=", name),
                ("treatment", "=", "delete"),
            ]
        )
        # superuser: who erases need not read the list
        model = self.env[name].sudo().with_context(active_test=False)
        rows = model.browse(set(lines.mapped("res_id")))
        shared = self._had_by_others(kind, set(rows.mapped(column)))
        kept = set(rows.filtered(lambda row: row[column] in shared).ids)
        lines.filtered(lambda line: line.res_id in kept)._set(
            {"treatment": "keep", "reason": "list_shared"}
        )

    def _had_by_others(self, kind, values):
        """:return: set of the values that somebody has who is not erased with these"""
        shared = set()
        for name in self.env["consent.record"]._subject_models() if values else ():
            rows = self.filtered(lambda row, name=name: row.res_model == name)
            going = set(rows.mapped("res_id"))
            for id_, had in self.env[name]._privacy_who_has(kind, values).items():
                shared |= set() if id_ in going else had
        return shared
