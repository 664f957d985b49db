"""What people may do with all the rights that Odoo's other add-ons give them."""

from odoo.addons.privacy_guard.tests.subject.test_no_binds_property import (
    TestNoBindsProperty,  # noqa: F401
)
from odoo.addons.privacy_guard.tests.test_access_rights import (
    TestAccessRights,  # noqa: F401
)
