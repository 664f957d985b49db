"""Methods of others that we extend."""

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

OURS = "odoo.addons.privacy_guard"
# how clients and data files call a method, and whether they may
MARKS = ("_api_model", "_api_private")


@tagged("post_install", "-at_install")
class TestOverrides(TransactionCase):
    def test_they_are_called_as_before(self):
        """A mark of a method is none of the next one: without it, the first argument of
        a call is taken for ids, and a private method is open."""
        found = 0
        for model in self.registry.values():
            classes = model.mro()
            for number, cls in enumerate(classes):
                if not cls.__module__.startswith(OURS):
                    continue
                for name, method in vars(cls).items():
                    former = self.former(classes[number + 1 :], name)
                    if not callable(method) or not callable(former):
                        continue
                    found += 1
                    for mark in MARKS:
                        with self.subTest(model=model._name, method=name, mark=mark):
                            self.assertEqual(
                                getattr(method, mark, False),
                                getattr(former, mark, False),
                            )
        self.assertGreater(found, 100)

    def former(self, classes, name):
        """:return: what a method of this name extends"""
        for cls in classes:
            if name in vars(cls):
                return vars(cls)[name]
        return None
