from odoo import api, models
from odoo.tools import format_date


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
    def _withheld_labels(self, records, locked):
        """:param dict locked: what :meth:`_locked_fields` returned of these records
        :return: {(record id, field name): [a sentence about the withheld value]}"""
        if not any("waiting" in reasons.values() for reasons in locked.values()):
            return {}
        # superuser: that a value is withheld is no secret, what it is nobody reads
        sealed = self.env["consent.sealed.value"].sudo()
        return {
            (record_id, name): [self._withheld_label(destroy_on)]
            for record_id, fields_ in sealed._withheld_fields(records).items()
            for name, destroy_on in fields_.items()
        }

    @api.model
    def _withheld_label(self, destroy_on):
        if not destroy_on:
            return self.env._("Its value is withheld until the person answers.")
        return self.env._(
            "Its value is withheld until the person answers, at most until %(date)s.",
            date=format_date(self.env, destroy_on),
        )

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
        self._add_above_sheet(arch, hint)

    @api.model
    def _add_above_sheet(self, arch, node):
        sheet = arch.find(".//sheet")
        if sheet is not None:
            sheet.addprevious(node)
        else:
            arch.insert(0, node)
