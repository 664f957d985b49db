"""Links of a mail that open their page in the language of the mail."""

import re
from urllib.parse import quote

# what the address of a page names the language by
ASKED = "lang"


def with_language(url: str, lang: str | None) -> str:
    """:param str url: of a page of ours, without a query
    :param lang: code of a language, or nothing
    :return: the address in that language"""
    return f"{url}?{ASKED}={quote(lang)}" if url and lang else url


def links_with_language(html: str, base: str, lang: str | None) -> str:
    """:param html: of a mail
    :param str base: what the addresses of our pages begin with, where they are absolute
    :param str lang: code of the language that the mail is in
    :return: the same, with its links to our pages in that language; of the same type"""
    ours = re.compile(rf'(?<= href=")(?:{re.escape(base)})?/privacy/[^"?#\s]+(?=")')
    done = ours.sub(lambda link: with_language(link[0], lang), html)
    return html.__class__(done)
