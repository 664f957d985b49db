from pathlib import PurePath

from odoo import Command, api, models

from .consent_receipt_text import CONTENT_TYPES


class PrivacyPreferencesPage(models.AbstractModel):
    """What the person gets in hand: the receipt and the confirmation mail."""

    _inherit = "privacy.preferences.page"

    @api.model
    def _answered_consents(self, subjects, purpose_ids):
        """:param list subjects: recordsets
        :param purpose_ids: purposes that were just answered
        :return: the ``consent.record`` of these that have an answer, or may have a
            preference, in the order of the page, as superuser
        """
        # superuser: evidence about oneself
        found = self.env["consent.record"].sudo()
        for persons in subjects:
            found |= persons._consent_applying()
        return found.filtered(
            lambda record: (
                record.purpose_id.id in purpose_ids
                # who wants less of what holds unless they object need not answer it
                and (record.answer or record.purpose_id._privacy_can_be_less())
            )
        )

    @api.model
    def _recorded(self, subjects, purpose_ids):
        """What stands recorded for some purposes, newest text and time of each.

        :param list subjects: recordsets
        :param purpose_ids: purposes that were just answered
        :return: list of {id, name, kind, version, answer, label, moment}, in the order
            of the page; without an answer there is no label and no moment
        """
        answered = self._answered_consents(subjects, purpose_ids)
        lines = [
            self._recorded_line(records[0], subjects)
            for records in answered.grouped("purpose_id").values()
        ]
        return self._add_less(lines, subjects)

    @api.model
    def _recorded_line(self, record, subjects):
        return {
            "id": record.purpose_id.id,
            "name": record.notice_id.name or record.purpose_id.name,
            "kind": record.purpose_id.kind,
            "version": record.notice_id.version,
            "answer": record.answer,
            "label": self._answer_label(record.answer),
            "moment": self._moment(record.answered_at, subjects),
        }

    @api.model
    def _answer_label(self, answer):
        return {"granted": self.env._("Yes"), "refused": self.env._("No")}.get(answer)

    @api.model
    def _send_confirmation(self, subject, subjects, lines, files=None, title=None):
        """Queue the confirmation; the personal link goes in when it leaves.

        :param subject: the record whose address it goes to
        :param list subjects: recordsets
        :param list lines: from :meth:`_recorded`
        :param dict files: the receipt, from ``consent.receipt``
        :param str title: of a mail about what has stood for longer
        :return: the queued ``mail.mail``, empty when there is no address
        """
        if not subject[subject._consent_email_field] or not lines:
            return self.env["mail.mail"]
        company = self._company(subjects).with_context(lang=self.env.lang)
        title = title or self.env._("Your privacy preferences have been saved")
        content = self.env["ir.qweb"]._render(
            "privacy_guard.preferences_confirmation_mail",
            {"company": company, "lines": lines, "title": title},
            lang=self.env.lang,
        )
        mail = subject._privacy_mail(company, title, content)
        # of the message, so that they go when it does
        attached = [
            Command.create(
                {
                    "name": name,
                    "raw": raw,
                    # else mail programs take what is written for another script
                    "mimetype": CONTENT_TYPES[PurePath(name).suffix],
                    "res_model": "mail.message",
                }
            )
            for name, raw in (files or {}).items()
        ]
        return subject._privacy_send({**mail, "attachment_ids": attached})
