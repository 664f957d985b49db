import logging
import re
from functools import partial

from odoo import models
from odoo.fields import Domain

from ...attempts import attempt

_logger = logging.getLogger(__name__)

# What a file may be called on any system.
UNSAFE = re.compile(r"[^\w.() -]+")
FOLDER = "attachments/"
MISSING = f"{FOLDER}missing-files.txt"


class PrivacyExportContent(models.AbstractModel):
    """The files of a person in an access copy.

    Each is read as Odoo reads it, wherever an add-on keeps it. One that cannot be read
    holds up no copy: it is named in the archive.
    """

    _inherit = "privacy.export.content"

    def _write_attachments(self, archive, subjects, companies):
        """:return: list of dicts, what the overview says of the files"""
        # superuser: the person's own data, whoever has them put together
        attachments = self.env["ir.attachment"].sudo()
        found = attachments.browse(self._attachment_ids(subjects))
        ids, missing = self._within(companies, found), []
        for id_ in ids:
            attachment = attachments.browse(id_)
            if not self._write_attachment(archive, attachment):
                missing.append(attachment.name or str(id_))
            self.env.invalidate_all()
        found = []
        if count := len(ids) - len(missing):
            found.append((FOLDER, self.env._("Files"), count))
        if missing:
            archive.writestr(MISSING, self._missing_text(missing))
            title = self.env._("Files that could not be read")
            found.append((MISSING, title, len(missing)))
        return [
            {"name": name, "title": title, "count": count}
            for name, title, count in found
        ]

    def _write_attachment(self, archive, attachment):
        """:return: whether it could be read"""
        content, reason = attempt(attachment, partial(getattr, attachment, "raw"))
        # what is gone from the disk reads as if it were empty
        if reason or (attachment.file_size and not content):
            _logger.warning("%s is missing in a copy: it cannot be read", attachment)
            return False
        name = UNSAFE.sub("_", attachment.name or "file")[-100:]
        path = f"{FOLDER}{attachment.id}-{name}"
        with archive.open(path, "w", force_zip64=True) as target:
            target.write(content or b"")
        return True

    def _missing_text(self, names):
        """:return: what tells the person of files that could not be read"""
        text = self.env._(
            "We keep these files about you as well. They could not be read when this "
            "copy was made. Ask us for them:"
        )
        return "\n".join([text, "", *names, ""])

    def _attachment_ids(self, subjects):
        """:return: ids of the files of the person's records, the picture included, and
        of the messages that are copied; without those of notes that employees wrote
        for each other"""
        attachments = self.env["ir.attachment"].sudo()  # superuser: as above
        on_them = Domain.OR(
            Domain("res_model", "=", persons._name)
            & Domain("res_id", "in", persons.ids)
            for persons in self._records(subjects)
        )
        own = attachments.search(
            on_them
            & Domain("res_field", "in", [False, "image_1920"])
            & Domain("type", "=", "binary")
        )
        messages = self.env["mail.message"].sudo()
        notes = messages.search(
            Domain("attachment_ids", "in", own.ids) & self._internal_domain()
        )
        sent = messages.search(self._messages_domain(subjects)).attachment_ids
        binary = sent.filtered(lambda attachment: attachment.type == "binary")
        return sorted({*(own - notes.attachment_ids).ids, *binary.ids})
