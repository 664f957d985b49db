"""What `make test-core` and `make test-oca` count, and what the second one runs."""

import re

import pytest

from dev.lib import community
from dev.lib.compared_runs import ENABLED, WITH, ComparedRuns, _compare
from dev.lib.messages import SetupError
from dev.lib.paths import REPO
from dev.test_core import EXPLAINED as CORE
from dev.test_oca import EXPLAINED as COMMUNITY

EXPLANATIONS = """# a comment
mail.tests.test_a.TestA.test_one one query more

# another one
[enabled]
mail.tests.test_a.TestA.test_two nobody has consented
"""


@pytest.fixture
def runs(tmp_path):
    explained = tmp_path / "explained.txt"
    explained.write_text(EXPLANATIONS)
    return ComparedRuns("nothing", tmp_path, explained)


def test_differences_that_nothing_explains_are_counted(runs, capsys):
    names = [f"mail.tests.test_a.TestA.test_{n}" for n in ("one", "two", "three")]
    passed = dict.fromkeys(names, "passed")
    reasons = runs._reasons()
    assert _compare(passed, passed, WITH, reasons[WITH]) == 0
    failed = dict.fromkeys(names, "failure")
    assert _compare(passed, failed, WITH, reasons[WITH]) == 2
    assert _compare(passed, failed, ENABLED, reasons[WITH] | reasons[ENABLED]) == 1
    assert _compare(passed, {names[0]: "passed"}, WITH, reasons[WITH]) == 2
    told = capsys.readouterr().err
    assert f"{names[2]}: passed without us, failure {ENABLED} (WHY?)" in told
    with pytest.raises(SetupError, match="no tests ran"):
        _compare({}, {}, WITH, {})


def test_add_ons_of_the_community_are_pinned():
    lines = community.PINNED.read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins == list(dict.fromkeys(pins))
    for pin in pins:
        assert re.fullmatch(r"(odoo-addon-[a-z0-9-]+==19\.0|[a-z-]+==\d)[\d.]+", pin)
    assert len(community.names()) >= 40
    with pytest.raises(SetupError, match="has no unknown"):
        community.tests(REPO, "unknown")


@pytest.mark.parametrize("explained", [CORE, COMMUNITY])
def test_explanations_can_be_read(explained):
    for reasons in ComparedRuns("nothing", REPO, explained)._reasons().values():
        for name, reason in reasons.items():
            assert reason and ".tests." in name
            if explained == COMMUNITY:
                assert name.split(".")[0] in community.names()
