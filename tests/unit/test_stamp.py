"""EVI-2: time stamps of checkpoints (RFC 3161): what an authority is asked and what is
believed of its answer; a stranger checks it, with our program or with openssl."""

import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import util
from pathlib import Path

import pytest
from addon_tools import TOOLS, load
from test_tlog import ORIGIN, SIGNER, checkpoint, merkle, note, proof

outside = load("outside")
stamp = load("stamp")
verify_stamp = load("verify_stamp")

HELPER = TOOLS.parent / "tests" / "evidence" / "stamp_authority.py"
spec = util.spec_from_file_location("stamp_authority", HELPER)
authority = util.module_from_spec(spec)
spec.loader.exec_module(authority)

AUTHORITY = authority.Authority()
OTHER = authority.Authority("Other")
HASH = "ab" * 32
ENTRY = f"event {'0' * 32} {HASH}".encode()
# a log of one event, whose hash is its root
SIGNED = str(checkpoint.Checkpoint(ORIGIN, 1, merkle.leaf_hash(ENTRY)).sign([SIGNER]))
COSIGNED = str(note.Note.parse(SIGNED).signed([note.Signer("other", b"o" * 32)]))
MESSAGE = SIGNED.encode()
QUERY = stamp.make_query(MESSAGE)
KNOWN = stamp.read_certificates(AUTHORITY.pem)


def answer(by=AUTHORITY, **changes):
    return by.answer(QUERY.as_bytes(), **changes)


def test_a_time_stamp():
    found = stamp.open_answer(answer(), QUERY, MESSAGE, KNOWN)
    assert found.authority == "CN=Authority"
    assert stamp.check(found.token, MESSAGE, KNOWN) == found
    both = stamp.read_certificates(OTHER.pem + AUTHORITY.pem)
    assert stamp.check(found.token, MESSAGE, both) == found


GIVEN = answer()
OTHER_IMPRINT = {
    "hash_algorithm": {"algorithm": "sha256"},
    "hashed_message": b"x" * 32,
}
LONGER_HASH = {
    "hash_algorithm": {"algorithm": "sha512"},
    "hashed_message": b"x" * 64,
}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (answer(message_imprint=OTHER_IMPRINT), "something else"),
        (answer(message_imprint=LONGER_HASH), "not of a SHA-256"),
        (answer(nonce=QUERY.nonce + 1), "Nonce"),
        (answer(by=OTHER), "do not lead to who has signed it"),
        (AUTHORITY.refusal(), "status 2.*Pay first"),
        (GIVEN[:-1] + bytes([GIVEN[-1] ^ 1]), "does not hold"),
        (GIVEN[:-1], "no time stamp"),
        (b"", "no time stamp"),
        (b"<html>", "no time stamp"),
        (b"x" * (stamp.MOST_BYTES + 1), "too long"),
    ],
)
def test_what_is_not_believed(content, said):
    with pytest.raises(stamp.StampError, match=said):
        stamp.open_answer(content, QUERY, MESSAGE, KNOWN)


def test_any_altered_answer_is_refused_or_says_the_same():
    """Whatever somebody on the way does to it, and nothing else is ever raised."""
    given = answer()
    found = stamp.open_answer(given, QUERY, MESSAGE, KNOWN)
    for place in range(0, len(given), 3):
        changed = given[:place] + bytes([given[place] ^ 0x41]) + given[place + 1 :]
        try:
            again = stamp.open_answer(changed, QUERY, MESSAGE, KNOWN)
        except stamp.StampError:
            continue
        assert again.moment == found.moment


@pytest.mark.parametrize(
    "text", ["", "x", AUTHORITY.pem.replace("MII", "NII"), OTHER.pem * 11]
)
def test_what_is_no_certificate(text):
    with pytest.raises(stamp.StampError):
        stamp.read_certificates(text)


def test_certificates_of_a_file():
    der = AUTHORITY.root.public_bytes(authority.Encoding.DER)
    assert stamp.as_pem(der) == AUTHORITY.pem == stamp.as_pem(AUTHORITY.pem.encode())
    with pytest.raises(stamp.StampError):
        stamp.as_pem(b"\xff\x00")


class Server(BaseHTTPRequestHandler):
    """An authority in a place of its own."""

    def do_POST(self):
        assert self.headers["Content-Type"] == "application/timestamp-query"
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        content = AUTHORITY.answer(asked)
        if self.path == "/long":
            content += b"x" * stamp.MOST_BYTES
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Location", "/")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        pass


def test_asking_an_authority():
    """Over http as well: it is signed. Nothing follows where it leads."""

    def ask(path):
        posted = QUERY.as_bytes()
        options = {"content_type": stamp.QUERY, "plain": True}
        return outside.ask(f"{url}{path}", stamp.MOST_BYTES, posted, **options)

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        status, content = ask("/")
        assert (status, ask("/away")[0]) == (200, 302)
        with pytest.raises(outside.Unreachable, match="length"):
            ask("/long")
        server.shutdown()
    assert stamp.open_answer(content, QUERY, MESSAGE, KNOWN)
    assert outside.is_address("http://tsa.example/tsr", plain=True)
    for wrong in (
        "ftp://tsa.example/",
        "http://u@tsa.example/",
        "http://tsa.example/?",
    ):
        assert outside.is_address(wrong, plain=True) is wrong.endswith("/?")


# ----------------------------------------------------------------------------------
# Without Odoo
# ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    token = stamp.open_answer(answer(), QUERY, MESSAGE, KNOWN).token
    for name, content in {
        "stamped.txt": MESSAGE,
        "checkpoint.txt": COSIGNED.encode(),
        "other.txt": SIGNED.replace("\n1\n", "\n2\n").encode(),
        "unsigned.txt": b"x",
        "event.tlog-proof": str(proof.Proof(0, (), COSIGNED, ENTRY)).encode(),
        "wrong.tlog-proof": str(proof.Proof(0, (), COSIGNED, b"x")).encode(),
        "broken.tlog-proof": b"c2sp.org/tlog-proof@v1\n",
        "stamped.tst": token,
        "root.pem": AUTHORITY.pem.encode(),
        "other.pem": OTHER.pem.encode(),
    }.items():
        Path(tmp_path, name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "certificates", "status", "said"),
    [
        ("stamped.txt", "root.pem", 0, "of 1 event was there on 20"),
        ("checkpoint.txt", "root.pem", 0, "UTC, says CN=Authority: 0 problems"),
        ("event.tlog-proof", "root.pem", 0, f"The event {HASH} was there on"),
        ("wrong.tlog-proof", "root.pem", 1, ""),
        ("stamped.txt", "other.pem", 1, "do not lead"),
        ("stamped.txt", "stamped.txt", 1, "no certificate"),
        ("other.txt", "root.pem", 1, "something else"),
        ("unsigned.txt", "root.pem", 1, "signatures are missing"),
        ("broken.tlog-proof", "root.pem", 1, "no proof"),
        ("missing.txt", "root.pem", 2, ""),
    ],
)
def test_a_stranger_checks_it(folder, capsys, file, certificates, status, said):
    paths = [str(folder / name) for name in (file, "stamped.tst")]
    options = ["--certificates", str(folder / certificates)]
    assert verify_stamp.main([*paths, *options]) == status
    printed = capsys.readouterr().out
    assert said in printed
    assert status != 1 or "stamped.tst" in printed, "of which file it is said"


def test_it_is_a_program(folder, monkeypatch, capsys):
    """And says what it needs where that is missing."""
    arguments = ["stamped.txt", "stamped.tst", "--certificates", "root.pem"]
    command = [sys.executable, str(TOOLS / "verify_stamp.py"), *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    assert verify_stamp.main(["stamped.txt"]) == 2
    monkeypatch.setattr(stamp, "tsp", None)
    monkeypatch.chdir(folder)
    assert verify_stamp.main(arguments) == 2
    assert "rfc3161-client" in capsys.readouterr().err


def test_openssl_checks_it(folder):
    """Another implementation, where it is there: as the documents have it."""
    if openssl := shutil.which("openssl"):
        for name, status in {"stamped.txt": 0, "other.txt": 1}.items():
            files = ["-in", "stamped.tst", "-token_in", "-data", name]
            command = [openssl, "ts", "-verify", *files, "-CAfile", "root.pem"]
            done = subprocess.run(command, cwd=folder, capture_output=True)
            assert done.returncode == status, done.stderr
