"""What a contact reads is there in each of their languages, whole, and so is what those
read who work with it, in fewer."""

import re
from collections import Counter

import pytest

from dev import contact_texts

# what a translation may not lose: values, links and what makes them stand out
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\{.*?\}\}|\[…\]")
TAG = re.compile(r"</?[a-zA-Z]\w*")
LINK = re.compile(r"""(?:href|t-out|t-att-\w+|t-attf-\w+|t-if)=["']([^"']*)["']""")


@pytest.mark.parametrize("language", contact_texts.LANGUAGES)
def test_nothing_lacks(language):
    assert list(contact_texts.lacking(language)) == []


@pytest.mark.parametrize("language", contact_texts.LANGUAGES)
def test_values_and_links_survive(language):
    for source in contact_texts.sources():
        for text, translation in contact_texts.translations(source, language).items():
            for rule in (PLACEHOLDER, TAG, LINK):
                assert Counter(rule.findall(text)) == Counter(
                    rule.findall(translation or text)
                ), (source.stem, text)


def test_texts_are_those_of_pages_and_mails():
    [core] = [s for s in contact_texts.sources() if s.stem == "privacy_guard"]
    texts = contact_texts.texts(core)
    assert "Your privacy preferences" in texts
    assert "Settings" not in texts
