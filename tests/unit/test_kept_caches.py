"""What a test has left in Odoo's caches stays, and what it has emptied is as before."""

import pytest

from dev.lib.kept_caches import Kept


class Cache(dict):
    @property
    def snapshot(self):
        return dict(self)


class Registry:
    """What is asked of Odoo's."""

    def __init__(self):
        self.routes, self.rights = Cache(home="/"), Cache(ann="may read")
        self.__caches = {"routes": self.routes, "rights": self.rights}


@pytest.fixture
def registry():
    return Registry()


def test_what_a_test_has_cached_stays(registry):
    kept = Kept(registry)
    registry.routes["shop"] = "/shop"
    kept.restore()
    assert registry.routes == {"home": "/", "shop": "/shop"}
    assert registry.rights == {"ann": "may read"}


def test_what_a_test_has_emptied_is_as_it_was_before(registry):
    kept = Kept(registry)
    registry.rights.clear()
    registry.rights["ann"] = "may write"
    kept.restore()
    assert registry.rights == {"ann": "may read"}
    # and says no more of the next test than it knows
    kept = Kept(registry)
    registry.rights["ben"] = "may read"
    kept.restore()
    assert registry.rights == {"ann": "may read", "ben": "may read"}


def test_nothing_stays_when_the_models_are_set_up_anew(registry):
    kept = Kept(registry)
    registry._setups = 1
    registry.routes["shop"] = "/shop"
    kept.restore()
    assert registry.routes == registry.rights == {}


def test_a_class_comes_back_to_what_was_before_it(registry):
    of_class = Kept(registry)
    registry.rights.clear()
    of_test = Kept(registry)
    registry.routes["shop"] = "/shop"
    registry.rights["ann"] = "may write"
    of_test.restore()
    of_class.remember()
    # as Odoo's own class does
    registry.routes.clear()
    registry.rights.clear()
    of_class.refill()
    assert registry.routes == {"home": "/", "shop": "/shop"}
    assert registry.rights == {"ann": "may read"}
