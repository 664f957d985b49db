"""A real SMTP server on loopback: it keeps each mail as a file, and sends none."""

from __future__ import annotations

import asyncio
import email
import logging
import math
import socket
import time
import uuid
from collections.abc import Awaitable
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from . import ports, waiting

# Its log tells of every connection, in the middle of the progress of the tests.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class _Controller(Controller):
    """Serves on a port that is taken already."""

    def __init__(self, handler: SmtpSink, listening: socket.socket):
        # Else each line of an answer waits until the one before was acknowledged.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host, port = listening.getsockname()
        super().__init__(handler, host, port, ready_timeout=waiting.PATIENCE)
        self._listening = listening

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


class SmtpSink:
    """Keeps the mails of its lifetime, and those that the folder held before."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._controller = _Controller(self, ports.take())
        self.port: int = self._controller.port
        self.takes: float = math.inf
        """How many mails the folder may hold: who sends more waits in vain."""

    def __enter__(self) -> SmtpSink:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.takes < math.inf and len(self.files()) >= self.takes:
            await asyncio.Event().wait()  # until the connection is lost
        recipients = "+".join(envelope.rcpt_tos).replace("/", "_")[:100]
        name = f"{time.time_ns()}-{recipients}-{uuid.uuid4().hex[:4]}"
        draft = self.folder / f".{name}"
        draft.write_bytes(envelope.original_content or b"")
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

    def wait_for(self, count: int) -> list[EmailMessage]:
        """Wait until so many mails have arrived."""
        waiting.until(lambda: len(self.files()) >= count, f"{count} mails arrive")
        return self.messages()
