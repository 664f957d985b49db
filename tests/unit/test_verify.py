"""The stand-alone verifier: whatever file it is given, it ends with a clear word."""

import csv
import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import addon_tools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.lib.waiting import PATIENCE

TOOLS = Path(__file__).parents[2] / "privacy_guard" / "tools"
TLOG = ("merkle", "tiles", "note", "checkpoint", "cosignature", "proof", "restore")


def load(name):
    # by path: importing the add-on's package would import Odoo
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where verify, too, looks for its neighbour
    spec.loader.exec_module(module)
    return module


ledger = load("ledger")
verify = load("verify")
SOUND = f"{verify.NO_PROOF}\n6 events, 0 problems\n"


def make_events(purposes=2, length=3):
    """:return: sound chains of one contact, as the export orders them"""
    events = []
    for purpose_id in range(1, purposes + 1):
        previous = ""
        for number in range(1, length + 1):
            event = dict.fromkeys(ledger.EVENT_FIELDS) | {
                "version": ledger.EVENT_VERSION,
                "previous_hash": previous,
                "sequence": number,
                "date": f"2026-01-{number:02}T10:00:00Z",
                "res_model": "res.partner",
                "res_id": 7,
                "purpose_id": purpose_id,
                "kind": "answer",
                "value_to": "granted",
                "notice_sha256": "ab" * 32,
                "source": "preferences",
            }
            event["hash"] = previous = ledger.digest(event)
            events.append(event)
    return events


def write(path, events, suffix=None):
    """Write events as an export of either format does."""
    if (suffix or path.suffix.lower()) == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(events[0]))
            writer.writeheader()
            writer.writerows(events)
    else:
        lines = (json.dumps(event, ensure_ascii=False) + "\n" for event in events)
        path.write_text("".join(lines), encoding="utf-8")
    return path


def run(path, *, module=False):
    """Run the verifier as its user would, in a process that knows no Odoo."""
    command = ["-m", "tools.verify"] if module else [str(TOOLS / "verify.py")]
    return subprocess.run(
        [sys.executable, *command, str(path)],
        cwd=TOOLS.parent,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("module", [False, True])
@pytest.mark.parametrize("name", ["e.jsonl", "e.csv", "E.CSV"])
def test_sound_evidence_ends_with_0(tmp_path, name, module):
    result = run(write(tmp_path / name, make_events()), module=module)
    assert (result.returncode, result.stdout) == (0, SOUND)
    assert result.stderr == ""


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_without_a_telling_name_the_content_decides(tmp_path, capsys, suffix):
    path = write(tmp_path / "evidence.txt", make_events(), suffix)
    assert verify.main([str(path)]) == 0
    assert capsys.readouterr().out == SOUND


@pytest.mark.parametrize("name", ["e.jsonl", "e.csv"])
def test_defects_end_with_1_and_are_named(tmp_path, capsys, name):
    events = make_events()
    del events[1]
    events[-1]["value_to"] = "refused"
    assert verify.main([str(write(tmp_path / name, events))]) == 1
    missing, altered, _no_proof, summary = capsys.readouterr().out.splitlines()
    assert missing.startswith("res.partner 7, consent 1, event 2: missing")
    assert altered.startswith("res.partner 7, consent 2, event 3: altered")
    assert summary == "5 events, 2 problems"


def test_files_saved_by_a_spreadsheet_keep_their_mark(tmp_path, capsys):
    path = write(tmp_path / "e.csv", make_events())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert verify.main([str(path)]) == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("e.jsonl", b"", "no event"),
        ("e.csv", b"", "no event"),
        ("e.csv", b"id,hash\r\n", "no event"),
        ("e.jsonl", b"not json\n", "line 1: no JSON"),
        ("e.jsonl", b"\n", "line 1: no JSON"),
        ("e.jsonl", b"[1, 2]\n", "line 1: no JSON object"),
        ("e.jsonl", b"[" * 200_000, "line 1"),
        ("e.jsonl", b'{"sequence": 1}\n', "line 1: previous_hash is missing"),
        ("e.jsonl", b"\xff\xfe\n", "utf-8"),
        ("e.csv", b"id,hash\r\n1,2\r\n", "line 2: previous_hash is missing"),
        ("e.csv", b"id,hash\r\n1,2,3\r\n", "line 2: too many columns"),
        ("e.csv", b'id,hash\r\n"1"2,3\r\n', "line 2: no CSV"),
    ],
)
def test_what_is_no_export_ends_with_2(tmp_path, capsys, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    assert verify.main([str(path)]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["e.jsonl", "e.csv"])
def test_what_no_hash_covers_is_refused(tmp_path, capsys, name):
    """But the number of the row, which is to find it in the database."""
    events = [{"id": 7, **event} for event in make_events(1, 1)]
    assert verify.main([str(write(tmp_path / name, events))]) == 0
    assert "1 event, 0 problems" in capsys.readouterr().out
    events[0]["answer_text"] = "Yes, all of it"
    assert verify.main([str(write(tmp_path / name, events))]) == 2
    assert "'answer_text' is no column" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["sequence", "res_id", "purpose_id", "user_id"])
@pytest.mark.parametrize("value", ["x", True, 1.0, [], {}])
def test_a_number_is_a_number(name, value):
    event = make_events()[0] | {name: value}
    with pytest.raises(verify.Unreadable, match=f"line 1: {name} is no number"):
        list(verify.read_jsonl([json.dumps(event)]))


@pytest.mark.parametrize("name", ["date", "hash", "kind", "value_to", "previous_hash"])
@pytest.mark.parametrize("value", [None, 1, True, []])
def test_a_text_is_a_text(name, value):
    event = make_events()[0] | {name: value}
    with pytest.raises(verify.Unreadable, match=f"line 1: {name} is no text"):
        list(verify.read_jsonl([json.dumps(event)]))


def test_a_number_in_csv_is_a_number(tmp_path, capsys):
    events = make_events()
    events[1]["res_id"] = "seven"
    assert verify.main([str(write(tmp_path / "e.csv", events))]) == 2
    assert "line 3: res_id is no number" in capsys.readouterr().err


def test_missing_file_and_missing_argument_end_with_2(tmp_path, capsys):
    assert verify.main([str(tmp_path / "absent.jsonl")]) == 2
    assert "absent.jsonl" in capsys.readouterr().err
    assert verify.main([]) == verify.main(["--help"]) == 2
    assert "python privacy_guard/tools/verify.py" in capsys.readouterr().err


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(TEXTS, TEXTS)
def test_both_formats_carry_any_text(text, other):
    """Quotes, separators, line ends of any kind, any script."""
    event = make_events(1, 1)[0] | {"source": text, "value_to": other}
    event["hash"] = ledger.digest(event)
    rows = io.StringIO(newline="")
    writer = csv.DictWriter(rows, list(event))
    writer.writeheader()
    writer.writerow(event)
    rows.seek(0)
    line = json.dumps(event, ensure_ascii=False)
    assert list(verify.read_csv(rows)) == list(verify.read_jsonl([line])) == [event]


@given(st.binary(max_size=300), st.sampled_from([".csv", ".jsonl", ""]))
def test_any_file_ends_with_a_status(content, suffix):
    text = io.StringIO(content.decode(errors="ignore"), newline="")
    try:
        list(ledger.verify(verify.read(text, suffix)))
    except verify.Unreadable as error:
        assert str(error)


@given(st.data())
def test_any_change_of_an_exported_line_is_noticed(data):
    """Another byte anywhere: a problem or no longer an event, never "sound"."""
    lines = [json.dumps(event, ensure_ascii=False) for event in make_events()]
    number = data.draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    place = data.draw(st.integers(0, len(line) - 1))
    lines[number] = line[:place] + data.draw(st.characters()) + line[place + 1 :]
    try:
        same = json.loads(lines[number]) == json.loads(line)
        found = list(ledger.verify(verify.read_jsonl(lines)))
    except (ValueError, verify.Unreadable):
        return
    assert found or same


def test_memory_is_constant(tmp_path):
    """A generator is read as it comes: nothing but the last event is kept."""
    seen = []

    def endless():
        previous = ""
        for event in make_events(1, 1) * 1000:
            event = dict(event, previous_hash=previous, sequence=len(seen) + 1)
            event["hash"] = previous = ledger.digest(event)
            seen.append(event["sequence"])
            yield event
        yield dict(event, sequence=5)

    first = next(ledger.verify(endless()))
    assert first.kind == "repeated"
    assert len(seen) == 1000


# Proofs: made here as the add-on makes them

tlog = {name: addon_tools.load(f"tlog.{name}") for name in TLOG}


def make_proof(events, event, signer):
    """:return: text of a proof that one of the events is in a log of all of them"""
    entries = [ledger.log_entry("5a" * 16, each["hash"]).encode() for each in events]
    hashes = [tlog["merkle"].leaf_hash(entry) for entry in entries]
    size, kept = tlog["tiles"].grow(0, hashes, None)
    reader = tlog["tiles"].Reader(lambda *place: kept[place])
    index = events.index(event)
    path = tlog["merkle"].inclusion_proof(index, size, reader)
    root = tlog["merkle"].root(size, reader)
    signed = tlog["checkpoint"].Checkpoint(signer.name, size, root).sign([signer])
    return str(tlog["proof"].Proof(index, tuple(path), str(signed), entries[index]))


def run_with_proof(folder, events, text, key, *options):
    """As its user would."""
    path, proof = write(folder / "evidence.jsonl", events), folder / "e.tlog-proof"
    proof.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(TOOLS / "verify.py"), str(path)]
        + ["--key", key, "--proof", str(proof), *options],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_proof_and_chain_that_was_computed_anew(tmp_path):
    """EVI-2: who computes every later hash anew has the checkpoint against them."""
    events = make_events()
    signer = tlog["note"].Signer("odoo.example/privacy/log", b"1" * 32)
    key = str(signer.verifier)
    text = make_proof(events, events[2], signer)
    done = run_with_proof(tmp_path, events, text, key)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "consent 1: events 1 to 3, the last of which has the hash" in done.stdout
    assert f"{events[2]['hash']}, are in the log odoo.example" in done.stdout
    assert "for res.partner 7, consent 2, events 1 to 3: whether" in done.stdout
    assert "for res.partner 7, consent 1" not in done.stdout
    assert "That nothing came after these events is not proven." in done.stdout
    done = run_with_proof(tmp_path, events, make_proof(events, events[1], signer), key)
    assert "for res.partner 7, consent 1, events 3 to 3: whether" in done.stdout
    previous = events[0]["hash"]
    events[1]["value_to"] = "refused"
    for event in events[1:3]:
        event["previous_hash"] = previous
        event["hash"] = previous = ledger.digest(event)
    assert verify.main([str(write(tmp_path / "e.jsonl", events))]) == 0
    done = run_with_proof(tmp_path, events, text, key)
    assert done.returncode == 1
    assert "removed or altered" in done.stdout
    again = make_proof(events, events[2], tlog["note"].Signer(signer.name, b"2" * 32))
    done = run_with_proof(tmp_path, events, again, key)
    assert (done.returncode, "no signature" in done.stdout) == (1, True)


def test_many_consents_without_a_proof(tmp_path):
    events = make_events(30, 1)
    signer = tlog["note"].Signer("odoo.example/privacy/log", b"1" * 32)
    text = make_proof(events, events[-1], signer)
    done = run_with_proof(tmp_path, events, text, str(signer.verifier))
    assert done.stdout.count("No proof was given for") == 20
    assert "And none for 9 more consents." in done.stdout


def test_declaration_of_a_restore(tmp_path):
    """Of no event of the export, and no fault of it."""
    events = make_events()
    signer = tlog["note"].Signer("odoo.example/privacy/log", b"1" * 32)
    declared = tlog["restore"].Restore(0, b"1" * 32, 9, b"2" * 32, 2, "disk lost")
    for said, status in ((declared.text, 0), ("nothing", 1), ("\xff", 1)):
        entry = f"statement {'5a' * 16} {said}".encode("latin-1")
        root = tlog["merkle"].leaf_hash(entry)
        signed = tlog["checkpoint"].Checkpoint(signer.name, 1, root).sign([signer])
        text = str(tlog["proof"].Proof(0, (), str(signed), entry))
        done = run_with_proof(tmp_path, events, text, str(signer.verifier))
        assert (done.returncode, done.stderr) == (status, ""), done.stdout
        assert ("disk lost" in done.stdout) == (status == 0)


def test_witness_that_has_to_have_cosigned(tmp_path):
    events = make_events()
    signer = tlog["note"].Signer("odoo.example/privacy/log", b"1" * 32)
    cosigner = tlog["cosignature"].Cosigner("witness.example", b"2" * 32, 1_700_000_000)
    text = make_proof(events, events[2], signer)
    signed = tlog["note"].Note.parse(tlog["proof"].Proof.parse(text).checkpoint)
    given = (str(signer.verifier), "--witness", str(cosigner.verifier))
    done = run_with_proof(tmp_path, events, text, *given)
    assert done.returncode == 1
    assert "witness.example has not cosigned" in done.stdout
    text += str(cosigner.sign(signed.text))
    done = run_with_proof(tmp_path, events, text, *given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "cosigned by witness.example at 2023-11-14T22:13:20" in done.stdout


@pytest.mark.parametrize(
    "options", [["--proof", "absent"], ["--proof", __file__], ["--key"], ["--other"]]
)
def test_no_proof(tmp_path, options, capsys):
    path = write(tmp_path / "evidence.jsonl", make_events())
    assert verify.main([str(path), *options]) == 2
    assert capsys.readouterr().err


# Checkpoints: what was kept against what is shown now


def make_log(folder, signer, entries, sizes):
    """:return: a signed checkpoint of each size; the tiles are in the folder"""
    notes = []
    for size in sizes:
        hashes = [tlog["merkle"].leaf_hash(entry) for entry in entries[:size]]
        _size, kept = tlog["tiles"].grow(0, hashes, None)
        reader = tlog["tiles"].Reader(lambda *place, kept=kept: kept[place])
        root = tlog["merkle"].root(size, reader)
        signed = tlog["checkpoint"].Checkpoint(signer.name, size, root)
        notes.append(folder / f"{size}-{root.hex()[:8]}.txt")
        notes[-1].write_text(str(signed.sign([signer])), encoding="utf-8")
        for place, content in kept.items():
            width = tlog["tiles"].width(*place, size)
            path = folder / "tile" / tlog["tiles"].path(*place, width)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return notes


def test_checkpoint_that_was_kept(tmp_path, capsys):
    """EVI-2: an outsider compares it with a newer one, and needs nobody for it."""
    signer = tlog["note"].Signer("odoo.example/privacy/log", b"1" * 32)
    entries = [b"%d" % number for number in range(700)]
    former, newer = make_log(tmp_path, signer, entries, (300, 700))
    command = ["--key", str(signer.verifier), "--tiles", str(tmp_path / "tile")]
    main = addon_tools.load("verify_checkpoint").main
    for both in ((former, newer), (newer, former)):
        assert main([*map(str, both), *command]) == 0
        said = capsys.readouterr().out
        assert "of 700 events goes on from that of 300 events: 0 problems" in said
    assert main([str(former), str(former), *command[:2]]) == 0
    entries[7] = b"another"
    altered = make_log(tmp_path, signer, entries, (300, 700))
    for one, other in ((former, altered[1]), (former, altered[0])):
        assert main([str(one), str(other), *command]) == 1
        assert "ask the company for the declaration" in capsys.readouterr().out
    stranger = tlog["note"].Signer("other.example/privacy/log", b"2" * 32)
    [theirs] = make_log(tmp_path, stranger, entries, (300,))
    keys = [*command, "--key", str(stranger.verifier)]
    assert main([str(former), str(theirs), *keys]) == 2
    assert "two logs" in capsys.readouterr().err
    # what the log keeps back proves nothing
    assert main([str(former), str(newer), *command[:2], "--tiles", "absent"]) == 2
    assert main([str(former), str(newer), *command[2:]]) == 2
    assert "no signature of a known key" in capsys.readouterr().err


def test_tiles_are_read_from_the_log(tmp_path, capsys):
    """And proofs have a checkpoint as well."""
    signer = tlog["note"].Signer("odoo.example/privacy/log", b"1" * 32)
    entries = [b"%d" % number for number in range(300)]
    former, newer = make_log(tmp_path, signer, entries, (5, 300))
    tool = addon_tools.load("verify_checkpoint")

    def opened(address, timeout):
        assert timeout
        name = address.removeprefix("https://odoo.example/privacy/log/")
        return (tmp_path / name).open("rb")

    given = [str(former), str(newer), "--key", str(signer.verifier), "--tiles"]
    with patch.object(tool.urllib.request, "urlopen", opened):
        assert tool.main([*given, "https://odoo.example/privacy/log/tile/"]) == 0
        assert tool.main([*given, "https://odoo.example/privacy/log/none"]) == 2
    assert "A tile cannot be read" in capsys.readouterr().err
