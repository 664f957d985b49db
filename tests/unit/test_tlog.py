"""EVI-2: the transparency log: tree, tiles, notes, checkpoints and proofs, byte for
byte."""

import base64
import hashlib

import pytest
from addon_tools import load
from hypothesis import given, settings
from hypothesis import strategies as st

merkle = load("tlog.merkle")
tiles = load("tlog.tiles")
note = load("tlog.note")
checkpoint = load("tlog.checkpoint")
proof = load("tlog.proof")
ProofError = merkle.ProofError

# The entries and roots with which implementations of RFC 6962 have been compared since
# the first one.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

# Examples of the specifications
VERIFIER = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNED = (
    "This is an example message.\n"
    "\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYN"
    "ZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
)

ORIGIN = "odoo.example/privacy/log"
SIGNER = note.Signer(ORIGIN, bytes(range(32)))


def oracle(hashes):
    """The root as RFC 6962 defines it, word by word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    parts = oracle(hashes[:middle]) + oracle(hashes[middle:])
    return hashlib.sha256(b"\1" + parts).digest()


def leaves(count, salt=b""):
    return [merkle.leaf_hash(salt + b"%d" % number) for number in range(count)]


class Store(dict):
    """Tiles as a database keeps them."""

    size = 0

    def append(self, hashes):
        self.size, changed = tiles.grow(self.size, hashes, self.read)
        for place, content in changed.items():
            kept = self.get(place, b"")
            assert content.startswith(kept), "a hash that was there has changed"
            self[place] = content
        return self

    def read(self, level, number):
        return self[level, number]

    @property
    def reader(self):
        return tiles.Reader(self.read)

    def root(self, size=None):
        return merkle.root(self.size if size is None else size, self.reader)


def grown(*counts):
    store, hashes = Store(), leaves(sum(counts))
    for count in counts:
        store.append(hashes[store.size : store.size + count])
    return store


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size):
    store = Store().append(map(merkle.leaf_hash, ENTRIES[:size]))
    assert store.root().hex() == ROOTS[size]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 700), max_size=5))
def test_growing_in_steps_is_the_tree_at_once(counts):
    """However a tree grew, its root is that of its leaves, of each former size too."""
    store, hashes = grown(*counts), leaves(sum(counts))
    assert store.root() == oracle(hashes)
    former = sum(counts[:2])
    assert store.root(former) == oracle(hashes[:former])


def test_three_levels_of_tiles():
    """70,000 leaves are the tiles that the specification names."""
    store = grown(65_000, 5_000)
    held = {place: len(content) // 32 for place, content in store.items()}
    assert [place for place, count in held.items() if count < 256] == [
        (0, 273),
        (1, 1),
        (2, 0),
    ]
    assert (held[0, 273], held[1, 1], held[2, 0]) == (112, 17, 1)
    assert len(held) == 274 + 2 + 1
    assert store.root() == oracle(leaves(70_000))
    for level, number in ((0, 273), (1, 1), (2, 0), (1, 0), (3, 0), (0, 274)):
        expected = held.get((level, number), 0)
        assert tiles.width(level, number, 70_000) == expected
    assert tiles.width(1, 0, 256) == 1
    before = dict(store)
    size, changed = tiles.grow(70_000, leaves(1), store.read)
    assert (size, list(changed)) == (70_001, [(0, 273)]), "only what is new"
    assert dict(store) == before


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_every_leaf_is_proven_and_no_other(data):
    size = data.draw(st.integers(1, 600))
    index = data.draw(st.integers(0, size - 1))
    store, hashes = grown(size), leaves(size)
    path = merkle.inclusion_proof(index, size, store.reader)
    root = store.root()
    merkle.check_inclusion(hashes[index], index, size, path, root)
    wrong = data.draw(st.integers(0, size - 1).filter(lambda other: other != index))
    for forged in (
        (hashes[index], wrong, size, path, root),
        (merkle.leaf_hash(b"other"), index, size, path, root),
        (hashes[index], index, size, path[:-1], root),
        (hashes[index], index, size, [*path, root], root),
        (hashes[index], index, size, path, merkle.EMPTY_ROOT),
        (hashes[index], size, size, path, root),
    ):
        with pytest.raises(ProofError):
            merkle.check_inclusion(*forged)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_every_former_size_is_proven_and_no_other_tree(data):
    size = data.draw(st.integers(0, 600))
    former = data.draw(st.integers(0, size))
    store = grown(size)
    path = merkle.consistency_proof(former, size, store.reader)
    old, new = store.root(former), store.root()
    merkle.check_consistency(former, size, path, old, new)
    forged = Store().append(leaves(former, b"forged")).root()
    if former:
        with pytest.raises(ProofError):
            merkle.check_consistency(former, size, path, forged, new)
    with pytest.raises(ProofError):
        merkle.check_consistency(former, size, [*path, new], old, new)
    with pytest.raises(ProofError):
        merkle.check_consistency(size + 1, size, path, old, new)
    if path:
        with pytest.raises(ProofError):
            merkle.check_consistency(former, size, path[:-1], old, new)
        with pytest.raises(ProofError):
            merkle.check_consistency(former, size, path, old, forged)


def test_proofs_of_the_specification():
    """The tree of seven leaves in RFC 6962, section 2.1.3."""
    store = grown(7)
    a, b, c, d, e, f, j = leaves(7)
    g, h, i = (merkle.node_hash(*pair) for pair in ((a, b), (c, d), (e, f)))
    k, l_ = merkle.node_hash(g, h), merkle.node_hash(i, j)
    for index, path in {0: [b, h, l_], 3: [c, g, l_], 4: [f, j, k], 6: [i, k]}.items():
        assert merkle.inclusion_proof(index, 7, store.reader) == path
    for former, path in {3: [c, d, g, l_], 4: [l_], 6: [i, j, k]}.items():
        assert merkle.consistency_proof(former, 7, store.reader) == path


def test_what_a_tree_never_had_is_not_proven():
    reader = grown(5).reader
    for make in (
        lambda: merkle.inclusion_proof(5, 5, reader),
        lambda: merkle.inclusion_proof(-1, 5, reader),
        lambda: merkle.consistency_proof(6, 5, reader),
        lambda: merkle.root(6, reader),
    ):
        with pytest.raises(ProofError):
            make()


def test_another_implementation_agrees():
    """The tree and its proofs are those of an implementation that is not ours."""
    from pymerkle import InmemoryTree

    theirs, store = InmemoryTree(algorithm="sha256"), Store()
    entries = [b"%d" % number for number in range(40)]
    for size, entry in enumerate(entries, 1):
        theirs.append_entry(entry)
        store.append([merkle.leaf_hash(entry)])
        assert store.root() == theirs.get_state(size)
        for index in range(size):
            path = theirs.prove_inclusion(index + 1, size).path
            # theirs begins with the leaf itself
            assert merkle.inclusion_proof(index, size, store.reader) == path[1:]
        for former in range(1, size):
            # it writes these proofs in another way, which its roots settle
            path = merkle.consistency_proof(former, size, store.reader)
            roots = theirs.get_state(former), theirs.get_state(size)
            merkle.check_consistency(former, size, path, *roots)


@settings(max_examples=50)
@given(st.integers(0, 63), st.integers(0, 10**10), st.integers(1, 256))
def test_paths_of_tiles(level, number, width):
    path = tiles.path(level, number, width)
    assert tiles.parse_path(path) == (level, number, width)


def test_path_of_the_specification():
    assert tiles.path(0, 1234067) == "0/x001/x234/067"
    assert tiles.path(1, 0, 17) == "1/000.p/17"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "00/000",
        "64/000",
        "0/0",
        "0/0000",
        "0/x000/001",
        "0/001/x002",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/000.p/",
        "-1/000",
        "0/٠٠٠",
        "0/000\n",
        "0/" + 2000 * "x001/" + "001",
        "entries/000",
    ],
)
def test_no_other_path_is_one(path):
    with pytest.raises(ProofError):
        tiles.parse_path(path)


def test_note_of_the_specification():
    verifier = note.Verifier.parse(VERIFIER)
    assert str(verifier) == VERIFIER
    parsed = note.Note.parse(SIGNED)
    assert parsed.check([verifier]) == [verifier]
    assert str(parsed) == SIGNED
    altered = note.Note.parse(SIGNED.replace("example message", "example massage"))
    with pytest.raises(ProofError, match="not valid"):
        altered.check([verifier])
    with pytest.raises(ProofError, match="no signature of a known key"):
        parsed.check([SIGNER.verifier])


def test_signing():
    text = "A text\n\nwith an empty line.\n"
    signed = note.Note(text).signed([SIGNER, note.Signer("other.example", b"1" * 32)])
    parsed = note.Note.parse(str(signed))
    assert parsed == signed
    assert parsed.text == text
    assert parsed.check([SIGNER.verifier]) == [SIGNER.verifier]
    again = note.Verifier.parse(str(SIGNER.verifier))
    assert again == SIGNER.verifier
    assert "AAECAwQF" not in repr(SIGNER), "the seed is nobody's to read"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n\u2014 name\n",
        "text\n\n\u2014 name AAAA\n",
        "text\n\n\u2014 name AAAAAAAA",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n\u2014 na+me AAAAAAAA\n",
        "text\n\n\u2014 na\u00a0me AAAAAAAA\n",
        "te\txt\n\n\u2014 name AAAAAAAA\n",
        "text\r\n\n\u2014 name AAAAAAAA\n",
        "text\n\n\u2014 name AAAAAAB=\n",
        "\n\n\u2014 name AAAAAAAA\n",
    ],
)
def test_no_note(content):
    with pytest.raises(ProofError):
        note.Note.parse(content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        VERIFIER.replace("530d903a", "530d903b"),
        VERIFIER.replace("/foo", "/bar"),
        VERIFIER[:-4],
        VERIFIER.replace("+Aek", "+Aek="),
    ],
)
def test_no_verifier_key(text):
    with pytest.raises(ProofError):
        note.Verifier.parse(text)


def test_checkpoint_of_the_specification():
    parsed = checkpoint.Checkpoint.parse(CHECKPOINT)
    assert (parsed.origin, parsed.size) == ("example.com/behind-the-sofa", 20852163)
    assert parsed.text == CHECKPOINT
    extended = checkpoint.Checkpoint.parse(f"{CHECKPOINT}more\n")
    assert extended.extensions == ("more",)


@pytest.mark.parametrize(
    "text",
    [
        CHECKPOINT.replace("20852163", "020852163"),
        CHECKPOINT.replace("20852163", "-1"),
        CHECKPOINT.replace("20852163", "٢"),
        CHECKPOINT.replace("20852163", "0"),
        CHECKPOINT.replace("q2I=", "q2I"),
        CHECKPOINT[:-1],
        f"{CHECKPOINT}\n",
        "\n" + CHECKPOINT,
        "origin\n3\nAAAA\n",
    ],
)
def test_no_checkpoint(text):
    with pytest.raises(ProofError):
        checkpoint.Checkpoint.parse(text)


def signed_checkpoint(store, origin=ORIGIN, signer=SIGNER):
    made = checkpoint.Checkpoint(origin, store.size, store.root())
    return str(made.sign([signer]))


def test_opening_a_checkpoint():
    store = grown(300)
    opened = checkpoint.open_checkpoint(signed_checkpoint(store), [SIGNER.verifier])
    assert (opened.size, opened.root) == (300, store.root())
    stranger = note.Signer("other.example", b"1" * 32)
    for origin, signer in (("other.example", SIGNER), (ORIGIN, stranger)):
        content = signed_checkpoint(store, origin, signer)
        with pytest.raises(ProofError):
            # a key vouches for the log that it is named after, and no other
            checkpoint.open_checkpoint(content, [SIGNER.verifier, stranger.verifier])


@pytest.mark.parametrize("extra", [None, b"", b"salt"])
def test_proof_file(extra):
    store = Store().append(merkle.leaf_hash(b"%d" % number) for number in range(300))
    hashes = tuple(merkle.inclusion_proof(7, 300, store.reader))
    made = proof.Proof(7, hashes, signed_checkpoint(store), extra)
    parsed = proof.Proof.parse(str(made))
    assert parsed == made
    assert parsed.check(b"7", [SIGNER.verifier]).size == 300
    with pytest.raises(ProofError, match="root"):
        parsed.check(b"8", [SIGNER.verifier])
    with pytest.raises(ProofError, match="no signature"):
        parsed.check(b"7", [note.Verifier.parse(VERIFIER)])
    lines = str(made).splitlines()
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    if extra is not None:
        assert lines[1] == f"extra {base64.b64encode(extra).decode()}"


def test_proof_of_the_only_entry():
    store = Store().append([merkle.leaf_hash(b"one")])
    text = str(proof.Proof(0, (), signed_checkpoint(store)))
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 0\n\n")
    assert proof.Proof.parse(text).check(b"one", [SIGNER.verifier]).size == 1


@pytest.mark.parametrize(
    "head",
    [
        "",
        "c2sp.org/tlog-proof@v2\nindex 0",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v1\nAAAA",
        "c2sp.org/tlog-proof@v1\nindex 00",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA",
        "c2sp.org/tlog-proof@v1\nextra A\nindex 0",
    ],
)
def test_no_proof(head):
    content = f"{head}\n\n{signed_checkpoint(grown(1))}"
    with pytest.raises(ProofError):
        proof.Proof.parse(content)
