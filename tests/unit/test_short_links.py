"""TRK-1: whatever way an address is written, where it leads is found and exchanged.

What is right says another reading of the same rules: a browser as Python's library
joins addresses, and the router of the server."""

import importlib.util
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from requests.utils import requote_uri
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

FILE = Path(__file__).parents[2] / "privacy_guard_mass_mailing" / "short_links.py"
SPEC = importlib.util.spec_from_file_location("privacy_guard_short_links", FILE)
short_links = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(short_links)

HOME = "https://shop.example"
ROUTER = Map(
    [
        Rule(path, endpoint=path, strict_slashes=False)
        for path in (
            "/r/<string:code>",
            "/r/<string:code>/m/<int:trace>",
            "/r/<string:code>/s/<int:sms>",
            "/mailing/c/<int:mailing>/<string:token>.gif",
            "/mailing/c/<int:mailing>/<int:id>/<string:token>",
            "/mail/track/<int:mail>/<string:token>/blank.gif",
        )
    ]
).bind("shop.example")
PLACES = (
    '<p><a href="{}">Offer</a></p>',
    "<p><img alt='x' src='{}'></p>",
    '<table background="{}"><tr><td>x</td></tr></table>',
    "<p style='background: url(\"{}\"); color: red'>x</p>",
    "<style>p {{ background: url({}) }}</style>",
    "<!--[if mso]><a href='{}'>Offer</a><![endif]-->",
    '<img src="x.png" srcset="small.png 1x, {} 2x">',
    '<a href="https://shop.example/website/lang/fr?r={}">Offer</a>',
)


def routed(address):
    """:return: (endpoint, values) of where a browser would end with it, or None"""
    text = address.replace("\\", "/").strip()
    for ignored in "\t\r\n":
        text = text.replace(ignored, "")
    path = urlsplit(urljoin(HOME + "/", requote_uri(text))).path
    try:
        return ROUTER.match(requote_path(path))
    except RequestRedirect as redirect:
        return ROUTER.match(urlsplit(redirect.new_url).path)
    except HTTPException:
        return None


def requote_path(path):
    """As a server hands a path to the router: without escapes."""
    raw = bytearray()
    rest = path.encode()
    while rest:
        if rest[:1] == b"%" and len(rest) > 2:
            try:
                raw.append(int(rest[1:3], 16))
                rest = rest[3:]
                continue
            except ValueError:
                pass
        raw += rest[:1]
        rest = rest[1:]
    return raw.decode(errors="replace")


@st.composite
def spelled(draw):
    """An address at which is counted, as nobody would write it."""
    path = draw(
        st.sampled_from(
            [
                "/r/abc",
                "/r/my-offer/m/7",
                "/r/abc/s/7",
                "/mailing/c/3/7/0f",
                "/mailing/c/3/0f.gif",
                "/mail/track/3/0f/blank.gif",
            ]
        )
    )
    written = "".join(
        draw(st.sampled_from([char] * 6 + [f"%{ord(char):02x}", f"%{ord(char):02X}"]))
        for char in path
    )
    detour = draw(st.sampled_from(["", "", "/x/..", "/a%2fb/..", "/.", "/%2e", "/"]))
    host = draw(
        st.sampled_from(
            [
                HOME,
                HOME.upper(),
                f"{HOME}:443",
                "//shop.example",
                "",
                "http://192.0.2.1",
            ]
        )
    )
    slash = draw(st.sampled_from(["/", "/", "/", "\\"]))
    end = draw(st.sampled_from(["", "/", "?x=1", "#x", "?x=(1)", "?x=1/m/7"]))
    return (host + detour + written).replace("/", slash) + end


class Reader(HTMLParser):
    """All texts of a mail in which a mail program may look for an address."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def handle_starttag(self, tag, attrs):
        for _name, value in attrs:
            self.texts += [value or "", *self.within(value or "")]

    def handle_data(self, data):
        self.texts += [data, *self.within(data)]

    def handle_comment(self, data):
        inner = Reader()
        inner.feed(data.partition(">")[2].rpartition("<")[0])
        self.texts += inner.texts

    def within(self, text):
        for separator in "\"'()=, ":
            text = text.replace(separator, "\0")
        return text.split("\0")


def left_in(html):
    """:return: the addresses in a mail that are counted at"""
    reader = Reader()
    reader.feed(html)
    return [text for text in reader.texts if text and routed(text)]


@settings(max_examples=60)
@given(spelled())
@example("/r/%61bc")
def test_where_an_address_leads_is_found(address):
    found = routed(address)
    if found is None:
        return
    endpoint, values = found
    link = short_links.parse(address)
    assert link is not None, address
    assert link.is_picture == endpoint.endswith(".gif")
    assert (link.code, link.id) == (values.get("code"), values.get("id"))


@settings(max_examples=60)
@given(spelled(), st.sampled_from(PLACES))
@example("/r/abc?x=(1)/m/7", PLACES[0])
@example("https:\\\\shop.example\\r\\abc", PLACES[3])
def test_nothing_counts_in_what_leaves(address, place):
    if "?r=" in place:
        address = quote(address, safe="")
    mail = place.format(escape(address))
    sent = short_links.in_html(mail, lambda link, follows: "https://example.com/typed")
    assert not left_in(sent), (mail, sent)
    if left_in(mail):
        assert "https://example.com/typed" in sent.replace("%2F", "/").replace(
            "%3A", ":"
        )


@pytest.mark.parametrize(
    "mail",
    [
        '<p>Hi <a href="https://example.com/offer?a=1&amp;b=(2)">x</a> and/or</p>',
        '<img src="https://example.com/a.gif" srcset="a.png 1x, b.png 2x">tail',
        '<p style="background: url(&quot;/web/image/1&quot;); color: red">x</p>',
        "plain text, https://example.com/r/a/b/c and 1/2",
        '<!DOCTYPE html>\n<html><head><style>p { content: "\\201C" }</style></head>'
        '<body><!--[if mso]><a href="x"><![endif]-->\u00e9</body></html>',
    ],
)
def test_everything_else_stays(mail):
    def new(link, follows=True):
        raise AssertionError(link)

    sent = short_links.in_html(mail, new)
    assert (
        sent.replace("'", '"').replace('"/web/image/1"', "&quot;/web/image/1&quot;")
        == mail
    )
    assert short_links.in_text(mail, new) == mail


def test_letters_that_no_document_holds():
    """What was sent before is sent, without them."""
    mail = "<p title='&#1;/r/abc'>&#1; https://x.example/r/abc</p><!-- \ud800 -->&#2;"
    sent = short_links.in_html(mail, lambda link, follows: "https://x.example/\1")
    assert "https://x.example/" in sent
    assert "/r/abc" not in sent


def test_a_link_that_nobody_made_stays():
    text = "https://example.com/r/somewhere?x=/r/abc"
    assert short_links.in_text(text, lambda link: None) == text


def test_long_texts_cost_little():
    for text in ("." * 200_000, "a/" * 100_000, "?r=" * 50_000, "=/" * 100_000):
        short_links.in_html(f"<a href='{text}'>{text}</a>", lambda link, follows: None)
