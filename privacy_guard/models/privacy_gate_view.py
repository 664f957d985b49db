from odoo import api, models


class PrivacyGate(models.AbstractModel):
    """How forms and lists show what the gate refuses."""

    _inherit = "privacy.gate"

    @api.model
    def _lock_view(self, arch, model_name):
        """Make the fields that the gate guards read-only where it locks them.

        :param arch: etree node of a form or list view, changed in place
        """
        guarded = self.env["consent.purpose"]._guarded_fields(model_name)
        hidden = "column_invisible" if arch.tag == "list" else "invisible"
        for node in arch.xpath(".//field[not(ancestor::field)]"):
            locks = ["privacy_status != 'active'"]
            name, own = node.get("name"), node.get("readonly")
            if name in guarded:
                locks.append(f"{name!r} in (privacy_locked_fields or [])")
            if own:
                locks.insert(0, f"({own})")
            node.set("readonly", " or ".join(locks))
        for name in ("privacy_status", "privacy_locked_fields"):
            arch.insert(0, arch.makeelement("field", {"name": name, hidden: "1"}))
        if arch.tag == "form":
            self._add_lock_hint(arch)

    @api.model
    def _add_lock_hint(self, arch):
        """Say above the form why fields are locked."""
        hint = arch.makeelement(
            "div",
            {
                "class": "alert alert-info mb-0 text-prewrap",
                "role": "status",
                "invisible": "not privacy_lock_hint",
            },
        )
        hint.append(
            hint.makeelement(
                "i", {"class": "fa fa-lock me-2", "title": self.env._("Locked")}
            )
        )
        hint.append(
            hint.makeelement(
                "field",
                {
                    "name": "privacy_lock_hint",
                    "readonly": "1",
                    "nolabel": "1",
                    "class": "d-inline",
                },
            )
        )
        sheet = arch.find(".//sheet")
        if sheet is not None:
            sheet.addprevious(hint)
        else:
            arch.insert(0, hint)
