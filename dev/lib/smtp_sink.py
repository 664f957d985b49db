"""A real SMTP server on loopback: it keeps each mail as a file, and sends none."""

from __future__ import annotations

import email
import logging
import time
import uuid
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller

from . import ports

# Its log tells of every connection, in the middle of the progress of the tests.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class SmtpSink:
    """Keeps the mails of its lifetime, and those that the folder held before."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = ports.free()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> SmtpSink:
        self._controller.start()
        return self

    def __exit__(self, *_error) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        recipients = "+".join(envelope.rcpt_tos).replace("/", "_")[:100]
        name = f"{time.time_ns()}-{recipients}-{uuid.uuid4().hex[:4]}"
        draft = self.folder / f".{name}"
        draft.write_bytes(envelope.original_content)
        # Whoever sees the mail sees all of it.
        draft.rename(self.folder / f"{name}.eml")
        return "250 OK"

    def files(self) -> list[Path]:
        """The mails, oldest first."""
        return sorted(self.folder.glob("[0-9]*.eml"))

    def clear(self) -> None:
        for file in self.files():
            file.unlink()

    def messages(self) -> list[EmailMessage]:
        return [
            email.message_from_bytes(file.read_bytes(), policy=default)
            for file in self.files()
        ]

    def wait_for(self, count: int, timeout: float = 60) -> list[EmailMessage]:
        """Wait until so many mails have arrived; an error says how many did."""
        deadline = time.monotonic() + timeout
        while len(self.files()) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.files())} of {count} mails arrived")
            time.sleep(0.05)
        return self.messages()
