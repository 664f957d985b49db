"""EVI-2: witnesses: cosignatures byte for byte, what a witness refuses and how, what a
log reads of the answer, and what is asked outside."""

import base64
import hashlib
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from addon_tools import load
from test_tlog import ORIGIN, SIGNER, grown, leaves, merkle, note

checkpoint = load("tlog.checkpoint")
cosignature = load("tlog.cosignature")
outside = load("outside")
proof = load("tlog.proof")
restore = load("tlog.restore")
witness = load("tlog.witness")
ProofError = merkle.ProofError

# the key of a witness that is there, and the first half of a cosignature of another one
KEY_OF_A_WITNESS = (
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
)
COSIGNED = "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w"
NOW = 1_700_000_000
COSIGNER = cosignature.Cosigner("witness.example/w1", b"w" * 32, NOW)
KEYS = [SIGNER.verifier]
EMPTY = (0, merkle.EMPTY_ROOT)


def signed(store, size=None, signer=SIGNER):
    size = store.size if size is None else size
    made = checkpoint.Checkpoint(ORIGIN, size, store.root(size))
    return made.sign([signer])


def submission(store, former=0, size=None):
    size = store.size if size is None else size
    path = merkle.consistency_proof(former, size, store.reader)
    return witness.Submission(former, tuple(path), signed(store, size))


def answer(posted, size=0, root=merkle.EMPTY_ROOT, keys=KEYS):
    """:return: the status of a witness, and the size that it names"""
    try:
        read = witness.Submission.parse(str(posted).encode())
        read.signed_by(keys)
        read.check_follows(size, root)
    except witness.Refusal as refusal:
        return refusal.status, refusal.content
    return 200, ""


def test_cosignature_is_as_specified():
    """The message, the key and the line, put together here by the specification."""
    text = signed(grown(3)).text
    line = COSIGNER.sign(text)
    public = SIGNER.__class__("x", COSIGNER.seed).verifier.public
    key_id = hashlib.sha256(b"witness.example/w1\n\x04" + public).digest()[:4]
    content = base64.b64decode(str(line).split(" ")[2])
    assert content[:4] == key_id
    assert content[4:12] == NOW.to_bytes(8, "big")
    message = f"cosignature/v1\ntime {NOW}\n{text}".encode()
    key = note.Ed25519PublicKey.from_public_bytes(public)
    key.verify(content[12:], message)
    said = base64.b64encode(b"\x04" + public).decode()
    assert str(COSIGNER.verifier) == f"witness.example/w1+{key_id.hex()}+{said}"
    assert "w" * 8 not in repr(COSIGNER)


def test_keys_and_moments_of_others():
    verifier = cosignature.CosignatureVerifier.parse(KEY_OF_A_WITNESS)
    assert str(verifier) == KEY_OF_A_WITNESS
    content = base64.b64decode(COSIGNED)
    line = note.Signature("witness.example", content[:4], content[4:])
    assert cosignature.moment(line) == 1727964367


def test_cosignature_is_of_one_text_and_one_moment():
    both = signed(grown(3)).signed([COSIGNER])
    [line] = cosignature.check_cosigned(both, [COSIGNER.verifier])
    assert cosignature.moment(line) == NOW
    assert both.check(KEYS) == KEYS, "the log has signed it as before"
    later = cosignature.MOMENT.pack(NOW + 1) + line.signature[8:]
    moved = note.Signature(line.name, line.key_id, later)
    for changed in (
        note.Note(signed(grown(4)).text, both.signatures),
        note.Note(both.text, (*both.signatures[:1], moved)),
    ):
        with pytest.raises(ProofError, match="not valid"):
            cosignature.check_cosigned(changed, [COSIGNER.verifier])
    with pytest.raises(ProofError, match="has not cosigned"):
        cosignature.check_cosigned(signed(grown(3)), [COSIGNER.verifier])


def test_keys_of_logs_and_of_witnesses_are_not_taken_for_each_other():
    with pytest.raises(ProofError):
        cosignature.CosignatureVerifier.parse(str(SIGNER.verifier))
    with pytest.raises(ProofError):
        note.Verifier.parse(str(COSIGNER.verifier))
    # the same key under both names signs two different messages
    same = cosignature.Cosigner(SIGNER.name, SIGNER.seed, NOW)
    made = note.Note(signed(grown(3)).text).signed([same])
    with pytest.raises(ProofError, match="no signature of a known key"):
        made.check(KEYS)


@pytest.mark.parametrize("content", [b"", b"\0" * 8, b"\0" * 72, b"\xff" * 72])
def test_cosignature_of_no_moment(content):
    line = note.Signature(COSIGNER.name, COSIGNER.verifier.key_id, content or b"x")
    made = note.Note(signed(grown(3)).text, (line,))
    with pytest.raises(ProofError):
        cosignature.check_cosigned(made, [COSIGNER.verifier])


def test_what_a_witness_cosigns():
    store = grown(5, 4)
    assert answer(submission(store, 0, 5)) == (200, "")
    assert answer(submission(store, 5), 5, store.root(5)) == (200, "")
    assert answer(submission(store, 9), 9, store.root()) == (200, ""), "once more"
    read = witness.Submission.parse(str(submission(store, 5)).encode())
    assert read == submission(store, 5)


def test_what_a_witness_refuses():
    """Each with the status of the specification."""
    store, other = grown(9), grown(9)
    other[0, 0] = b"".join(leaves(9, b"other"))
    held = (5, store.root(5))
    stranger = note.Signer(ORIGIN, b"1" * 32)
    hashes = submission(store, 5).hashes
    post = witness.Submission
    assert answer(submission(store), keys=[])[0] == 404
    assert answer(post(0, (), signed(store, signer=stranger)))[0] == 403
    torn = str(signed(store)).replace("\n9\n", "\n8\n")
    assert answer(post(0, (), torn))[0] == 403, "a known key, and no signature of it"
    assert answer(post(10, hashes, signed(store)), *held)[0] == 400
    assert answer(submission(store, 4), *held) == (409, "5\n")
    assert answer(submission(store, 0, 3), *held) == (409, "5\n"), "replayed"
    assert answer(post(5, hashes[1:], signed(store)), *held)[0] == 422
    assert answer(submission(other, 5), *held)[0] == 422
    assert answer(submission(other, 5, 5), *held)[0] == 422
    assert answer(post(0, hashes, signed(store)))[0] == 422
    nothing = checkpoint.Checkpoint(ORIGIN, 0, b"1" * 32).sign([SIGNER])
    assert answer(post(0, (), nothing))[0] == 422
    assert submission(other, 5, 5).is_fork(*held)
    assert not submission(other, 5).is_fork(*held), "a stranger may have done that"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"old 0\n",
        b"old 00\n\n{note}",
        b"old -1\n\n{note}",
        b"new 0\n\n{note}",
        b"old 0\nAAAA\n\n{note}",
        b"old 1\n" + b"{hash}\n" * 64 + b"\n{note}",
        b"old 0\n\nno checkpoint\n\n\xe2\x80\x94 name AAAAAAAA\n",
        b"old 0\r\n\r\n{note}",
    ],
)
def test_what_is_no_submission(body):
    one = base64.b64encode(b"1" * 32)
    body = body.replace(b"{hash}", one)
    body = body.replace(b"{note}", str(signed(grown(3))).encode())
    with pytest.raises(witness.Refusal) as refused:
        witness.Submission.parse(body)
    assert refused.value.status == 400


def test_what_a_log_reads_of_the_answer():
    text = signed(grown(3)).text
    keys = [COSIGNER.verifier]
    line = str(COSIGNER.sign(text))
    other = str(cosignature.Cosigner("other.example", b"o" * 32, NOW).sign(text))
    read = witness.read_cosignatures
    assert "".join(map(str, read(text, (other + line).encode(), keys, NOW))) == line
    for content, now in (
        (other, NOW),
        ("", NOW),
        ("<html>", NOW),
        (f"more\n\n{line}", NOW),
        (line, NOW - 7200),
        (str(COSIGNER.sign(text + "more\n")), NOW),
    ):
        with pytest.raises(ProofError):
            read(text, content.encode(), keys, now)
    assert witness.read_size(b"20852163\n") == 20852163
    for content in (b"", b"5", b"05\n", b"-5\n", b"9" * 40 + b"\n"):
        with pytest.raises(ProofError):
            witness.read_size(content)


def test_what_the_settings_name():
    key, url = COSIGNER.verifier, "https://witness.example/privacy/witness"
    second = cosignature.Cosigner(COSIGNER.name, b"2" * 32, NOW).verifier
    contacts = witness.read_contacts(f"{key} {url}/\n\n{second}  {url}\n")
    assert contacts == {key.name: witness.Contact(key.name, url, (key, second))}
    logs = witness.read_verifiers(f"{SIGNER.verifier}\n")
    assert logs == {ORIGIN: KEYS}
    for text in (f"{key}", f"{SIGNER.verifier} {url}", f"{key} {url}\n{second} {url}2"):
        with pytest.raises(ProofError):
            witness.read_contacts(text)
    with pytest.raises(ProofError):
        witness.read_verifiers(str(key))


def test_declaration_of_a_restore():
    made = restore.Restore(3, b"1" * 32, 9, b"2" * 32, 7, "disk lost: backup of Monday")
    assert restore.Restore.parse(made.text) == made
    assert f", {restore.lost(9, b'2' * 32)}," in made.text
    entry = f"statement {'5a' * 16} {made.text}".encode()
    assert restore.Restore.proven(proof.Proof(3, (), "", entry)) == made
    for index, extra in (
        (4, entry),
        (3, entry.replace(b"statement", b"event")),
        (3, entry.replace(b"restored", b"renewed")),
        (3, b""),
        (3, None),
    ):
        with pytest.raises(ProofError):
            restore.Restore.proven(proof.Proof(index, (), "", extra))
    shorter = made.text.replace(": disk lost: backup of Monday", "")
    assert restore.Restore.parse(shorter).reason == "", "as before there were reasons"
    with pytest.raises(ProofError):
        restore.Restore.parse(made.text.replace("MTEx", "", 1))


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://witness.example/w1", True),
        ("https://witness.example:8443", True),
        ("http://localhost:8069/privacy/witness", True),
        ("http://127.0.0.1/", True),
        ("http://[::1]:8069/w", True),
        ("http://witness.example/w1", False),
        ("http://localhost.example/w1", False),
        ("http://localhost@witness.example/", False),
        ("https://user:secret@witness.example/", False),
        ("https://witness.example/?to=", False),
        ("https://witness.example/#", True),
        ("https://witness.example/#here", False),
        ("https://witness.example:port/", False),
        ("https://witness.example/a b", False),
        ("https://witness.example\\@other.example/", False),
        ("https://[::1/", False),
        ("https:///w1", False),
        ("file:///etc/passwd", False),
        ("ftp://witness.example/", False),
        ("witness.example", False),
        ("", False),
    ],
)
def test_what_may_be_asked(url, is_one):
    assert outside.is_address(url) is is_one
    if not is_one:
        with pytest.raises(outside.Unreachable):
            outside.ask(url, 10)


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.reply(409, self.rfile.read(length))

    def do_GET(self):
        if self.path == "/away":
            self.reply(302, b"", Location="/here")
        elif self.path == "/drip":
            self.drip()
        else:
            self.reply(200, b"x" * 1000)

    def drip(self):
        """A header of which a byte comes now and then."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
        with suppress(OSError):
            for _byte in range(50):
                self.wfile.write(b"x")
                time.sleep(0.01)

    def reply(self, status, content, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(content), **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        pass


@pytest.fixture
def url():
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_asking(url, monkeypatch):
    """No redirect is followed, and no more is read, and no longer, than is allowed."""
    assert outside.ask(f"{url}/post", 10, b"posted") == (409, b"posted")
    assert outside.ask(f"{url}/here", 1000) == (200, b"x" * 1000)
    assert outside.ask(f"{url}/away", 1000) == (302, b"")
    with pytest.raises(outside.Unreachable, match="length"):
        outside.ask(f"{url}/here", 999)
    with pytest.raises(outside.Unreachable, match="ConnectionError"):
        outside.ask("http://127.0.0.1:9", 10)
    monkeypatch.setattr(outside, "SECONDS", 0.1)
    with pytest.raises(outside.Unreachable, match="time"):
        outside.ask(f"{url}/drip", 1000)
