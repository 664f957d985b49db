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
PHONE = cipher.FieldCipher(RING, "res.partner", "phone")

# What PostgreSQL can store.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(TEXTS)
@example("")
@example("pg1:first1:not:encrypted")
@example("Jose\u0301")
def test_round_trip(text):
    stored = PHONE.encrypt(text)
    assert cipher.is_encrypted(stored)
    assert PHONE.decrypt(stored) == text
    assert stored.split(":")[2] in PHONE.indexes(text)
    assert stored.isascii()


def test_long_text():
    text = "x€" * 500_000
    assert PHONE.decrypt(PHONE.encrypt(text)) == text


def test_equal_values_differ_but_for_the_index():
    one, other = (PHONE.encrypt("+49 30 1234567").split(":") for _ in range(2))
    assert one[:3] == other[:3] and one[3] != other[3]


def test_what_cannot_be_stored_is_refused():
    with pytest.raises(ValueError, match="NUL"):
        PHONE.encrypt("a\0b")
    with pytest.raises(ValueError, match="surrogates"):
        PHONE.encrypt("\ud800")


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
        other.decrypt(PHONE.encrypt("x"))


@settings(max_examples=300)
@given(st.data())
def test_any_altered_part_is_refused(data):
    """Any other character gives an error, or, in unused bits, the same text."""
    stored = PHONE.encrypt("+49 30 123")
    position = data.draw(st.integers(0, len(stored) - 1))
    character = data.draw(st.characters().filter(lambda c: c != stored[position]))
    altered = stored[:position] + character + stored[position + 1 :]
    try:
        assert PHONE.decrypt(altered) == "+49 30 123"
    except (cipher.CipherError, keyring.KeyringError):
        return
    # nothing but base64 that means the same bytes
    assert position >= stored.rindex(":") + 1
    payload = (base64.urlsafe_b64decode(s.split(":")[3]) for s in (stored, altered))
    assert len(set(payload)) == 1


@pytest.mark.parametrize("part", range(44))
def test_every_byte_counts(part):
    head, _colon, payload = PHONE.encrypt("+49 30 1234567890").rpartition(":")
    raw = bytearray(base64.urlsafe_b64decode(payload))
    raw[part] ^= 1
    altered = f"{head}:{base64.urlsafe_b64encode(raw).decode()}"
    with pytest.raises(cipher.CipherError):
        PHONE.decrypt(altered)


def test_another_index_is_refused():
    """Who can write to the table cannot have a search find another record."""
    one, other = PHONE.encrypt("one"), PHONE.encrypt("other")
    index = other.split(":")[2]
    with pytest.raises(cipher.CipherError):
        PHONE.decrypt(one.replace(one.split(":")[2], index))


@given(st.text() | st.none() | st.booleans() | st.integers() | st.binary())
@example("pg1:first1:" + "i" * 22 + ":" + "A" * 40)
@example("pg1:first1::AAAA")
@example("pg1:first1:" + "i" * 22 + ":" + "A" * 41)
@example("pg1:" + "x" * 17 + ":" + "i" * 22 + ":" + "A" * 40)
@example("pg1:first1:" + "\ud800" * 22 + ":" + "A" * 40)
def test_what_was_never_encrypted_is_refused(value):
    with pytest.raises(cipher.CipherError):
        PHONE.decrypt(value)
    with pytest.raises(cipher.CipherError):
        cipher.unseal(RING, "context", value)


@pytest.mark.parametrize(
    "value", [None, False, 7, b"pg1:", "", "+49 30 1234567", "pg1:", "pg1:a:b:c"]
)
def test_what_is_not_encrypted(value):
    assert not cipher.is_encrypted(value)


def test_errors_quote_no_value():
    stored = PHONE.encrypt("x")
    for value in ("+49 30 1234567", stored[:-8] + "AAAAAAAA"):
        with pytest.raises(cipher.CipherError) as raised:
            PHONE.decrypt(value)
        assert "res.partner.phone" in str(raised.value)
        assert "1234567" not in str(raised.value)
        assert stored[40:50] not in str(raised.value)


def test_a_missing_key_is_named():
    stored = cipher.FieldCipher(ROTATED, "res.partner", "phone").encrypt("x")
    with pytest.raises(keyring.KeyringError, match="Key second2 is missing"):
        PHONE.decrypt(stored)


def test_another_key_under_the_same_id():
    wrong = keyring.Keyring([keyring.Key("first1", DATE, SECOND.secret)])
    with pytest.raises(cipher.CipherError, match="another key under this id"):
        cipher.FieldCipher(wrong, "res.partner", "phone").decrypt(PHONE.encrypt("x"))


def test_rotation():
    rotated = cipher.FieldCipher(ROTATED, "res.partner", "phone")
    old, new = PHONE.encrypt("x"), rotated.encrypt("x")
    assert rotated.decrypt(old) == rotated.decrypt(new) == "x"
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
    stored = PHONE.encrypt("x")
    moved = "pgs1:first1:" + stored.split(":")[3]
    with pytest.raises(cipher.CipherError):
        cipher.unseal(RING, "res.partner,phone", moved)


def test_known_answers():
    """The format is fixed: what is encrypted today must be readable for ever."""
    assert (
        PHONE.decrypt(
            "pg1:first1:jim96DuTmtPntKOPD5FKKw:ZGVmZ2hpamtsbW5vh6Wr62zpycWlTLgPu4N9YtYVnYcSZvZaDYHdMtu3G7jD"
        )
        == "+49 30 1234567 ü"
    )
    assert PHONE.indexes("+49 30 1234567 ü") == ["jim96DuTmtPntKOPD5FKKw"]
    assert (
        cipher.unseal(
            RING,
            "consent 7",
            "pgs1:first1:ZGVmZ2hpamtsbW5vE1duwKAZoar-eikhZhr-4WD8Tg2yUvU=",
        )
        == b"\0sealed"
    )
