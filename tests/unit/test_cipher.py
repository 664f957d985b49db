"""Encryption at rest: exact, private to its field, and tamper-proof."""

import base64

import pytest
from addon_tools import load
from hypothesis import example, given, settings
from hypothesis import strategies as st

keyring = load("keyring")
cipher = load("cipher")

DATE = "2026-01-31T10:00:00Z"
FIRST = keyring.Key("first1", DATE, bytes(range(32)))
SECOND = keyring.Key("second2", DATE, bytes(range(32, 64)))
RING = keyring.Keyring([FIRST])
ROTATED = keyring.Keyring([FIRST, SECOND])
# the record that values are of, where nothing else is said
RECORD = 7
PHONE = cipher.FieldCipher(RING, "res.partner", "phone")

TEXT = "+49 30 1234567 ü"
BOUND = (
    "pg2:first1:jim96DuTmtPntKOPD5FKKw:"
    "ZGVmZ2hpamtsbW5v0RNrUcIha3XmuB4kFs_PQ2wdqGWoY_qAfuEOET9a0QKF"
)
UNBOUND = (
    "pg1:first1:jim96DuTmtPntKOPD5FKKw:"
    "ZGVmZ2hpamtsbW5vh6Wr62zpycWlTLgPu4N9YtYVnYcSZvZaDYHdMtu3G7jD"
)

# What PostgreSQL can store.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(TEXTS)
@example("")
@example("pg1:first1:not:encrypted")
@example("Jose\u0301")
def test_round_trip(text):
    stored = PHONE.encrypt(text, RECORD)
    assert cipher.is_encrypted(stored)
    assert PHONE.decrypt(stored, RECORD) == text
    assert stored.split(":")[2] in PHONE.indexes(text)
    assert stored.isascii()


def test_long_text():
    text = "x€" * 500_000
    assert PHONE.decrypt(PHONE.encrypt(text, RECORD), RECORD) == text


def test_equal_values_differ_but_for_the_index():
    one, other = (PHONE.encrypt("+49 30 1234567", RECORD).split(":") for _ in range(2))
    assert one[:3] == other[:3] and one[3] != other[3]


def test_what_cannot_be_stored_is_refused():
    with pytest.raises(ValueError, match="NUL"):
        PHONE.encrypt("a\0b", RECORD)
    with pytest.raises(ValueError, match="surrogates"):
        PHONE.encrypt("\ud800", RECORD)


def test_the_index_takes_equal_letters_as_equal():
    assert PHONE.indexes("Jose\u0301") == PHONE.indexes("José")
    assert PHONE.indexes("jose") != PHONE.indexes("Jose")


@given(TEXTS, TEXTS)
def test_other_values_have_other_indexes(one, other):
    normal = [cipher.unicodedata.normalize("NFC", text) for text in (one, other)]
    same = PHONE.indexes(one) == PHONE.indexes(other)
    assert same == (normal[0] == normal[1])


@pytest.mark.parametrize(
    "model, field",
    [
        ("res.partner", "street"),
        ("crm.lead", "phone"),
        ("res", "partner.phone"),
        ("res.partner,phone", ""),
    ],
)
def test_a_field_has_keys_of_its_own(model, field):
    other = cipher.FieldCipher(RING, model, field)
    assert other.indexes("x") != PHONE.indexes("x")
    with pytest.raises(cipher.CipherError, match="cannot be decrypted"):
        other.decrypt(PHONE.encrypt("x", RECORD), RECORD)


@settings(max_examples=300)
@given(st.data())
def test_any_altered_part_is_refused(data):
    """Any other character gives an error, or, in unused bits, the same text."""
    stored = PHONE.encrypt("+49 30 123", RECORD)
    position = data.draw(st.integers(0, len(stored) - 1))
    character = data.draw(st.characters().filter(lambda c: c != stored[position]))
    altered = stored[:position] + character + stored[position + 1 :]
    try:
        assert PHONE.decrypt(altered, RECORD) == "+49 30 123"
    except (cipher.CipherError, keyring.KeyringError):
        return
    # nothing but base64 that means the same bytes
    assert position >= stored.rindex(":") + 1
    payload = (base64.urlsafe_b64decode(s.split(":")[3]) for s in (stored, altered))
    assert len(set(payload)) == 1


@pytest.mark.parametrize("part", range(44))
def test_every_byte_counts(part):
    head, _colon, payload = PHONE.encrypt("+49 30 1234567890", RECORD).rpartition(":")
    raw = bytearray(base64.urlsafe_b64decode(payload))
    raw[part] ^= 1
    altered = f"{head}:{base64.urlsafe_b64encode(raw).decode()}"
    with pytest.raises(cipher.CipherError):
        PHONE.decrypt(altered, RECORD)


def test_another_index_is_refused():
    """Who can write to the table cannot have a search find another record."""
    one, other = PHONE.encrypt("one", RECORD), PHONE.encrypt("other", RECORD)
    index = other.split(":")[2]
    with pytest.raises(cipher.CipherError):
        PHONE.decrypt(one.replace(one.split(":")[2], index), RECORD)


@given(st.text() | st.none() | st.booleans() | st.integers() | st.binary())
@example("pg1:first1:" + "i" * 22 + ":" + "A" * 40)
@example("pg1:first1::AAAA")
@example("pg1:first1:" + "i" * 22 + ":" + "A" * 41)
@example("pg1:" + "x" * 17 + ":" + "i" * 22 + ":" + "A" * 40)
@example("pg1:first1:" + "\ud800" * 22 + ":" + "A" * 40)
def test_what_was_never_encrypted_is_refused(value):
    with pytest.raises(cipher.CipherError):
        PHONE.decrypt(value, RECORD)
    with pytest.raises(cipher.CipherError):
        cipher.unseal(RING, "context", value)


@pytest.mark.parametrize(
    "value", [None, False, 7, b"pg1:", "", "+49 30 1234567", "pg1:", "pg1:a:b:c"]
)
def test_what_is_not_encrypted(value):
    assert not cipher.is_encrypted(value)


def test_errors_quote_no_value():
    stored = PHONE.encrypt("x", RECORD)
    for value in ("+49 30 1234567", stored[:-8] + "AAAAAAAA"):
        with pytest.raises(cipher.CipherError) as raised:
            PHONE.decrypt(value, RECORD)
        assert "res.partner.phone" in str(raised.value)
        assert "1234567" not in str(raised.value)
        assert stored[40:50] not in str(raised.value)


def test_a_missing_key_is_named():
    stored = cipher.FieldCipher(ROTATED, "res.partner", "phone").encrypt("x", RECORD)
    with pytest.raises(keyring.KeyringError, match="Key second2 is missing"):
        PHONE.decrypt(stored, RECORD)


def test_another_key_under_the_same_id():
    wrong = keyring.Keyring([keyring.Key("first1", DATE, SECOND.secret)])
    with pytest.raises(cipher.CipherError, match="another key under this id"):
        cipher.FieldCipher(wrong, "res.partner", "phone").decrypt(
            PHONE.encrypt("x", RECORD), RECORD
        )


def test_rotation():
    rotated = cipher.FieldCipher(ROTATED, "res.partner", "phone")
    old, new = PHONE.encrypt("x", RECORD), rotated.encrypt("x", RECORD)
    assert [rotated.decrypt(stored, RECORD) for stored in (old, new)] == ["x", "x"]
    assert [rotated.needs_rotation(stored) for stored in (old, new)] == [True, False]
    assert rotated.indexes("x") == [stored.split(":")[2] for stored in (old, new)]


@given(st.binary(), st.text(st.characters(exclude_categories=["Cs"])))
def test_sealing(data, context):
    sealed = cipher.seal(RING, context, data)
    assert sealed.startswith("pgs1:first1:") and not cipher.is_encrypted(sealed)
    assert cipher.unseal(ROTATED, context, sealed) == data
    with pytest.raises(cipher.CipherError):
        cipher.unseal(RING, context + "x", sealed)


def test_a_seal_needs_its_key():
    sealed = cipher.seal(ROTATED, "context", b"x")
    with pytest.raises(keyring.KeyringError, match="Key second2 is missing"):
        cipher.unseal(RING, "context", sealed)


def test_an_encrypted_value_is_no_sealed_one():
    stored = PHONE.encrypt("x", RECORD)
    moved = "pgs1:first1:" + stored.split(":")[3]
    with pytest.raises(cipher.CipherError):
        cipher.unseal(RING, "res.partner,phone", moved)


@pytest.mark.parametrize("other", [0, 1, 17, 70, 77, -7, 7.5, "7 ", None, False])
def test_a_value_is_of_one_record(other):
    """ENC-1: who can write to the table cannot exchange the values of two people."""
    with pytest.raises(cipher.CipherError, match="belongs to another record"):
        PHONE.decrypt(PHONE.encrypt("x", RECORD), other)


@pytest.mark.parametrize("nobody", [0, None, False])
def test_a_value_of_no_record_is_refused(nobody):
    with pytest.raises(ValueError, match="before its record has an id"):
        PHONE.encrypt("x", nobody)


def test_values_of_the_first_format():
    """They are read, found by the same search, and due for the new one, until all of a
    field have it: from then on they can only come from an old backup."""
    assert PHONE.decrypt(UNBOUND, 1) == PHONE.decrypt(UNBOUND, 2) == TEXT
    assert cipher.is_encrypted(UNBOUND) and PHONE.needs_rotation(UNBOUND)
    assert UNBOUND.split(":")[2] == PHONE.encrypt(TEXT, RECORD).split(":")[2]
    bound = cipher.FieldCipher(RING, "res.partner", "phone", bound=True)
    assert bound.decrypt(PHONE.encrypt(TEXT, RECORD), RECORD) == TEXT
    with pytest.raises(cipher.CipherError):
        bound.decrypt(UNBOUND, RECORD)


def test_a_value_of_one_format_is_none_of_the_other():
    for stored, version in ((UNBOUND, "pg2"), (PHONE.encrypt("x", RECORD), "pg1")):
        with pytest.raises(cipher.CipherError):
            PHONE.decrypt(f"{version}{stored[3:]}", RECORD)


def test_known_answers():
    """The format is fixed: what is encrypted today must be readable for ever."""
    assert PHONE.decrypt(BOUND, RECORD) == PHONE.decrypt(UNBOUND, RECORD) == TEXT
    assert PHONE.indexes(TEXT) == ["jim96DuTmtPntKOPD5FKKw"]
    assert (
        cipher.unseal(
            RING,
            "consent 7",
            "pgs1:first1:ZGVmZ2hpamtsbW5vE1duwKAZoar-eikhZhr-4WD8Tg2yUvU=",
        )
        == b"\0sealed"
    )
