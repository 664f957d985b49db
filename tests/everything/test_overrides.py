"""Methods of others that we extend."""

import re
from itertools import cycle

from odoo.tests import HttpCase, tagged
from odoo.tests.common import TransactionCase
from odoo.tools import mute_logger

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


@tagged("post_install", "-at_install")
class TestRoutes(HttpCase):
    """Pages of others that we extend, asked for what they do not lead to."""

    def paths(self):
        """:return: the paths of pages whose controllers we extend, what varies as {}"""
        routing = self.env["ir.http"]
        modules = sorted(self.env.registry._init_modules)
        rules = routing._generate_routing_rules(modules, routing._get_converters())
        return sorted(
            {
                re.sub(r"<[^>]+>", "{}", path)
                for path, endpoint in rules
                if endpoint.routing["type"] == "http"
                and "GET" in (endpoint.routing.get("methods") or ["GET"])
                and "<" in path
                and routing._privacy_extends(endpoint)
            }
        )

    @mute_logger("odoo.http")
    def test_what_leads_nowhere_is_not_found(self):
        """Escaped slashes, dots and letters in a path: no page breaks by them."""
        paths = self.paths()
        self.assertIn("/event/{}/register", paths)
        oddities = cycle(("..%2f", "%252e%252e%2f1", "%25ff"))
        for path, odd in zip(paths[::3], oddities, strict=False):
            answer = self.url_open(
                path.replace("{}", odd, 1).replace("{}", "1"), allow_redirects=False
            )
            with self.subTest(path=path, odd=odd):
                self.assertLess(answer.status_code, 500)
        self.assertEqual(self.url_open("/event/..%2fregister").status_code, 404)
