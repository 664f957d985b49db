"""One Chrome for all tours of a process.

To start one takes a second, and its first page compiles anew what every page loads.
Each tour has a tab of its own, and finds nothing that a page of another one kept.
"""

from __future__ import annotations

import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROFILE = "--user-data-dir="


class Chrome:
    """In place of the process that a test takes for its own: it goes on when the test
    has given it back, and ends where that could not be done."""

    def __init__(self, process: subprocess.Popen[bytes], port: int):
        self.pid, self.port = process.pid, port
        self.is_free = False
        self._process = process

    def poll(self) -> int | None:
        return self._process.poll()

    def terminate(self) -> None:
        if not self.is_free:
            self._process.terminate()

    def wait(self, timeout: float | None = None) -> int:
        return 0 if self.is_free else self._process.wait(timeout)

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


@contextmanager
def one_for_all(common: Any, folder: Path) -> Iterator[None]:
    """Have the tests of the block share a browser.

    :param common: ``odoo.tests.common``
    :param folder: for what browsers keep
    """
    browser = common.ChromeBrowser
    spawn, request = browser._spawn_chrome, browser._websocket_request
    # of each set of options, which not all tests have in common
    kept: dict[tuple[str, ...], Chrome] = {}

    def spawn_once(self: Any, command: list[str]) -> tuple[Chrome, int]:
        options = tuple(part for part in command if not part.startswith(PROFILE))
        chrome = kept.get(options)
        if chrome is None or chrome.poll() is not None:
            profile = folder / str(len(kept))
            chrome = kept[options] = _spawn(spawn, self, command, profile)
        chrome.is_free = False
        return chrome, chrome.port

    def request_but_to_close(self: Any, method: str, **options: Any) -> Any:
        if method == "Browser.close":
            return _give_back(self)
        return request(self, method, **options)

    browser._spawn_chrome = spawn_once
    browser._websocket_request = request_but_to_close
    try:
        yield
    finally:
        browser._spawn_chrome, browser._websocket_request = spawn, request
        for chrome in kept.values():
            chrome.close()


def _spawn(
    spawn: Callable[..., Any], browser: Any, command: list[str], profile: Path
) -> Chrome:
    profile.mkdir(exist_ok=True)
    own, browser.user_data_dir = browser.user_data_dir, str(profile)
    try:
        return Chrome(
            *spawn(
                browser,
                [
                    f"{PROFILE}{profile}" if part.startswith(PROFILE) else part
                    for part in command
                ],
            )
        )
    finally:
        # which the test removes in the end
        browser.user_data_dir = own


def _give_back(browser: Any) -> None:
    """With an empty tab, and without anything that pages kept."""
    # first of all, so that no script of the page goes on
    browser._websocket_request("Page.navigate", params={"url": "about:blank"})
    browser._websocket_request("Network.clearBrowserCookies")
    browser._websocket_request(
        "Storage.clearDataForOrigin",
        params={"origin": browser.test_case.base_url(), "storageTypes": "all"},
    )
    chrome = browser.chrome
    new = f"http://127.0.0.1:{chrome.port}/json/new?about:blank"
    urllib.request.urlopen(urllib.request.Request(new, method="PUT")).close()
    browser._websocket_send("Page.close")
    chrome.is_free = True
