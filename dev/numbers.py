"""Put the measured numbers into README.md: `./dev/python -m dev.numbers`."""

from __future__ import annotations

import json
import re

from dev.lib.paths import REPO

README = REPO / "README.md"
MEASURED = REPO / "benchmarks" / "latest.json"
BLOCK = re.compile(r"(?<=<!-- numbers -->\n).*(?=<!-- /numbers -->)", re.DOTALL)


def table() -> str:
    """:return: the numbers of the last full measurement, as a table"""
    if not MEASURED.exists():
        return "Not measured yet.\n"
    lines = ["| | value | peer | ratio |", "| --- | --: | --: | --: |"]
    for row in json.loads(MEASURED.read_text()):
        value = f"{row['value']:,} {row['unit']}"
        peer = f"{row['peer']}: {row['peer_value']:,}" if row["peer"] else ""
        ratio = "" if row["ratio"] is None else f"{row['ratio']:,}"
        lines.append(f"| {row['metric']} | {value} | {peer} | {ratio} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    README.write_text(BLOCK.sub(lambda _match: table(), README.read_text()))
