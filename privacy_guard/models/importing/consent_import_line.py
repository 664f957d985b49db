from odoo import api, fields, models
from odoo.tools import split_every

from ...tools import answer_file

LINE_STATES = [
    ("ready", "To import"),
    ("refused", "Refused"),
    ("skipped", "Skipped"),
    ("failed", "Failed"),
    ("done", "Imported"),
]
LOOKUP = 5_000  # persons looked up at a time


class ConsentImportLine(models.Model):
    """One line of an imported file: whose answer it is, or why it is none."""

    _name = "consent.import.line"
    _description = "Imported answer"
    _order = "import_id, number, id"
    _log_access = False

    import_id = fields.Many2one(
        "consent.import", required=True, index=True, readonly=True, ondelete="cascade"
    )
    number = fields.Integer("Line", readonly=True, aggregator=None)
    state = fields.Selection(LINE_STATES, required=True, readonly=True)
    reason = fields.Char(readonly=True)
    person = fields.Char(readonly=True)
    purpose = fields.Char("Consent", readonly=True)
    answer = fields.Char(readonly=True)
    date = fields.Char(readonly=True)
    source = fields.Char(readonly=True)
    note = fields.Text(readonly=True)
    document = fields.Char("Proof", readonly=True)
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", readonly=True
    )
    purpose_id = fields.Many2one("consent.purpose", readonly=True, ondelete="cascade")
    value = fields.Char(readonly=True)
    given_at = fields.Datetime("Given on", readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")
    _pending_idx = models.Index("(import_id, id) WHERE state = 'ready'")

    def _text(self, name):
        return self[name] or ""

    # ------------------------------------------------------------------
    # The dry run
    # ------------------------------------------------------------------

    @api.model
    def _store(self, imported, lines, documents):
        """Look up the people and consents of the lines, and keep them.

        :param imported: the ``consent.import``
        :param list lines: of ``answer_file``
        :param set documents: names of the documents that are there
        """
        texts = {line.text.get("purpose", "") for line in lines}
        purposes = self.env["privacy.api"]._find_purposes(texts)
        latest, reasons = {}, self._reasons()
        # superuser: nobody makes these rows but this method
        rows = self.sudo()
        for some in split_every(LOOKUP, lines, list):
            people = self._people({line.text.get("person", "") for line in some})
            found = [self._row(line, people, purposes, documents) for line in some]
            self._refuse_not_applying(found)
            overtaken = self._skip_older(found, latest)
            overtaken.write({"state": "skipped", "reason": reasons["older"]})
            for row in found:
                reason = reasons.get(row["reason"], False)
                row.update(import_id=imported.id, reason=reason)
            created = rows.create(found)
            latest.update(
                ((line.res_model, line.res_id, line.purpose_id.id), line)
                for line in created
                if line.state == "ready"
            )

    def _row(self, line, people, purposes, documents):
        texts = {name: line.text.get(name, "") for name in answer_file.COLUMNS}
        code, subject = people[texts["person"]]
        purpose = purposes[texts["purpose"]]
        code = line.error or code
        stopped = self.env["privacy.gate"]._stopped
        if not code and line.answer == "granted" and stopped(subject):
            code = "stopped"
        if not code and not purpose:
            code = "purpose"
        if not code and texts["document"] and texts["document"] not in documents:
            code = "document"
        return {
            **texts,
            "number": line.number,
            "state": "refused" if code else "ready",
            "reason": code,  # replaced by a text in the end
            "res_model": subject and subject._name,
            "res_id": subject and subject.id,
            "purpose_id": purpose and purpose.id,
            "value": line.answer,
            "given_at": line.date,
        }

    @api.model
    def _refuse_not_applying(self, rows):
        """Nobody answers what they are not asked."""
        ready = [row for row in rows if row["state"] == "ready"]
        # superuser: whether it applies binds whoever may read the consent
        applying = (
            self.env["consent.record"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "in", [r["res_model"] for r in ready]),
                    ("res_id", "in", [r["res_id"] for r in ready]),
                    ("value", "!=", "not_applicable"),
                ],
                ["res_model", "res_id", "purpose_id"],
            )
        )
        known = {(c.res_model, c.res_id, c.purpose_id.id) for c in applying}
        for row in ready:
            if self._about(row) not in known:
                row.update(state="refused", reason="not_applying")

    @api.model
    def _about(self, row):
        """:return: what identifies the consent that a row is about"""
        return row["res_model"], row["res_id"], row["purpose_id"]

    @api.model
    def _reasons(self):
        """:return: {code: why a line is not imported}"""
        return {
            **{
                f"no_{name}": self.env._("The column %s is empty.", name)
                for name in answer_file.REQUIRED
            },
            "columns": self.env._("It has more or fewer columns than the first line."),
            "too_long": self.env._("A text is too long."),
            "answer": self.env._("The answer is neither yes nor no."),
            "date": self.env._(
                "The date is not written as 2026-05-31 or 2026-05-31 14:30."
            ),
            "future": self.env._("The date is in the future."),
            "unknown": self.env._("There is no such person."),
            "several": self.env._("Several people have this address."),
            "purpose": self.env._("There is not exactly one active consent like that."),
            "document": self.env._(
                "The archive has no such document, or it is too big."
            ),
            "not_applying": self.env._("The consent does not apply to this contact."),
            "stopped": self.env._("The person has stopped processing."),
            "older": self.env._(
                "There is a later answer of this person, or a no of the same time."
            ),
        }

    # ------------------------------------------------------------------
    # Whose answer it is
    # ------------------------------------------------------------------

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
