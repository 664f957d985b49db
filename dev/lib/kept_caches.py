"""What Odoo has cached stays for the next test, as long as it is true.

Odoo's own test classes forget all of it after each test: the routes, the views and
what they are compiled to, who may do what. To find it out again took a good part of the
time of most tests. After a test the database is what it was before, so what was cached
before is true again. So is what the test has cached itself, unless Odoo or an add-on
has had a reason to empty that cache meanwhile.
"""

from __future__ import annotations

import functools
from typing import Any
from unittest.mock import patch


def keep_caches(common: Any) -> None:
    """:param common: ``odoo.tests.common``"""
    case, registry_class = common.TransactionCase, common.Registry
    begin_class, begin = case.setUpClass.__func__, case.setUp
    set_up_models = registry_class._setup_models__

    @functools.wraps(set_up_models)
    def counted(registry: Any, *args: Any, **options: Any) -> None:
        registry._setups = _setups(registry) + 1
        set_up_models(registry, *args, **options)

    def keeping_class(cls: Any) -> None:
        kept = Kept(registry_class(common.get_db_name()))
        # The first to be asked for is the last to be done: Odoo has emptied them then.
        cls.addClassCleanup(kept.refill)
        begin_class(cls)
        cls.addClassCleanup(kept.remember)

    def keeping(self: Any) -> None:
        self.env.flush_all()
        # in place of what Odoo asks for, to be done when the test has been undone
        kept = Kept(self.registry)
        with patch.object(self.registry, "clear_all_caches", kept.restore):
            begin(self)

    registry_class._setup_models__ = counted
    case.setUpClass, case.setUp = classmethod(keeping_class), keeping


class Kept:
    """The caches of a registry as they are now, to come back to.

    :param registry: Odoo's of a database
    """

    def __init__(self, registry: Any):
        self._registry, self._setups = registry, _setups(registry)
        self._caches = registry._Registry__caches
        for cache in self._caches.values():
            # goes with all the rest when somebody empties the cache
            cache[self] = None
        self._content = {name: cache.snapshot for name, cache in self._caches.items()}

    def remember(self) -> None:
        """Also what has been cached meanwhile, where nothing was forgotten."""
        for name, cache in self._caches.items():
            if self in cache:
                self._content[name] = cache.snapshot

    def restore(self) -> None:
        """Forget what may have changed, and bring back what was known before."""
        self.remember()
        self.refill()

    def refill(self) -> None:
        # Some hold fields, which are others when the models have been set up anew.
        outdated = _setups(self._registry) != self._setups
        for name, cache in self._caches.items():
            cache.clear()
            for key, value in {} if outdated else self._content[name].items():
                if key is not self:
                    cache[key] = value


def _setups(registry: Any) -> int:
    """:return: how often its models have been set up"""
    return getattr(registry, "_setups", 0)
