import base64

from odoo import api, models
from odoo.tools import SQL


class ConsentImportLine(models.Model):
    """Recording lines: set by set, each set one statement."""

    _inherit = "consent.import.line"

    def _record(self):
        """Record these answers, where nothing newer stands by now."""
        current = self.browse(self._current_ids())
        overtaken = self - current
        overtaken.write({"state": "skipped", "reason": self._reasons()["older"]})
        turned = current._turned()
        if current:
            self.env["consent.record"]._apply_changes(
                current._changes_sql(),
                source="import",
                user_id=self.import_id.user_id.id,
                evidence_hash=SQL("change.digest"),
                answered_at=SQL("change.given_at::timestamp"),
            )
        # of some it was noted that somebody held them
        current.write({"state": "done", "reason": False})
        for lines in turned:
            lines._tell_turned()

    def _turned(self):
        """:return: list of lines, one set per model, that say yes for whoever has said
        no themself"""
        found = []
        granting = self.filtered(lambda line: line.value == "granted")
        for name, lines in granting.grouped("res_model").items():
            people = self.env[name].browse(lines.mapped("res_id"))
            refused = people._consent_own_no(set(lines.purpose_id.ids))
            mine = lines.filtered(
                lambda line, refused=refused: (
                    line.purpose_id.id in refused.get(line.res_id, ())
                )
            )
            if mine:
                found.append(mine)
        return found

    def _tell_turned(self):
        """Tell the people of these lines, of one model, and the officer."""
        people = self.env[self[0].res_model].browse(self.mapped("res_id"))
        turned = {
            id_: set(lines.purpose_id.ids)
            for id_, lines in self.grouped("res_id").items()
        }
        people._consent_tell_turned(turned)
        self.reason = self.env._(
            "The person had said no themself. They are told by e-mail, if they have an "
            "address."
        )

    def _fail(self, reason):
        """:param str reason: why it could not be recorded; it can be tried again"""
        self.write({"state": "failed", "reason": reason})

    def _whose(self):
        """:return: (model, id) of whose answer it is"""
        return self.res_model, self.res_id

    def _current_ids(self):
        """:return: ids of those whose consents still apply and were not answered since,
        nor, of a yes, was everything stopped; what was imported before has its own
        date, so that it is not newer. A no goes before a yes of the same moment"""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM consent_import_line line
                  JOIN consent_record consent USING (res_model, res_id, purpose_id)
                  JOIN consent_purpose purpose ON purpose.id = line.purpose_id
             LEFT JOIN LATERAL (%s) AS said ON TRUE
                 WHERE line.id = ANY(%s)
                   AND purpose.active
                   AND consent.value <> 'not_applicable'
                   AND NOT (line.value = 'granted' AND (%s))
                   AND (said.answered_at IS NULL
                        OR said.answered_at < line.given_at
                        OR said.answered_at = line.given_at
                           AND said.answer = 'granted' AND line.value = 'refused')
                """,
                self.env["consent.record"]._said_sql("consent"),
                self.ids,
                self.env["consent.record"]._status_sql("line", ["stopped"]),
            )
        )
        return [id_ for (id_,) in rows]

    def _changes_sql(self):
        """:return: SQL as ``consent.record._apply_changes`` takes it, with the digest
        of the evidence and the date of each"""
        notices, digests = self._notice_ids(), self._store_evidence()
        values = SQL(", ").join(
            SQL(
                "(%s::int, %s, %s::int, 'answer', %s, %s::int, NULL::int, %s, %s)",
                line.purpose_id.id,
                line.res_model,
                line.res_id,
                line.value,
                notices[line.id] or None,
                digest,
                line.given_at,
            )
            for line, digest in zip(self, digests, strict=True)
        )
        return SQL(
            "SELECT * FROM (VALUES %s) AS given (purpose_id, res_model, res_id, kind,"
            " value, notice_id, merged_res_id, digest, given_at)",
            values,
        )

    def _notice_ids(self):
        """:return: {line id: id of the text that the person sees, in their language}"""
        langs = {
            (name, subject.id): subject._privacy_own_lang()
            for name, lines in self.grouped("res_model").items()
            for subject in self.env[name].browse(lines.mapped("res_id"))
        }
        found = {}
        for lang, lines in self.grouped(
            lambda line: langs[line.res_model, line.res_id]
        ).items():
            purposes = lines.purpose_id.with_context(lang=lang)
            notices = purposes._current_notices()
            found.update((line.id, notices[line.purpose_id.id].id) for line in lines)
        return found

    def _store_evidence(self):
        """:return: list of digests, one per line"""
        documents = self._read_documents()
        return self.env["consent.evidence"]._store_all(
            [
                (
                    line.res_model,
                    line.res_id,
                    {
                        "note": self.env._(
                            "%(origin)s, %(date)s: %(note)s",
                            origin=line.source,
                            date=line.date,
                            note=line.note,
                        ),
                        "document": documents.get(line.document),
                        "document_name": line.document,
                    },
                )
                for line in self
            ]
        )

    def _read_documents(self):
        """:return: {name: document in base64} of those that these lines name, each read
        once: hundreds may name one scan"""
        names = set(filter(None, self.mapped("document")))
        archive = names and self.import_id._archive()
        return {name: base64.b64encode(archive.read(name)) for name in names}

    @api.model
    def _rank(self, row):
        """:return: what an answer counts by: the greater one stands"""
        return row["given_at"], row["value"] == "refused"

    @api.model
    def _skip_older(self, rows, latest):
        """Of several answers of one person to one consent the last one counts, and of
        the same moment a no, whichever line it stands in.

        :param dict latest: {(model, id, id of the consent): line} of lines that
            were stored before
        :return: those of them that are overtaken
        """
        values = {"state": "skipped", "reason": "older"}
        best, overtaken = {}, self.sudo().browse()
        for row in rows:
            if row["state"] != "ready":
                continue
            about = self._about(row)
            stored = latest.get(about)
            if stored and self._rank(stored) > self._rank(row):
                row.update(values)
                continue
            if stored:
                overtaken += latest.pop(about)
            former = best.get(about)
            if former and self._rank(former) > self._rank(row):
                row.update(values)
                continue
            if former:
                former.update(values)
            best[about] = row
        return overtaken
