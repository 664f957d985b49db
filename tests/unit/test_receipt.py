"""EVI-3: receipts are what programs of others expect, and who alters one is found."""

import copy
import hashlib
import json
import socket
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from addon_tools import load
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyshacl import validate
from rdflib import Graph

ledger = load("ledger")
content = load("receipt.content")
signature = load("receipt.signature")
checkpoint = load("tlog.checkpoint")
merkle = load("tlog.merkle")
note = load("tlog.note")
proof = load("tlog.proof")
verify_receipt = load("verify_receipt")

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "privacy_guard" / "tests" / "evidence" / "receipt_shapes.ttl"
SEED = b"7" * 32
SIGNER = note.Signer("odoo.example.com/privacy/log", SEED)
KEY = str(SIGNER.verifier)
CREATED = "2026-01-31T10:00:00Z"
COMPANY = content.Controller(
    id="https://odoo.example.com/#controller-1",
    identifier="BE0477472701",
    name="Our Company",
    url="https://odoo.example.com",
    country="BE",
    address="1 Street, 9000 Ghent",
    email="privacy@example.com",
)
# the W3C's own vector of the suite
VECTOR = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/examples/v2",
    ],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:abcdefgh",
        "alumniOf": "The School of Examples",
    },
}
VECTOR_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
VECTOR_PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": f"did:key:{VECTOR_KEY}#{VECTOR_KEY}",
    "proofPurpose": "assertionMethod",
    "@context": VECTOR["@context"],
    "proofValue": "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3G"
    "AVFuUfjoJdcnTMuVor51aX",
}


def chain(*values):
    """Events that follow each other: asked, and the answers."""
    events, last = [], ""
    for number, value in enumerate(("waiting", *values), 1):
        kind = "answer" if number > 1 else "request"
        stated = dict.fromkeys(ledger.EVENT_FIELDS)
        stated.update(version=3, previous_hash=last, sequence=number, kind=kind)
        stated.update(date=CREATED, res_model="res.partner", res_id=7, purpose_id=1)
        stated.update(value_to=value, source="preferences")
        hashed = ledger.canonical(stated)
        last = hashlib.sha256(hashed.encode()).hexdigest()
        events.append((last, hashed, kind, value))
    return events


def make_receipt(*values, proven=False, **changed):
    payload = ledger.notice_payload(1, 1, "en_US", "News", "May we?", "no", "consent")
    notice = content.Notice(
        sha256=hashlib.sha256(payload.encode()).hexdigest(),
        hashed=payload,
        name="News",
        text="May we?",
        lang="en-US",
        date=CREATED,
        version=1,
    )
    rows = chain(*values)
    sealed = prove(rows[-1][0]) if proven else None
    events = [
        content.Event(
            *row,
            date=CREATED,
            method="Preferences page",
            is_of_person=row[2] == "answer",
            notice=notice.sha256,
            proof=sealed if row is rows[-1] else None,
            proof_url="https://odoo.example.com/privacy/proof/7/token",
        )
        for row in rows
    ]
    record = {
        "identifier": "00000000-0000-4000-8000-000000000001",
        "subject": "00000000-0000-4000-8000-000000000002",
        "controller": COMPANY,
        "name": "News",
        "purpose": "DirectMarketing",
        "data": [("EmailAddress", "E-mail address")],
        "is_sensitive": False,
        "legal_basis": "consent",
        "recipients": ["Printing house, Ghent"],
        "countries": ["BE"],
        "control_url": "https://odoo.example.com/my/privacy",
        "until": "The answer is changed",
        "notices": [notice],
        "events": events,
        **changed,
    }
    number = "00000000-0000-4000-8000-000000000003"
    made = content.receipt(number, CREATED, COMPANY, [content.Record(**record)])
    return json.loads(json.dumps(signature.sign(made, SEED, CREATED)))


def prove(event_hash):
    entry = ledger.log_entry("00" * 16, event_hash).encode()
    root = merkle.leaf_hash(entry)
    signed = checkpoint.Checkpoint(SIGNER.name, 1, root).sign([SIGNER])
    return str(proof.Proof(0, (), str(signed), entry))


def nothing_is_fetched(*_args):
    raise AssertionError("A receipt says itself what its names mean.")


def complaints(receipt):
    """:return: what the shapes say, expanded with the network cut; nothing if it
    conforms"""
    options = {"documentLoader": nothing_is_fetched}
    with patch.object(socket, "socket", nothing_is_fetched):
        expanded = jsonld.expand(receipt, options)
        for node in expanded:
            # a graph of its own, which says nothing of the consent
            assert node.pop("https://w3id.org/security#proof")
        triples = jsonld.to_rdf(expanded, {**options, "format": "application/n-quads"})
    graph = Graph().parse(data=triples, format="nt")
    shapes = Graph().parse(SHAPES)
    conforms, _graph, text = validate(graph, shacl_graph=shapes)
    return "" if conforms else text


def without(receipt, path):
    """:param path: names and positions that lead to what is left out"""
    changed = copy.deepcopy(receipt)
    node = changed
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return changed


RECORD = ("dpv:hasRecordOfActivity", 0)
PROCESS = (*RECORD, "dpv:hasProcess")
STATUS = (*RECORD, "dpv:hasConsentStatus", 1)
PARTY = (*RECORD, "dpv:hasEntity")
NOTICE = (*RECORD, "dpv:hasNotice", 0)
REQUIRED = [
    ("dct:conformsTo",),
    ("dpv:hasIdentifier",),
    ("dct:created",),
    ("dct:publisher",),
    ("dpv:hasRecordOfActivity",),
    *((*RECORD, name) for name in ("dct:conformsTo", "dct:identifier")),
    *((*RECORD, name) for name in ("dpv:hasDataSubject", "dpv:hasNotice")),
    *((*RECORD, name) for name in ("dpv:hasProcess", "dpv:hasConsentStatus")),
    (*RECORD, "dpv:hasEntity"),
    *((*NOTICE, name) for name in ("dct:language", "dct:date", "schema:sha256")),
    *((*PROCESS, name) for name in ("dpv:hasPurpose", "dpv:hasPersonalData")),
    *((*PROCESS, name) for name in ("dpv:hasDataController", "dpv:hasRecipient")),
    *((*PROCESS, name) for name in ("dpv:hasLegalBasis", "dpv:hasStorageCondition")),
    *((*PROCESS, name) for name in ("dpv:hasConsentControl", "dpv:hasRight")),
    *((*PROCESS, name) for name in ("dpv:hasJurisdiction", "dpv:hasApplicableLaw")),
    (*PROCESS, "dpv:hasPurpose", "skos:broader"),
    (*PROCESS, "dpv:hasPersonalData", 0, "skos:broader"),
    (*PROCESS, "dpv:hasStorageCondition", 0),
    (*PROCESS, "dpv:hasStorageCondition", 1, "dpv:hasLocation"),
    (*PROCESS, "dpv:hasConsentControl", "dpv:isExercisedAt"),
    *((*PARTY, name) for name in ("dpv:hasName", "schema:contactPoint")),
    *((*PARTY, name) for name in ("schema:address", "dpv:hasIdentifier")),
    *((*STATUS, name) for name in ("@type", "dpv:isIndicatedAtTime")),
    *((*STATUS, name) for name in ("dpv:isIndicatedBy", "dpv:hasDuration")),
    *((*STATUS, name) for name in ("dpv:hasIndicationMethod", "schema:sha256")),
]


@pytest.mark.parametrize(
    "receipt",
    [
        make_receipt("granted"),
        make_receipt("granted", "granted", "refused", "granted", proven=True),
        make_receipt(),
        make_receipt("refused", legal_basis="legitimate_interests", recipients=[]),
        make_receipt("granted", countries=[], data=[("PersonalData", "Motto")]),
    ],
)
def test_conforms(receipt):
    assert complaints(receipt) == ""


@pytest.mark.parametrize("path", REQUIRED, ids=lambda path: str(path[-1]))
def test_lacks_nothing(path):
    """Whatever is left out that the profile requires, the shapes miss."""
    assert complaints(without(make_receipt("granted"), path))


def test_states():
    """A yes after a yes renews it, a no after one withdraws it."""
    receipt = make_receipt("refused", "granted", "granted", "refused", "granted")
    [record] = receipt["dpv:hasRecordOfActivity"]
    assert [node["@type"][0] for node in record["dpv:hasConsentStatus"]] == [
        "dpv:ConsentRequested",
        "dpv:ConsentRefused",
        "dpv:ConsentGiven",
        "dpv:RenewedConsentGiven",
        "dpv:ConsentWithdrawn",
        "dpv:ConsentGiven",
    ]


def test_signature_is_that_of_the_suite():
    public = signature._from_multibase(VECTOR_KEY)[len(signature.ED25519) :]
    signature.check({**VECTOR, "proof": VECTOR_PROOF}, [public])
    with pytest.raises(signature.SignatureError, match="altered"):
        signature.check({**VECTOR, "name": "x", "proof": VECTOR_PROOF}, [public])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"dct:identifier": "another"}, "altered"),
        ({"proof": None}, "not signed"),
        ({"proof": {**VECTOR_PROOF, "cryptosuite": "none"}}, "not signed by"),
        ({"proof": VECTOR_PROOF}, "not of this document"),
        ({"@context": {}}, "not of this document"),
    ],
)
def test_signature_of_something_else(changed, said):
    with pytest.raises(signature.SignatureError, match=said):
        signature.check({**make_receipt(), **changed}, [SIGNER.verifier.public])


@pytest.mark.parametrize("value", [None, 7, "", "x", "z0OIl", "z" + "1" * 1000, "z11"])
def test_broken_signature(value):
    receipt = make_receipt()
    receipt["proof"]["proofValue"] = value
    with pytest.raises(signature.SignatureError):
        signature.check(receipt, [SIGNER.verifier.public])


def found(receipt, *files):
    keys = [SIGNER.verifier]
    return list(verify_receipt.problems(receipt, keys)), [
        verify_receipt.prove(receipt, text, keys)
        for text in (*verify_receipt.proofs(receipt), *files)
    ]


def test_verifying():
    problems, proven = found(make_receipt("granted", proven=True))
    assert problems == []
    assert "News: the event " in proven[0]
    assert "in its checkpoint of 1 event." in proven[0]
    later = make_receipt("granted")
    assert found(later) == ([], [])
    assert len(found(later, prove(chain("granted")[-1][0]))[1]) == 1
    with pytest.raises(merkle.ProofError, match="no event"):
        found(later, prove("00" * 32))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ((*STATUS, "schema:text"), chain("refused")[-1][1], "does not match its hash"),
        ((*STATUS, "dpv:isIndicatedAtTime"), "2020-01-01T00:00:00Z", "another time"),
        ((*NOTICE, "schema:text"), "[]", "does not match its hash"),
        ((*NOTICE, "dct:description"), "May we sell it?", "shows another text"),
        ((*NOTICE, "dct:title"), None, "shows another text"),
        ((*RECORD, "dpv:hasConsentStatus", 0, "schema:sha256"), "00" * 32, "follow"),
    ],
)
def test_what_was_altered_is_found(path, value, said):
    """Also by whoever has the key, and signs it again."""
    receipt = make_receipt("granted")
    node = receipt
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    del receipt["proof"]
    again = signature.sign(receipt, SEED, CREATED)
    assert any(said in problem for problem in found(again)[0])


def run(tmp_path, receipt, *arguments):
    path = tmp_path / "privacy-receipt.jsonld"
    path.write_text(json.dumps(receipt), encoding="utf-8")
    script = ROOT / "privacy_guard" / "tools" / "verify_receipt.py"
    return subprocess.run(
        [sys.executable, str(script), str(path), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )


def test_command(tmp_path):
    """What a stranger types, without Odoo."""
    sound = run(tmp_path, make_receipt("granted", proven=True), "--key", KEY)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.endswith("1 consent, 0 problems\n")
    # as the receipt writes the key, and as the proof pack does
    assert signature.did(SIGNER.verifier.public) in sound.stdout
    assert KEY in sound.stdout
    pending = run(tmp_path, make_receipt("granted"), "--key", KEY)
    head = chain("granted")[-1][0]
    assert f"News: no proof was given for the event {head}" in pending.stdout
    other = str(note.Signer(SIGNER.name, b"8" * 32).verifier)
    forged = run(tmp_path, make_receipt("granted"), "--key", other)
    assert forged.returncode == 1
    assert "another key" in forged.stdout
    for broken in ([], {}, {"dpv:hasRecordOfActivity": [{}]}, "text"):
        assert verify_receipt.main([str(tmp_path / "none")]) == 2
        with pytest.raises(verify_receipt.Unreadable):
            verify_receipt.records(broken)


def places(node, path=()):
    """:return: the paths of all names and positions in a document"""
    items = enumerate(node) if isinstance(node, list) else ()
    items = node.items() if isinstance(node, dict) else items
    for step, value in items:
        yield (*path, step)
        yield from places(value, (*path, step))


SOUND = make_receipt("granted", "refused", proven=True)
PLACES = list(places(SOUND))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner),
    max_leaves=3,
)


@settings(max_examples=80)
@given(st.sampled_from(PLACES), st.none() | st.text(max_size=5), JSON)
def test_whatever_is_altered_ends_with_a_word(tmp_path_factory, path, name, value):
    """A name or a value, anywhere: a problem or a refusal, no traceback."""
    receipt = copy.deepcopy(SOUND)
    node = receipt
    for step in path[:-1]:
        node = node[step]
    if isinstance(node, dict) and name is not None:
        node[name] = node.pop(path[-1])
    else:
        node[path[-1]] = value
    file = tmp_path_factory.getbasetemp() / "altered.jsonld"
    file.write_text(json.dumps(receipt), encoding="utf-8")
    status = verify_receipt.main([str(file), "--key", KEY])
    # the proof has a text of its own, and may go without taking the rest along
    assert status in (1, 2) or receipt == SOUND
