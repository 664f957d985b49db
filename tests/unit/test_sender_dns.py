"""MAIL-4: what name servers say of a domain that mail comes from. A real name server
answers, on this machine."""

import base64
from importlib import util
from time import monotonic

import pytest
from addon_tools import TOOLS, load
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sender_dns = load("sender_dns")

HELPER = TOOLS.parent / "tests" / "settings" / "name_server.py"
spec = util.spec_from_file_location("name_server", HELPER)
name_server = util.module_from_spec(spec)
spec.loader.exec_module(name_server)

DOMAIN = "mail.example"
SIGNATURE = """DKIM-Signature: v=1; a=rsa-sha256; d={domain};
\ts=key1; h=from:to; bh=abc=;
 b=de f=="""


def key(bits):
    public = rsa.generate_private_key(65537, bits).public_key()
    content = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(content).decode()


LONG = key(2048)
MANY = {
    f"s{number}.example": [f"v=spf1 include:s{number + 1}.example -all"]
    for number in range(11)
} | {"s11.example": ["v=spf1 -all"]}


def check(records, signature="", domain=DOMAIN):
    """:return: {kind: finding}"""
    with name_server.NameServer(records):
        return {f.kind: f for f in sender_dns.check([domain], signature)}


@pytest.mark.parametrize(
    ("texts", "more", "code", "detail"),
    [
        (None, {}, "spf_none", ""),
        ([], {}, "spf_none", ""),
        (["v=spf10 -all", "other"], {}, "spf_none", ""),
        (["V=SPF1 ip4:192.0.2.1 ip6:2001:db8::/32 a:x.example/24 -all"], {}, "spf", ""),
        (["v=spf1 mx ~all", "v=verify"], {}, "spf", ""),
        (["v=spf1 -all", "v=spf1 mx -all"], {}, "spf_several", DOMAIN),
        (["v=spf1 mx"], {}, "spf_open", ""),
        (["v=spf1 all"], {}, "spf_open", ""),
        (["v=spf1 mx ?all"], {}, "spf_open", ""),
        (["v=spf1 ipv4:192.0.2.1 -all"], {}, "spf_broken", "ipv4:192.0.2.1"),
        (
            ["v=spf1 include:gone.example -all"],
            {},
            "spf_broken",
            "include:gone.example",
        ),
        (["v=spf1 include: -all"], {}, "spf_broken", "include:"),
        (["v=spf1 include:s1.example -all"], MANY, "spf_lookups", ""),
        (["v=spf1 include:s2.example -all"], MANY, "spf", ""),
        (["v=spf1 include:mail.example -all"], {}, "spf_lookups", ""),
        (["v=spf1 redirect=s11.example"], MANY, "spf", ""),
        (["v=spf1 include:%{d}._spf.example exists:%{i}.x -all"], {}, "spf", ""),
        ([f"v=spf1 {'ip4:192.0.2.1 ' * 60}-all"], {}, "spf", ""),
    ],
)
def test_who_may_send(texts, more, code, detail):
    records = more if texts is None else {**more, DOMAIN: texts}
    found = check(records)["spf"]
    assert (found.code, found.detail) == (code, detail)
    assert len(found.record) <= sender_dns.LONGEST_RECORD


@pytest.mark.parametrize(
    ("records", "code", "detail"),
    [
        ({}, "dmarc_none", "_dmarc.mail.example"),
        ({"_dmarc.mail.example": ["v=DMARC1; p=reject"]}, "dmarc", "reject"),
        ({"_dmarc.mail.example": ["v=DMARC1;p=none"]}, "dmarc_watching", "none"),
        ({"_dmarc.mail.example": ["v=DMARC1"]}, "dmarc_broken", "_dmarc.mail.example"),
        (
            {"_dmarc.mail.example": ["v=DMARC1;p=none"] * 2 + ["v=DMARC1;p=reject"]},
            "dmarc_broken",
            "_dmarc.mail.example",
        ),
    ],
)
def test_what_becomes_of_mail_that_fails(records, code, detail):
    found = check(records)["dmarc"]
    assert (found.code, found.detail) == (code, detail)


def test_a_policy_holds_below():
    records = {"_dmarc.mail.example": ["v=DMARC1; p=reject; sp=none"]}
    assert check(records)["dmarc"].code == "dmarc"
    assert check(records, domain="a.b.mail.example")["dmarc"].code == "dmarc_watching"


@pytest.mark.parametrize(
    ("signature", "texts", "code"),
    [
        ("", [f"v=DKIM1; p={LONG}"], "dkim_unknown"),
        ("nothing that says so", [f"v=DKIM1; p={LONG}"], "dkim_unknown"),
        ("key1", [f"v=DKIM1; k=rsa; p={LONG}"], "dkim"),
        (SIGNATURE.format(domain=DOMAIN), [f"p={LONG}"], "dkim"),
        (SIGNATURE.format(domain=DOMAIN), [], "dkim_none"),
        (SIGNATURE.format(domain=DOMAIN), ["v=DKIM1; p="], "dkim_unusable"),
        ("key1", ["p=c29tZXRoaW5n"], "dkim_unusable"),
        ("key1", [f"p={key(1024)}"], "dkim"),
        (
            "key1",
            ["k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
            "dkim",
        ),
        (SIGNATURE.format(domain="other.example"), [f"p={LONG}"], "dkim_other"),
        (SIGNATURE.format(domain="ample"), [f"p={LONG}"], "dkim_other"),
    ],
)
def test_which_key_signs(signature, texts, code):
    found = check({f"key1._domainkey.{DOMAIN}": texts}, signature)["dkim"]
    assert found.code == code


def test_nobody_waits_for_long(monkeypatch):
    """Name servers that say nothing are asked for some seconds altogether, and what is
    not known is not said to be wrong."""
    monkeypatch.setattr(sender_dns, "MOST_SECONDS_EACH", 0.2)
    began = monotonic()
    with name_server.NameServer({}):
        questions = sender_dns.Questions(0.2)
        for _time in range(5):
            with pytest.raises(sender_dns.UnansweredError):
                questions.texts("silent.example")
    assert monotonic() - began < 1.5
    monkeypatch.setattr(sender_dns, "MOST_SECONDS", 0.1)
    with name_server.NameServer({}):
        found = list(sender_dns.check(["silent.example"], "key1"))
    assert [finding.code for finding in found] == ["unanswered"] * 3


def test_it_can_do_without(monkeypatch):
    assert sender_dns.is_available()
    monkeypatch.setattr(sender_dns, "dns", None)
    assert not sender_dns.is_available()
