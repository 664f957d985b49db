from odoo import api, models


class ConsentImportLine(models.Model):
    """Whose answer a line is."""

    _inherit = "consent.import.line"

    @api.model
    def _people(self, texts):
        """Whom the current user finds by these: who may not read a person does not
        learn that there is one.

        :param set texts: addresses, external ids, ids of contacts, or "model,id"
        :return: {text: (code of why not, or "", record or None)}
        """
        by_name = self._external_ids(texts)
        references = {
            text: by_name.get(text) or self._reference(text) for text in texts
        }
        found = self.env["privacy.api"]._find(set(references.values()) - {None})
        return {
            text: self._person(found.get(reference, []))
            for text, reference in references.items()
        }

    @api.model
    def _person(self, records):
        """A contact stands for everything with its address: the consents of a lead with
        that address are kept with the contact. Of other kinds the first one stands for
        all: what one record says yes to, the silence of others does not undo."""
        known = [r for r in records if r.privacy_status not in ("erased", "duplicate")]
        kinds = self.env["consent.record"]._subject_models()
        for name in sorted(kinds, key=lambda name: name != "res.partner"):
            if same := [record for record in known if record._name == name]:
                return ("several", None) if len(same) > 1 else ("", same[0])
        return "unknown", None

    @api.model
    def _reference(self, text):
        """:return: a person as ``privacy.api`` takes it, or None"""
        if "@" in text:
            return text
        model, _comma, id_ = text.rpartition(",")
        model = model.strip() or "res.partner"
        known = model in self.env["consent.record"]._subject_models()
        # isdecimal() is true of digits of other scripts, which no id is written in
        if known and id_.isascii() and id_.isdecimal() and len(id_) < 10:
            return f"{model},{id_}"
        return None

    @api.model
    def _external_ids(self, texts):
        """:return: {external id: the person as ``privacy.api`` takes it}"""
        names = [t.partition(".") for t in texts if "." in t and "@" not in t]
        # superuser: ids are looked up, not read
        known = self.env["ir.model.data"].sudo()
        known = known.search(
            [
                ("model", "in", self.env["consent.record"]._subject_models()),
                ("module", "in", [module for module, _dot, _name in names]),
                ("name", "in", [name for _module, _dot, name in names]),
            ]
        )
        return {row.complete_name: f"{row.model},{row.res_id}" for row in known}
