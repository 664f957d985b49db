import json
import tempfile
import zipfile
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import format_datetime, html2plaintext

# Records in memory at a time, whatever their number.
BATCH_SIZE = 500


class PrivacyExportContent(models.AbstractModel):
    """Writing an access copy: a ZIP with a page to read and one JSON file per model.

    It is written to a temporary file, a batch of records at a time, so that memory
    does not grow with what a person has.
    """

    _name = "privacy.export.content"
    _description = "Content of an access copy"

    @contextmanager
    def _archive(self, export, subjects):
        """:param export: `privacy.export`
        :param list subjects: recordsets of the person, as superuser
        :return: context of the ZIP, a temporary file at its end"""
        person = subjects[0][:1]
        content = self.with_context(lang=person._privacy_own_lang() or self.env.lang)
        with tempfile.TemporaryFile() as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                content._write_all(archive, export, subjects)
            yield file

    def _write_all(self, archive, export, subjects):
        files, companies = [], export._officer()._privacy_reached_companies()
        for source in self._sources(subjects):
            name = f"{source.model}.json"
            if count := self._write_records(archive, name, source, companies):
                files.append({"name": name, "title": source.title, "count": count})
        files += self._write_attachments(archive, subjects, companies)
        for name, text in self._receipts(subjects).items():
            archive.writestr(name, text)
        self._log_reveals(export, subjects)
        archive.writestr("index.html", self._index(export, subjects, files))

    def _write_records(self, archive, name, source, companies):
        """:param companies: ids of those whose rows are copied; None: all
        :return: number of records written; a model without any has no file"""
        # superuser: the person's own data, whoever has them put together
        model = self.env[source.model].sudo().with_context(active_test=False)
        ids = self._within(companies, model.search(source.domain, order="id"))
        if not ids:
            return 0
        with archive.open(name, "w", force_zip64=True) as file:
            for start in range(0, len(ids), BATCH_SIZE):
                file.write(b",\n" if start else b"[\n")
                records = model.browse(ids[start : start + BATCH_SIZE])
                rows = [self._row(record, source.fields) for record in records]
                text = ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
                file.write(text.encode())
                self.env.invalidate_all()
            file.write(b"\n]\n")
        return len(ids)

    @api.model
    def _within(self, companies, records):
        """:return: ids of the records that no other company keeps"""
        data_map = self.env["privacy.data.map"]
        others = data_map._out_of_reach(records._name, records.ids, companies)
        return [id_ for id_ in records.ids if id_ not in others]

    def _row(self, record, names):
        """:return: {field name: value for JSON}, without what is empty"""
        row = {name: self._value(record, name) for name in names}
        return {"id": record.id, **{k: v for k, v in row.items() if v is not False}}

    def _value(self, record, name):
        value, definition = record[name], record._fields[name]
        if definition.relational:
            return ", ".join(value.mapped("display_name")) or False
        if definition.type in ("date", "datetime"):
            return value.isoformat() if value else False
        if definition.type == "html":
            return html2plaintext(value) if value else False
        return value or False

    # ------------------------------------------------------------------
    # For people
    # ------------------------------------------------------------------

    def _receipts(self, subjects):
        """:return: {file name: content}, as the preferences page hands them out"""
        # superuser: the person's own data
        records = self.env["consent.record"].sudo()
        for persons in subjects:
            records |= persons._consent_applying()
        told = records.filtered(lambda one: one.answer or one.related_by)
        return self.env["consent.receipt"]._files(told) if told else {}

    def _log_reveals(self, export, subjects):
        """Values that are masked elsewhere leave in the copy: with the officer who
        downloads it, or by mail to whoever reads the address."""
        by_officer = export.source == "officer"
        log = self.env["privacy.access.log"]
        if by_officer:
            log = log.with_user(export.user_id)
        for persons in subjects:
            shown = [
                (person.id, name)
                for name in sorted(persons._privacy_encrypted_names())
                for person in persons
                if person[name]
            ]
            if shown:
                log._log("reveal" if by_officer else "copy", persons._name, shown)

    def _index(self, export, subjects, files):
        """:return: the page to begin with, as bytes"""
        page = self.env["privacy.preferences.page"]
        company = page._company(subjects).with_env(self.env)
        values = {
            "company": company,
            "lang": page._html_lang(self.env.lang),
            "date": page._moment(export.date, subjects),
            "persons": [self._details(persons) for persons in subjects],
            "questions": page._questions(subjects),
            "withheld": self._withheld(subjects),
            "files": files,
        }
        html = self.env["ir.qweb"]._render(
            "privacy_guard.export_index", values, lang=self.env.lang
        )
        return f"<!DOCTYPE html>\n{html}".encode()

    def _details(self, persons):
        """:return: [(label, text)] per record; plain texts, which no page masks"""
        return [
            [
                (
                    persons._fields[name]._description_string(self.env),
                    self._text(person, name),
                )
                for name in self._personal_names(persons)
                if self._value(person, name)
            ]
            for person in persons
        ]

    def _text(self, record, name):
        definition = record._fields[name]
        if definition.type == "selection":
            labels = dict(definition._description_selection(self.env))
            return labels.get(record[name], record[name])
        if definition.type == "boolean":
            return self.env._("Yes")
        if definition.type == "datetime":
            return format_datetime(self.env, record[name], dt_format="long")
        return str(self._value(record, name))

    def _withheld(self, subjects):
        """:return: names of the fields whose values wait sealed for an answer; they are
        opened for nobody, and come back or go with the answer"""
        sealed = self.env["consent.sealed.value"].sudo()  # superuser: as above
        found = set()
        for persons in subjects:
            rows = sealed.search(
                [("res_model", "=", persons._name), ("res_id", "in", persons.ids)]
            )
            found.update(rows.purpose_id.mapped("name"))
        return sorted(found)
