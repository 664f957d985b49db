"""Many mails whose headers are the same, but for a few."""

from email.policy import EmailPolicy


class RepeatingPolicy(EmailPolicy):
    """Reads a header, and writes it down, once for all messages that have it.

    For as many as are sent at once: it keeps every header that it has seen.
    """

    seen = None  # filled in where it is made: policies may not be changed

    def __init__(self, **values):
        super().__init__(linesep="\r\n", seen={}, **values)

    def header_store_parse(self, name, value):
        return self._once(
            ("read", name, value), super().header_store_parse, name, value
        )

    def fold_binary(self, name, value):
        key = (self.max_line_length, self.utf8, self.linesep, name, value)
        return self._once(key, super().fold_binary, name, value)

    def _once(self, key, method, name, value):
        if key not in self.seen:
            self.seen[key] = method(name, value)
        return self.seen[key]
