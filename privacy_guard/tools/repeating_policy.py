"""Many mails whose headers are the same, but for a few."""

from collections.abc import Callable
from email.policy import EmailPolicy
from typing import Any


class RepeatingPolicy(EmailPolicy):
    """Reads a header, and writes it down, once for all messages that have it.

    For as many as are sent at once: it keeps every header that it has seen.
    """

    seen: dict[Any, Any]  # filled in when it is made: a policy may not be changed

    def __init__(self, **values: Any):
        super().__init__(linesep="\r\n", **values)
        object.__setattr__(self, "seen", {})

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        read = super().header_store_parse
        return self._once(("read", name, value), read, name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        key = (self.max_line_length, self.utf8, self.linesep, name, value)
        return self._once(key, super().fold_binary, name, value)

    def _once(
        self, key: Any, method: Callable[[str, Any], Any], name: str, value: Any
    ) -> Any:
        if key not in self.seen:
            self.seen[key] = method(name, value)
        return self.seen[key]
