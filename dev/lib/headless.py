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
    """The one page of the browser."""

    def __init__(self, connection: websocket.WebSocket):
        self._connection, self._count = connection, 0

    def size(self, width: int, height: int) -> None:
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def open(self, url: str) -> None:
        self._ask("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """:return: what a JavaScript expression comes to, a promise's value included"""
        options = {"returnByValue": True, "awaitPromise": True}
        answer = self._ask("Runtime.evaluate", expression=script, **options)
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """:param condition: a JavaScript expression; a page that loads has none yet"""
        waiting.until(lambda: bool(self.run(condition)), condition)

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


@contextmanager
def page() -> Iterator[Page]:
    path = browser.on_path(os.environ["PATH"])
    programs = (shutil.which(name, path=path) for name in browser.NAMES)
    program = next(filter(None, programs))
    with tempfile.TemporaryDirectory() as profile:
        process = subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = _address(Path(profile, "DevToolsActivePort"))
            yield Page(websocket.create_connection(address, timeout=waiting.PATIENCE))
        finally:
            process.terminate()
            process.wait()


def _address(note: Path) -> str:
    """:return: where the page listens; the browser notes its port when it is ready"""
    waiting.until(lambda: note.exists() and "\n" in note.read_text(), "browser starts")
    port = note.read_text().split()[0]
    pages = requests.get(f"http://127.0.0.1:{port}/json", timeout=waiting.PATIENCE)
    return next(str(p["webSocketDebuggerUrl"]) for p in pages.json() if _is_page(p))


def _is_page(target: dict[str, Any]) -> bool:
    return bool(target["type"] == "page")
