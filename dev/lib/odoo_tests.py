"""What Odoo's own test classes wait for, on a machine that may be busy.

They give a page 12 seconds and a tour a minute; what takes longer is a failed test.
"""

from __future__ import annotations

import time
import unittest
from pathlib import Path
from typing import Any
from unittest.mock import patch

from .waiting import PATIENCE

# What Chrome is given longer by, in all that is asked of it.
FACTOR = 10
# Seconds until a page is asked again whether it is ready.
LOOK = 0.03


def be_patient(common: Any) -> None:
    """:param common: ``odoo.tests.common``"""
    cases = common.BaseCase
    handler = cases._request_handler.__func__

    def patient_handler(cls: Any, session: Any, request: Any, /, **options: Any) -> Any:
        if options.get("timeout"):
            options["timeout"] = PATIENCE
        return handler(cls, session, request, **options)

    cases._request_handler = classmethod(patient_handler)
    cases.test_cursor_lock_timeout = PATIENCE
    common.CHECK_BROWSER_ITERATIONS *= FACTOR
    # Every browser sets it to 1, and multiplies each of its waits by it.
    common.ChromeBrowser.throttling_factor = property(
        lambda _browser: FACTOR, lambda _browser, _factor: None
    )
    command = common.ChromeBrowser._json_command

    def patient_command(self: Any, name: str, timeout: float = 3) -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return command(self, name, timeout)
            except unittest.SkipTest:
                if self.chrome.poll() is not None or time.monotonic() > end:
                    raise

    common.ChromeBrowser._json_command = patient_command


def share_cache(common: Any, folder: Path) -> None:
    """Have what browsers load, and compile, stay for the next one. All else of theirs
    is new each time.

    :param common: ``odoo.tests.common``
    """
    browser = common.ChromeBrowser
    spawn = browser._spawn_chrome
    compiled = folder / "compiled"
    compiled.mkdir()

    def spawn_with_cache(self: Any, cmd: list[str]) -> Any:
        # Without windows a browser keeps what it has compiled in its profile.
        profile = Path(self.user_data_dir, "Default")
        profile.mkdir()
        (profile / "Code Cache").symlink_to(compiled)
        return spawn(self, [cmd[0], f"--disk-cache-dir={folder}", *cmd[1:]])

    browser._spawn_chrome = spawn_with_cache


def spare_browsers(common: Any) -> None:
    """Have browsers do what a test looks at, and nothing besides.

    :param common: ``odoo.tests.common``
    """
    browser = common.ChromeBrowser
    wait_ready, send = browser._wait_ready, browser._websocket_send

    def wait_now_and_then(self: Any, *args: Any, **options: Any) -> Any:
        """A page that answers all the time whether it is ready gets so late."""
        request = self._websocket_request

        def request_and_rest(*args: Any, **options: Any) -> Any:
            answer = request(*args, **options)
            if answer.get("result", {}).get("value") is not True:
                time.sleep(LOOK)
            return answer

        with patch.object(self, "_websocket_request", request_and_rest):
            return wait_ready(self, *args, **options)

    def send_without_collecting(self: Any, method: str, **options: Any) -> Any:
        """Odoo has each page look for garbage in order to note its size in the log."""
        if method == "HeapProfiler.collectGarbage":
            method = "Runtime.getHeapUsage"
        return send(self, method, **options)

    browser._wait_ready = wait_now_and_then
    browser._websocket_send = send_without_collecting
