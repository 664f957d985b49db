import inspect
import json
from pathlib import Path

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

OURS = "odoo.addons.privacy_guard."
FROZEN = Path(__file__).parent / "method_chains.json"


@tagged("post_install", "-at_install")
class TestMethodChains(TransactionCase):
    """Models that are spread over files: in which order their classes stand, and which
    methods several of them share, the first one called first.

    Sibling files call each other by ``super()`` in the order in which they are loaded,
    which no file shows. Whoever moves a file, or makes a method of the same name in a
    second one, changes the frozen table on purpose or not at all.
    """

    def test_order_of_classes_and_shared_methods(self):
        self.maxDiff = None
        frozen = json.loads(FROZEN.read_text())
        self.assertEqual({model: self._spread(model) for model in frozen}, frozen)

    def test_every_spread_model_is_frozen(self):
        frozen = json.loads(FROZEN.read_text())
        for model in self.registry:
            if model not in frozen:
                with self.subTest(model=model):
                    self.assertFalse(self._shared_methods(self._classes(model)))

    def _spread(self, model):
        classes = self._classes(model)
        return {
            "classes": [self._file(cls) for cls in classes],
            "methods": self._shared_methods(classes),
        }

    def _classes(self, model):
        """:return: the add-on's own definitions of a model, of its parents none"""
        return [
            cls
            for cls in self.registry[model]._model_classes__
            if getattr(cls, "_name", None) == model and cls.__module__.startswith(OURS)
        ]

    def _shared_methods(self, classes):
        """:return: {name: files that define it, the one that is called first first}"""
        methods = {}
        for cls in classes:
            for name in self._defined(cls):
                methods.setdefault(name, []).append(self._file(cls))
        return {
            name: files for name, files in sorted(methods.items()) if len(files) > 1
        }

    def _defined(self, cls):
        """:return: names of the methods in the source; Odoo adds attributes"""
        return [
            name
            for name, value in vars(cls).items()
            if inspect.isfunction(value)
            and value.__qualname__ == f"{cls.__name__}.{name}"
        ]

    def _file(self, cls):
        return cls.__module__.removeprefix(OURS)
