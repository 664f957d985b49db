"""Methods of others that we extend."""

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

OURS = "odoo.addons.privacy_guard"


@tagged("post_install", "-at_install")
class TestOverrides(TransactionCase):
    def test_they_are_called_as_before(self):
        """That a method is called without records is said of each anew: else clients
        and data files have their first argument taken for ids."""
        found = 0
        for model in self.registry.values():
            classes = model.mro()
            for number, cls in enumerate(classes):
                if not cls.__module__.startswith(OURS):
                    continue
                for name, method in vars(cls).items():
                    former = self.former(classes[number + 1 :], name)
                    if name[0] == "_" or not (callable(method) and callable(former)):
                        continue
                    found += 1
                    with self.subTest(model=model._name, method=name):
                        self.assertEqual(
                            self.is_without(method), self.is_without(former)
                        )
        self.assertGreater(found, 100)

    def is_without(self, method):
        """:return: whether it is called without records"""
        return getattr(method, "_api_model", False)

    def former(self, classes, name):
        """:return: what a method of this name extends"""
        for cls in classes:
            if name in vars(cls):
                return vars(cls)[name]
        return None
