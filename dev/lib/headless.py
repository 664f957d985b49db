"""A browser without windows, driven by its own protocol."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests  # type: ignore[import-untyped]
import websocket

from . import browser, waiting
from .messages import SetupError

OPTIONS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
    *("--remote-debugging-port=0", "--remote-allow-origins=*", "--lang=en-US"),
    "--force-prefers-reduced-motion",
]


class Page:
    """A page of the browser, in a tab of its own."""

    def __init__(self, connection: websocket.WebSocket):
        self._connection, self._count = connection, 0

    def open(self, url: str, width: int = 1280, height: int = 900) -> None:
        """To be called once: a page that is left may ask whether it should be."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self._ask("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """:return: what a JavaScript expression comes to, a promise's value included"""
        options = {"returnByValue": True, "awaitPromise": True}
        answer = self._ask("Runtime.evaluate", expression=script, **options)
        if problem := answer.get("exceptionDetails"):
            raise SetupError(f"{script}: {problem['exception'].get('description')}")
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """:param condition: a JavaScript expression; a page that loads has none yet"""
        waiting.until(lambda: self.run(f"Boolean({condition})"), condition)

    def picture(self, whole: bool = False) -> bytes:
        """:param whole: with what has to be scrolled to"""
        answer = self._ask("Page.captureScreenshot", captureBeyondViewport=whole)
        return base64.b64decode(answer["data"])

    def _ask(self, method: str, **params: Any) -> Any:
        self._count += 1
        call = {"id": self._count, "method": method, "params": params}
        self._connection.send(json.dumps(call))
        while (answer := json.loads(self._connection.recv())).get("id") != self._count:
            pass  # an event
        if "error" in answer:
            raise SetupError(f"{method}: {answer['error']['message']}")
        return answer["result"]


class Browser:
    """Its pages share what a login has set."""

    def __init__(self, port: str):
        self._url = f"http://127.0.0.1:{port}/json"

    @contextmanager
    def page(self) -> Iterator[Page]:
        patience = waiting.PATIENCE
        tab = requests.put(f"{self._url}/new?about:blank", timeout=patience).json()
        address = tab["webSocketDebuggerUrl"]
        yield Page(websocket.create_connection(address, timeout=patience))
        requests.get(f"{self._url}/close/{tab['id']}", timeout=patience)


@contextmanager
def started() -> Iterator[Browser]:
    path = browser.on_path(os.environ["PATH"])
    programs = (shutil.which(name, path=path) for name in browser.NAMES)
    program = next(filter(None, programs))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Browser(_port(Path(profile, "DevToolsActivePort")))
        finally:
            process.terminate()
            process.wait()


def _port(note: Path) -> str:
    """:return: where it listens, which the browser notes when it is ready"""
    waiting.until(lambda: note.exists() and "\n" in note.read_text(), "browser starts")
    return note.read_text().split()[0]
