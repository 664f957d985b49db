"""What is said of fields before they are set up: by Python classes, the later ones over
the earlier ones, and in the field editor."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from odoo.fields import Field

# parameters of a field
Parameters = dict[str, Any]
Place = tuple[str, str]


def all_definitions(model_class: Any) -> Iterator[Field]:
    """Yield the field definitions of a model's Python classes, overrides last."""
    # Not by mro(), which works the order out anew: that takes a millisecond.
    for cls in reversed(model_class.__mro__):
        if getattr(cls, "pool", None) is None:
            yield from getattr(cls, "_field_definitions", ())


class Definitions:
    """The fields of all models. Each model is looked through once, however many ask.

    :param models: {model: its class} of a registry
    :param manual: {model: {field name: row}} of those of the field editor
    """

    def __init__(
        self, models: Mapping[str, Any], manual: Mapping[str, Mapping[str, Parameters]]
    ):
        self._models, self._manual = models, manual
        self._known: dict[str, dict[str, Parameters]] = {}

    def of(self, model: str) -> dict[str, Parameters]:
        """:return: {field name: parameters}, without what the model delegates"""
        if model not in self._known:
            found: dict[str, Parameters] = defaultdict(dict)
            for field in all_definitions(self._models[model]):
                found[field.name].update(field._args__)
            self._known[model] = {**self._manual.get(model, {}), **found}
        return self._known[model]

    def resolve(self, model: str, path: str) -> Place | None:
        """Follow a path of names.

        :return: (model that defines the last field, its name), if there is one
        """
        *steps, last = path.split(".")
        for step in steps:
            place = self._find(model, step)
            args = place and self.of(place[0])[step]
            target = args and (args.get("comodel_name") or args.get("relation"))
            if not target:
                return None
            model = target
        return self._find(model, last)

    def _find(self, model: str, name: str) -> Place | None:
        """:return: where a field is defined, also where the model delegates to another
        that has it"""
        if model not in self._models:
            return None
        if self.of(model).get(name):
            return model, name
        parents = map(lambda parent: self._find(parent, name), self._delegated(model))
        return next(filter(None, parents), None)

    def _delegated(self, model: str) -> list[str]:
        """:return: models that its classes delegate to, by ``_inherits``"""
        names: list[str] = []
        for cls in self._models[model].__mro__:
            if getattr(cls, "pool", None) is None:
                names += getattr(cls, "_inherits", {}) or {}
        return list(dict.fromkeys(names))
