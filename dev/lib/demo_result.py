"""What the demo has done, to be told in the terminal."""

from __future__ import annotations

from dataclasses import dataclass, field

from .messages import SetupError


@dataclass
class Result:
    """What the scripts for Odoo's shell report, and how many mails came."""

    asked: int
    failed: int
    pages: dict[str, str]
    people: int = 0
    """Whom the newsletter concerns."""
    reach: dict[str, int] = field(default_factory=dict)
    """Whether it reaches them, or why not: how many."""
    mails: int = 0

    def check_reach(self) -> None:
        """Each person is reached, or is not for one reason (RCH-1)."""
        counted = sum(self.reach.values())
        if counted != self.people:
            raise SetupError(f"Reach counts {counted} of {self.people} people")

    def reach_in_words(self) -> str:
        numbers = (f"{count} {why}" for why, count in self.reach.items())
        return f"{self.people} people: {', '.join(numbers)}".replace("_", " ")
