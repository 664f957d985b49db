import itertools
import json
from urllib.parse import quote, quote_from_bytes

from odoo.http import Request
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...responses import MAX_BODY
from .preferences_common import FORM, PAGE, PreferencesCase

OURS = "odoo.addons.privacy_guard"
# as a form sends them, and as JSON does
ODD = {
    "NUL": (b"a\0b", '"a\\u0000b"'),
    "NUL in an address": (b"a\0b@example.com", '"a\\u0000b@example.com"'),
    "half a pair": (b"a\xed\xa0\x80", '"a\\ud800"'),
    "no UTF-8": (b"\xff\xfe", '"\\udcff"'),
    "long": (b"a" * MAX_BODY, json.dumps("a" * MAX_BODY)),
    "long address": (
        b"a" * MAX_BODY + b"@example.com",
        json.dumps("a" * MAX_BODY + "@example.com"),
    ),
}
# what fills the places of a path
PLACES = {"extension": "jsonl", "purposes": "1"}
LONG = "x" * 40  # as long as a token at least
NAMES = """
    action answer_1 callback code company_name email email_from format from kind lang
    list_id login model name partner_id password phone purposes street
    subscription_type token trace_code value vat zipcode
""".split()


@tagged("post_install", "-at_install")
class TestOddInput(PreferencesCase):
    """What no browser sends, in every parameter of every page of ours, and of those
    of Odoo that we extend, is refused or answered: no page breaks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "portal_ann", groups="base.group_portal", email="ann@example.net"
        )

    def routes(self):
        """:return: rules of the routes that our classes define, or change"""
        for rule in self.env["ir.http"].routing_map().iter_rules():
            method = rule.endpoint.func
            if any(
                base.__module__.startswith(OURS) and method.__name__ in vars(base)
                for base in type(method.__self__).__mro__
            ):
                yield rule

    def address(self, rule, odd=None):
        """:return: a path to a route, with ordinary values or an odd one"""
        built = rule.rule
        for name, converter in rule._converters.items():
            kind = type(converter).__name__
            ordinary = "1" if kind in ("IntegerConverter", "ModelConverter") else LONG
            place = odd or PLACES.get(name, ordinary).encode()
            start = built.index("<")
            end = built.index(">", start) + 1
            built = built[:start] + quote_from_bytes(place) + built[end:]
        return built

    def posted(self, odd):
        """:return: lists of names that are posted at once: what is refused for one
        says nothing of the others"""
        return [[name] for name in NAMES] if odd == "NUL" else [NAMES]

    def assertAnswered(self, answer):
        self.assertLess(answer.status_code, 500)
        self.assertNotIn("Traceback (most recent", answer.text.split('"debug"')[0])
        if "json" in answer.headers.get("Content-Type", ""):
            error = answer.json().get("error", {}) if answer.text[:1] == "{" else {}
            self.assertIn(
                error.get("data", {}).get("name", "none").rpartition(".")[2],
                ("none", "UserError", "ValidationError", "BadRequest", "NotFound"),
            )

    def send(self, rule, csrf, names, form, text):
        """Post one odd value under these names, as a route wants to be posted to."""
        if rule.endpoint.routing["type"] == "jsonrpc":
            params = ", ".join(f'"{name}": {text}' for name in names)
            body = f'{{"jsonrpc": "2.0", "method": "call", "params": {{{params}}}}}'
            headers = {"Content-Type": "application/json"}
        else:
            value = quote_from_bytes(form)
            odd = "".join(f"&{name}={value}" for name in names)
            body = f"csrf_token={quote(csrf)}{odd}"
            headers = {"Content-Type": FORM}
        return self.url_open(self.address(rule), data=body, headers=headers)

    @mute_logger("odoo.http")
    def test_no_page_breaks(self):
        self.authenticate("portal_ann", "portal_ann")
        csrf = self.form(self.open())["csrf_token"]
        for rule, (odd, (form, text)) in itertools.product(self.routes(), ODD.items()):
            with self.subTest(route=rule.rule, odd=odd):
                short = form[-300:]
                value = quote_from_bytes(short)
                query = "&".join(f"{name}={value}" for name in NAMES)
                self.assertAnswered(self.url_open(f"{self.address(rule)}?{query}"))
                if rule._converters:
                    path = self.address(rule, LONG.encode() + short)
                    self.assertAnswered(self.url_open(path))
                for names in self.posted(odd):
                    self.assertAnswered(self.send(rule, csrf, names, form, text))

    @mute_logger("odoo.http")
    def test_a_path_that_leads_up(self):
        for path in ("/privacy/..%2f", "/privacy/..%2fx", "/my/privacy/..%2fx"):
            with self.subTest(path):
                self.assertAnswered(self.url_open(path))

    @mute_logger("odoo.http")
    def test_a_body_that_is_too_long(self):
        """The neutral page; a no by one click is taken, the link says it all."""
        body = {"data": b"a=" + b"a" * MAX_BODY, "headers": {"Content-Type": FORM}}
        for path in (PAGE, f"/privacy/new-address/{LONG}", f"/privacy/web-form/{LONG}"):
            with self.subTest(path):
                answer = self.url_open(path, **body)
                # without the add-on there are no web forms
                known = (413, 404) if "web-form" in path else (413,)
                self.assertIn(answer.status_code, known)
                self.assertNeutral(answer, answer.status_code)
        answer = self.url_open(self.path(self.person._privacy_one_click_url()), **body)
        self.assertEqual((answer.status_code, answer.text), (200, ""))
        self.assertEqual(self.value(self.person, self.newsletter), "refused")

    @mute_logger("odoo.http")
    def test_address_form(self):
        """Odoo's form of one's own address."""
        partner = self.user.partner_id
        self.authenticate("portal_ann", "portal_ann")
        values = {
            "name": partner.name,
            "email": partner.email,
            "phone": "+32 2 290 34 90",
            "street": "Main Street 1",
            "city": "Brussels",
            "zipcode": "1000",
            "country_id": str(self.belgium.id),
            "partner_id": str(partner.id),
            "required_fields": "name,email,phone",
            "callback": "/my",
            "csrf_token": Request.csrf_token(self),
        }
        # whatever is no number breaks this one, in Odoo itself
        names = values.keys() - {"csrf_token", "partner_id"}
        for name, (odd, (form, _text)) in itertools.product(names, ODD.items()):
            with self.subTest(name=name, odd=odd):
                body = "&".join(
                    f"{key}={quote_from_bytes(form if key == name else v.encode())}"
                    for key, v in values.items()
                )
                self.assertAnswered(
                    self.url_open(
                        "/my/address/submit",
                        data=body,
                        headers={"Content-Type": FORM},
                    )
                )
        # nor does what is too long for an address get a mail
        self.assertFalse(self.env["mail.mail"].search([("email_to", "like", "aaaa")]))
