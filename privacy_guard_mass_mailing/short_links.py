"""Addresses at which is counted who opens and who clicks: found in a text in whatever
spelling a mail program would send and a server would route, and exchanged."""

import re
from html import escape, unescape
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode

import lxml.html
from lxml import etree

# mail programs and browsers leave these out of an address
IGNORED = re.compile("[\t\r\n]")
BLANK = "".join(map(chr, range(33)))
HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:/*|//+)[^/?#]*", re.IGNORECASE)
DOT = re.compile("%2e", re.IGNORECASE)
# Before the route: a language, and a host that is not known by its scheme.
ROUTE = re.compile(
    r"(?:/[^/]+){0,2}/(?:r/(?P<code>[^/]+)(?:/[ms]/\d+)?"
    r"|mailing/c/\d+/(?:(?P<id>\d+)/[^/]+|(?P<total>[^/]+\.gif))"
    r"|(?P<pixel>mail/track/\d+/[^/]+/blank\.gif))"
)
# redirects within redirects
DEEPEST = 3

WORD = re.compile(r"\S+")
SLASH = re.compile(r"[/\\%]")
START = re.compile(r"https?:|(?<![:/])//", re.IGNORECASE)
GLUED = re.compile(r"[\w-]*=")
CLOSING = ".,;:!?)]}>\"'"
PIECE = re.compile(r"[^\"'<>()\[\]{},|*]+")
CSS_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE)
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
# no text of a document may hold these, and yet some do
UNSTORABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DOCUMENT = re.compile(r"<\s*(?:!doctype|html|head|body|frameset)\b", re.IGNORECASE)


class ShortLink(NamedTuple):
    """Where an address leads."""

    code: str | None  # of a link, which counts who follows it
    id: int | None  # of a link, which counts for nobody in particular

    @property
    def is_picture(self):
        """:return: whether it counts openings, and leads nowhere"""
        return self.code is None and self.id is None


def parse(address):
    """:return: the `ShortLink` that an address is routed to, or None"""
    for path in _paths(_cleaned(address)):
        if found := ROUTE.fullmatch(path):
            return ShortLink(found["code"], found["id"] and int(found["id"]))
    return None


def _cleaned(address):
    return IGNORED.sub("", unescape(address)).strip(BLANK)


def _paths(address):
    """A browser takes dots out before escapes are read, a server that stands before
    another one afterwards.

    :return: iterator over the paths that the router may see"""
    url = address.replace("\\", "/")
    host = HOST.match(url)
    path = re.split("[?#]", url[host.end() if host else 0 :], maxsplit=1)[0]
    seen = unquote(normpath("/" + DOT.sub(".", path).strip("/")))
    yield re.sub("/+", "/", seen).rstrip("/")
    yield normpath("/" + unquote(path).strip("/"))


def exchange(address, new, depth=0):
    """
    :param new: function of a `ShortLink`, returns what stands instead, or None to
        leave it
    :return: what stands instead of an address, None if it stays: itself, or that with
        another one in its query, which a page redirects to
    """
    if link := parse(address):
        return new(link)
    url, mark, query = _cleaned(address).partition("?")
    if not mark or depth > DEEPEST:
        return None
    pairs = parse_qsl(query.partition("#")[0], keep_blank_values=True)
    inner = [exchange(value, new, depth + 1) for _name, value in pairs]
    if not any(value is not None for value in inner):
        return None
    values = [
        (name, old if value is None else value)
        for (name, old), value in zip(pairs, inner, strict=True)
    ]
    return f"{url}?{urlencode(values)}"


def in_text(text, new, *, is_code=False):
    """:param new: as of :func:`exchange`
    :param bool is_code: whether brackets end an address, and it may be relative
    :return: a text without markup, its addresses exchanged"""
    if not SLASH.search(text):
        return text

    def word(match):
        found = match[0]
        if not SLASH.search(found):
            return found
        start = None if is_code else START.search(found)
        if start:
            head, body = found[: start.start()], found[start.start() :]
            bare = body.rstrip(CLOSING)
            if (fresh := exchange(bare, new)) is not None:
                return head + fresh + body[len(bare) :]
        return PIECE.sub(piece, found)

    def piece(match):
        glued = GLUED.match(match[0])
        head = glued[0] if glued else ""
        body = match[0][len(head) :]
        bare = body.rstrip(CLOSING)
        if not (is_code or re.match(r"[^/\\]*[.:]|[/\\]", bare)):
            return match[0]
        fresh = exchange(bare, new)
        return match[0] if fresh is None else head + fresh + body[len(bare) :]

    return WORD.sub(word, text)


def in_html(html, new):
    """It is taken apart and written anew, so that whoever reads it finds in it what was
    found here.

    :param new: function of a `ShortLink`, and of whether somebody has to follow it (or
        else it is fetched when the mail is opened); returns as that of :func:`exchange`
    :return: a mail's text, its addresses exchanged"""
    tree, write = _parsed(html)
    for element in list(tree.iter()):
        if isinstance(element.tag, str):
            _in_element(element, new)
        else:
            _put(element, "text", _in_comment, lambda link: new(link, False))
            _put(element, "tail", in_text, lambda link: new(link, True))
    return write()


def _parsed(html):
    """:return: (root of a text, function that gives the text of it as it is now)"""
    is_document = DOCUMENT.search(html)
    source = html.replace("\0", "")
    if not is_document:
        source = f"<html><body>{source}</body></html>"
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = lxml.html.document_fromstring(source.encode(errors="replace"), parser)

    def write():
        if is_document:
            return _written(tree.getroottree())
        body = tree.find("body")
        return escape(body.text or "", quote=False) + "".join(map(_written, body))

    return tree, write


def _written(node):
    return etree.tostring(node, method="html", encoding="unicode")


def _in_element(element, new):
    """Exchange what is in its attributes, in the text of it and behind it."""
    is_link = element.tag in ("a", "area")
    for name, value in element.attrib.items():
        follows = is_link and name == "href"
        fresh = _in_value(value, lambda link, f=follows: new(link, f), name == "style")
        if fresh != value:
            element.set(name, UNSTORABLE.sub("", fresh))
    if element.tag == "style":
        _put(element, "text", _in_style, lambda link: new(link, False))
    else:
        _put(element, "text", in_text, lambda link: new(link, True))
    _put(element, "tail", in_text, lambda link: new(link, True))
    # the one makes other addresses lead elsewhere, the other has nothing to show
    is_empty = element.tag == "img" and not element.get("src", "x")
    if element.getparent() is not None and (element.tag == "base" or is_empty):
        element.drop_tree()


def _put(element, name, rewrite, new):
    """Exchange addresses in what an element holds, or is followed by."""
    value = getattr(element, name)
    if value and (fresh := rewrite(value, new)) != value:
        setattr(element, name, UNSTORABLE.sub("", fresh))


def _in_value(value, new, is_style=False):
    """:return: the value of an attribute, its addresses exchanged"""
    if is_style:
        return _in_style(value, new)
    fresh = exchange(value, new)
    return in_text(value, new, is_code=True) if fresh is None else fresh


def _in_style(style, new):
    """:return: declarations, their addresses exchanged, whoever reads the escapes"""
    style = in_text(style, new, is_code=True)
    read = CSS_ESCAPE.sub(
        lambda m: chr(min(int(m[1], 16), 0xFFFD)) if m[1] else m[2], style
    )
    fresh = in_text(read, new, is_code=True)
    return style if fresh == read else fresh


def _in_comment(text, new):
    """:return: a comment, which to some mail programs is markup, its addresses
    exchanged"""

    def quoted(match):
        value = unescape(match[1] if match[1] is not None else match[2])
        fresh = _in_value(value, new)
        return match[0] if fresh == value else f'"{escape(fresh)}"'

    return in_text(QUOTED.sub(quoted, text), new, is_code=True)
