"""What the text of a page shows of whether everybody can use it, with a screen reader,
a keyboard or enlarged: rules of WCAG 2.2."""

import re
from collections import Counter

from lxml import html

CONTROLS = (
    "//button | //a[@href] | //select | //textarea | //input[not(@type='hidden')]"
)
BUTTONS = ("submit", "button", "reset")
REFERRING = ("aria-labelledby", "aria-describedby", "for")
HEADING = re.compile(r"h[1-6]")
LOCKED = re.compile(r"user-scalable\s*=\s*no|maximum-scale\s*=\s*1")


def defects(content):
    """:param bytes content: HTML of a whole page
    :return: list of what is wrong with it"""
    page = html.fromstring(content)
    found = [*_whole(page), *_headings(page), *_references(page), *_lists(page)]
    found += [
        f"has no name: {html.tostring(control, with_tail=False).decode()}"
        for control in page.xpath(CONTROLS)
        if not _name(page, control)
    ]
    found += ["picture without a text" for _ in page.xpath("//img[not(@alt)]")]
    found += ["order of its own" for _ in page.xpath("//*[@tabindex > 0]")]
    found += [
        "choice without a question" for _ in page.xpath("//fieldset[not(legend)]")
    ]
    return found


def _whole(page):
    if not page.get("lang"):
        yield "no language"
    if page.get("dir") not in ("ltr", "rtl"):
        yield "no direction"
    if not page.findtext(".//title", "").strip():
        yield "no title"
    if len(page.xpath("//main")) != 1:
        yield "not one main part"
    if any(
        LOCKED.search(meta) for meta in page.xpath("//meta[@name='viewport']/@content")
    ):
        yield "cannot be enlarged"


def _headings(page):
    levels = [
        int(element.tag[1])
        for element in page.iter()
        if isinstance(element.tag, str) and HEADING.fullmatch(element.tag)
    ]
    if levels.count(1) != 1:
        yield "not one first heading"
    for former, level in zip([0, *levels], levels, strict=False):
        if level > former + 1:
            yield f"heading {level} after {former}"


def _references(page):
    ids = Counter(page.xpath("//@id"))
    yield from (f"twice: #{id_}" for id_, count in ids.items() if count > 1)
    wanted = [
        id_
        for name in REFERRING
        for value in page.xpath(f"//@{name}")
        for id_ in value.split()
    ]
    wanted += [href[1:] for href in page.xpath("//a/@href[starts-with(., '#')]")]
    yield from (f"leads nowhere: #{id_}" for id_ in wanted if id_ not in ids)


def _lists(page):
    for child in page.xpath("//ul/*[not(self::li)] | //ol/*[not(self::li)]"):
        yield f"no item of its list: {child.tag}"


def _name(page, control):
    """:return: what a screen reader says of a control, "" when it has nothing to say"""
    parts = [control.get("aria-label"), control.get("title")]
    if control.tag in ("a", "button"):  # what others hold is their value
        parts += [control.text_content(), *control.xpath(".//img/@alt")]
    if control.tag == "input" and control.get("type") in BUTTONS:
        parts.append(control.get("value"))
    labels = control.xpath("ancestor::label")
    labels += page.xpath("//label[@for = $id]", id=control.get("id") or "")
    for id_ in (control.get("aria-labelledby") or "").split():
        labels += page.xpath("//*[@id = $id]", id=id_)
    parts += [label.text_content() for label in labels]
    return " ".join(filter(None, parts)).strip()
