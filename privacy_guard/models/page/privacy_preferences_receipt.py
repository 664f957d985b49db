import json

from odoo import api, models


class PrivacyPreferencesPage(models.AbstractModel):
    """What the person gets in hand: the receipt and the confirmation mail."""

    _inherit = "privacy.preferences.page"

    @api.model
    def _recorded(self, subjects, purpose_ids):
        """What stands recorded for some purposes, newest text and time of each.

        :param list subjects: recordsets
        :param purpose_ids: purposes that were just answered
        :return: list of {name, text, lang, version, sha256, answer, label, moment,
            recorded_at, event}, in the order of the page
        """
        found = {}
        for persons in subjects:
            for record in persons._consent_applying():
                if record.purpose_id.id in purpose_ids and record.answer:
                    found.setdefault(record.purpose_id, record)
        return [self._recorded_line(record, subjects) for record in found.values()]

    @api.model
    def _recorded_line(self, record, subjects):
        # superuser: evidence about oneself
        events = self.env["consent.event"].sudo()
        labels = {"granted": self.env._("Yes"), "refused": self.env._("No")}
        return {
            "name": record.notice_id.name or record.purpose_id.name,
            "kind": record.purpose_id.kind,
            "text": record.notice_id.text or "",
            "lang": record.notice_id.lang or "",
            "version": record.notice_id.version,
            "sha256": record.notice_id.sha256 or "",
            "answer": record.answer,
            "label": labels[record.answer],
            "moment": self._moment(record.answered_at, subjects),
            "recorded_at": f"{record.answered_at.isoformat()}Z",
            "event": events.browse(record.last_event_id).exists().hash or "",
        }

    @api.model
    def _receipt_json(self, subjects, lines):
        """:return: the receipt for programs, as text"""
        names = ("name", "answer", "recorded_at", "text", "lang", "version", "sha256")
        content = {
            "company": self._company(subjects).name,
            "answers": [
                {**{name: line[name] for name in names}, "event": line["event"]}
                for line in lines
            ],
        }
        return json.dumps(content, ensure_ascii=False, indent=2)

    @api.model
    def _receipt_text(self, subjects, lines):
        """:return: the receipt for people, as plain text"""
        parts = [
            self.env._("Receipt of your privacy preferences"),
            self._company(subjects).name,
            *map(self._receipt_part, lines),
            self.env._("You may change your answers at any time, as easily as before."),
        ]
        return "\n\n".join(parts) + "\n"

    @api.model
    def _receipt_part(self, line):
        return self.env._(
            "%(name)s\n"
            "Your answer: %(answer)s\n"
            "Recorded: %(moment)s\n"
            "Text shown (version %(version)s):\n%(text)s\n"
            "Fingerprint of the text (SHA-256): %(sha256)s\n"
            "Reference of the record: %(event)s",
            name=line["name"],
            answer=line["label"],
            moment=line["moment"],
            version=line["version"],
            text=line["text"],
            sha256=line["sha256"],
            event=line["event"],
        )

    @api.model
    def _send_confirmation(self, subject, subjects, lines):
        """Queue the confirmation; the personal link goes in when it leaves.

        :param subject: the record whose address it goes to
        :param list subjects: recordsets
        :param list lines: from :meth:`_recorded`
        :return: the queued ``mail.mail``, empty when there is no address
        """
        if not subject[subject._consent_email_field] or not lines:
            return self.env["mail.mail"]
        company = self._company(subjects).with_context(lang=self.env.lang)
        title = self.env._("Your privacy preferences have been saved")
        content = self.env["ir.qweb"]._render(
            "privacy_guard.preferences_confirmation_mail",
            {"company": company, "lines": lines},
            lang=self.env.lang,
        )
        return subject._privacy_send(subject._privacy_mail(company, title, content))
