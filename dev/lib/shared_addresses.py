"""A plugin of pytest: two contacts may have one address, though consents are enabled.

The fixtures of Odoo's own tests give several people one address, as nobody does who has
enabled consents. All of those tests would end where the second one is created (DUP-3).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def shared_addresses(load_registry: None) -> Iterator[None]:
    # Importing the add-on needs an Odoo that has read its configuration.
    from odoo.addons.privacy_guard.models.subject import consent_subject_mixin_address

    mixin = consent_subject_mixin_address.ConsentSubjectMixin
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mixin, "_privacy_check_address_unused", lambda self: None)
        yield
