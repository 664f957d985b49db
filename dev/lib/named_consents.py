"""A plugin of pytest: mailings name a consent, though the tests that make them know of
none, and go to addresses that nobody is known by.

Odoo's own tests choose no consent, as whoever sends a mailing has to. All of them would
end before anything is sent, and say nothing about what comes behind that. Many send to
records of models that only tests have, which are nobody who could be asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

# As `dev/prepare_consents.py` has made it.
NAME = "Mailings"


@pytest.fixture(scope="session", autouse=True)
def named_consents(load_registry: None) -> Iterator[None]:
    # Importing the add-on needs an Odoo that has read its configuration.
    from odoo.addons.privacy_guard_mass_mailing.models import (
        mailing_mailing,
        privacy_gate,
    )

    mailing, gate = mailing_mailing.MailingMailing, privacy_gate.PrivacyGate
    compute, known_consents = mailing._compute_privacy_purpose_id, gate._known_consents

    def compute_named(self: Any) -> None:
        compute(self)
        unnamed = self._privacy_governed().filtered(lambda m: not m.privacy_purpose_id)
        if unnamed:
            purposes = self.env["consent.purpose"].sudo()
            unnamed.privacy_purpose_id = purposes.search([("name", "=", NAME)])

    def known_to_nobody(self: Any, purpose: Any, addresses: Any) -> Any:
        known = known_consents(self, purpose, addresses)
        if purpose.default_selection == "yes":
            for address in set(addresses) - known.keys():
                known[address] = privacy_gate.Known(allowed=True)
        return known

    compute_named._depends = compute._depends  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mailing, "_compute_privacy_purpose_id", compute_named)
        patch.setattr(gate, "_known_consents", known_to_nobody)
        yield
