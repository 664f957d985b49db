"""IDN-2: however an address is written, it is compared in one form."""

import re

import pytest
from addon_tools import load
from hypothesis import example, given
from hypothesis import strategies as st

addresses = load("addresses")

ATEXT = "abcXYZ019!#$%&'*+-/=?^_`{|}~"
LABELS = ("example", "EXAMPLE", "müller", "MÜLLER", "straße", "日本", "☃", "x-1")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# What RFC 5322 calls dot-atom, and some letters of RFC 6531; written as they are.
dot_atoms = st.lists(
    st.text(ATEXT + "éÉßж", min_size=1, max_size=8), min_size=1, max_size=3
).map(".".join)
# What needs quotes; whitespace at the ends would be lost in a field anyway.
odd_locals = st.text(ATEXT + ' .,;:@()<>[]\\"', min_size=1, max_size=10).filter(
    lambda text: (
        text == text.strip() and not re.fullmatch(r"[^\s,;:@()<>\[\]\\\"]+", text)
    )
)
domains = st.lists(st.sampled_from(LABELS), min_size=1, max_size=3).map(".".join)


@st.composite
def mailboxes(draw):
    """:return: (local part without quotes, domain), which are what a mailbox is"""
    return draw(st.one_of(dot_atoms, odd_locals)), draw(domains)


@st.composite
def written(draw, mailbox):
    """:return: a way in which the address of a mailbox may be written"""
    local, domain = mailbox
    if draw(st.booleans()) or not re.fullmatch(rf"[{re.escape(ATEXT)}éÉßж.]+", local):
        local = quoted(local)
    respell = draw(st.sampled_from((str, str.lower, str.swapcase, in_ascii)))
    # lower case of these letters is not undone by the other case
    domain = respell(domain) if "ß" not in domain else in_ascii(domain)
    end = draw(st.sampled_from(("", ".")))
    return f"{local}@{domain}{end}"


def in_ascii(domain):
    """An oracle beside the add-on's: label by label, by the codec of Python."""
    return ".".join(
        label if label.isascii() else "xn--" + label.lower().encode("punycode").decode()
        for label in domain.split(".")
    )


def same_mailbox(one, other):
    """What two mailboxes have in common who are one: an oracle without a parser."""
    return [text.lower() for text in (one[0], in_ascii(one[1]))] == [
        text.lower() for text in (other[0], in_ascii(other[1]))
    ]


@given(st.data(), mailboxes())
def test_one_mailbox_has_one_form(data, mailbox):
    ways = [data.draw(written(mailbox)) for _way in range(3)]
    assert len({addresses.canonical(way) for way in ways}) == 1


@given(st.data(), mailboxes(), mailboxes())
def test_two_mailboxes_have_two(data, one, other):
    forms = [addresses.canonical(data.draw(written(box))) for box in (one, other)]
    assert (forms[0] == forms[1]) is same_mailbox(one, other)


@given(st.one_of(st.text(), mailboxes().map("@".join)))
@example("e\\\u0301@x.example")
@example("x@\uff20y")
def test_canonical_is_its_own_form(text):
    for form in addresses.find(text):
        assert addresses.canonical(form) == form
        assert addresses.find(form) == [form]


@given(st.text(ATEXT + '@@ .,;:()<>[]\\"ü\n\u212a', max_size=30))
@example("@0:0@ 0")
def test_whatever_odoo_would_send_to_is_found(text):
    from odoo.tools.mail import email_split

    domain = r"\.*[^][@\s()<>:;,\"\\.][^][@\s()<>:;,\"\\]*"
    sent_to = [a for a in email_split(text) if re.fullmatch(f"[^@]+@{domain}", a)]
    missing = {addresses.canonical(a) for a in sent_to} - set(addresses.find(text))
    # of a local part in quotes Odoo makes another one when there are blanks in it
    assert not {a for a in missing if not a.startswith('"')}


@given(st.lists(st.tuples(dot_atoms, domains), min_size=1, max_size=4), st.data())
def test_every_address_of_a_field_is_found(mailboxes, data):
    separator = data.draw(st.sampled_from((", ", ",", ";", "; ", "\n")))
    template = data.draw(st.sampled_from(("{}", "<{}>", '"Ann, (B)" <{}>')))
    text = separator.join(template.format("@".join(box)) for box in mailboxes)
    expected = dict.fromkeys(addresses.canonical("@".join(box)) for box in mailboxes)
    assert addresses.find(text) == list(expected)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, []),
        ("", []),
        ("no address", []),
        ("@example.com", []),
        ("x@", []),
        ("Ann Bee ann@x.example", ["ann@x.example"]),
        ('"Ann, B" <Ann@X.example>; bea@x.example', ["ann@x.example", "bea@x.example"]),
        ("ann@x.example, ANN@x.example.", ["ann@x.example"]),
        ('"bob@y.example" <ann@x.example>', ["ann@x.example"]),
        ("ann(comment)@x.example", ["ann@x.example"]),
        ("o'brien@x.example", ["o'brien@x.example"]),
        ("\u212aim@x.example", ["kim@x.example"]),
        ("ann+tag@x.example", ["ann+tag@x.example"]),
        ("ann@x\u3002example", ["ann@x.example"]),
        ("ann@STRASSE.example", ["ann@strasse.example"]),
        ("ann@straße.example", ["ann@xn--strae-oqa.example"]),
        ("ann@[192.0.2.1]", ["ann@[192.0.2.1]"]),
    ],
)
def test_find(text, found):
    assert addresses.find(text) == found


@pytest.mark.parametrize(
    ("text", "only"),
    [("Ann <ann@x.example>", "ann@x.example"), ("a@x.example, b@x.example", None)],
)
def test_only(text, only):
    assert addresses.only(text) == only


@pytest.mark.parametrize(
    ("text", "entered"),
    [
        (None, None),
        ("Ann <ann@x.example>", "ann@x.example"),
        ("a" * 310 + "@x.example", "a" * 310 + "@x.example"),
        ("a" * 311 + "@x.example", None),
        ("(" * 310 + "a@x.example", None),
        ("(" * 20000 + "a@x.example", None),
    ],
)
def test_what_is_too_long_is_no_address(text, entered):
    assert addresses.entered(text) == entered


@given(st.data(), mailboxes())
def test_spellings_have_one_form(data, mailbox):
    form = addresses.canonical(data.draw(written(mailbox)))
    spellings = addresses.spellings(form)
    assert form in spellings
    assert {addresses.canonical(spelling) for spelling in spellings} == {form}


def test_what_python_cannot_take_apart_stops_nobody():
    """Each of these is in one more: in the queue of mails it would stop all others."""
    for sign in "(:":
        assert addresses.find(sign * 5000 + " ann@example.com") == ["ann@example.com"]
        assert addresses.find(sign * 5000) == []
