"""Which texts have to be there in which languages: those that a contact sees in all,
those of the back office in some.

    dev/python -m dev.contact_texts [LANGUAGE ...]

prints those that lack a translation, in some languages or in all. The files of the
others hold nothing else than what a contact sees.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

from dev.lib.paths import REPO

# The official languages of the Union that Odoo knows, those of its neighbours and of
# many customers; English is the source.
LANGUAGES = (
    *("ar", "bg", "ca", "cs", "da", "de", "el", "es", "es_419", "et", "fi", "fr", "he"),
    *("hr", "hu", "it", "ja", "lt", "lv", "nb", "nl", "pl", "pt", "pt_BR", "ro", "sk"),
    *("sl", "sv", "tr", "uk", "zh_CN"),
)
BACK_OFFICE = ("de", "es", "fr", "it", "nl", "pl", "pt")
# pages, forms and mails: views of the back office are named after their model and kind
PAGE = re.compile(r"ir\.ui\.view,arch_db:\w+\.(?!report_)(?!\w+_view_)\w+")
MAIL = re.compile(r"mail\.template,(subject|body_html):")
CODE = re.compile(
    r"addons/\w+/(controllers/|responses\.py|models/page/|models/event_event\.py|"
    r"models/(request/)?privacy_request_(code|notify)\.py|"
    r"models/privacy_web_form(_boxes|_pending)?\.py|"
    r"models/privacy_preferences_page\.py|"
    r"models/(export/)?privacy_export(_content\w*)?\.py)"
)
DATA = re.compile(r"model:consent\.(purpose|sample),(name|text):")
# what people choose from, or are told, in the words of a list
LISTS = re.compile(
    r"selection,name:\w+\.selection__(privacy_request__(kind|state)|"
    r"consent_purpose__(legal_basis|default_selection)|consent_record__value|"
    r"consent_answer__channel|consent_event__source__import)"
)
READ = (PAGE, MAIL, CODE, DATA, LISTS)


def is_for_contacts(entry: polib.POEntry) -> bool:
    """:return: whether a contact may come to read the text of an entry"""
    places = [place for place, _line in entry.occurrences]
    return any(rule.search(place) for rule in READ for place in places)


def sources() -> list[Path]:
    """:return: the files with all texts, one of each add-on"""
    return sorted(REPO.glob("privacy_guard*/i18n/*.pot"))


def texts(source: Path, language: str = "") -> list[str]:
    """:return: what of an add-on is to be read in a language: what contacts may read,
    or all of it"""
    return [
        entry.msgid
        for entry in polib.pofile(source)
        if language in BACK_OFFICE or is_for_contacts(entry)
    ]


def translations(source: Path, language: str) -> dict[str, str]:
    """:return: {text: its translation} of an add-on; without those to be looked at"""
    path = source.with_name(f"{language}.po")
    entries = polib.pofile(path) if path.exists() else ()
    return {entry.msgid: entry.msgstr for entry in entries if not entry.fuzzy}


def lacking(language: str) -> Iterator[tuple[str, str]]:
    """:return: add-on and text of what has no translation"""
    for source in sources():
        known = translations(source, language)
        for text in texts(source, language):
            if not known.get(text):
                yield source.stem, text


def main() -> int:
    found = 0
    for language in sys.argv[1:] or LANGUAGES:
        for addon, text in lacking(language):
            print(f"{language}\t{addon}\t{text!r}")
            found += 1
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
