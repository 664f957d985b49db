"""One number with that of its peer, and how both are shown and stored."""

from __future__ import annotations

import json
import os
import statistics
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Metric:
    metric: str
    value: float
    unit: str
    peer: str  # what was measured beside it, in the same run
    peer_value: float
    budget: str = ""  # shown in the table only

    @property
    def ratio(self) -> float | None:
        """Value divided by the peer's; nothing if the peer's is zero."""
        return rounded(self.value / self.peer_value) if self.peer_value else None

    def as_dict(self) -> dict:
        return {
            "metric": self.metric,
            "value": rounded(self.value),
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": rounded(self.peer_value),
            "ratio": self.ratio,
        }


def rounded(number: float) -> float:
    """Four significant digits; large numbers without decimals."""
    return round(number) if abs(number) >= 1000 else float(f"{number:.4g}")


def median(numbers) -> float:
    return statistics.median(numbers)


def percentile(numbers, share: int) -> float:
    """:param int share: in percent"""
    return statistics.quantiles(numbers, n=100, method="inclusive")[share - 1]


def header() -> str:
    return _row("metric", "value", "unit", "peer value", "ratio", "budget", "peer")


def row(metric: Metric) -> str:
    values = metric.as_dict()
    return _row(
        metric.metric,
        f"{values['value']:,}",
        metric.unit,
        f"{values['peer_value']:,}",
        "-" if metric.ratio is None else f"{metric.ratio:,}",
        metric.budget,
        metric.peer,
    )


def _row(name, value, unit, peer_value, ratio, budget, peer) -> str:
    return (
        f"{name:<26} {value:>9} {unit:<12} {peer_value:>10} {ratio:>7}"
        f"  {budget:<14} {peer}"
    )


def store(metrics: list[Metric], path: Path) -> None:
    """Whoever reads the file meanwhile sees all of these numbers or the former ones."""
    text = json.dumps([metric.as_dict() for metric in metrics], indent=2)
    unfinished = path.with_name(f".{path.name}-{os.getpid()}")
    unfinished.write_text(text + "\n")
    unfinished.rename(path)
