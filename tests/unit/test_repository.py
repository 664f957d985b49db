"""What a stranger needs to join: changelog, rooms, and what the forge reads."""

import ast
import datetime
import os
import re
from pathlib import Path

import pytest
import yaml

from dev.lib import venv

REPO = Path(__file__).parents[2]
FORGE = REPO / ".github"
FORMS = sorted(
    path
    for path in (FORGE / "ISSUE_TEMPLATE").glob("*.yml")
    if path.name != "config.yml"
)
# What the forge knows to put into a form, and what each needs.
ELEMENTS = {
    "markdown": {"value"},
    "input": {"label"},
    "textarea": {"label"},
    "dropdown": {"label", "options"},
    "checkboxes": {"label", "options"},
}
SECTIONS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
RELEASE = re.compile(r"\[([\d.]+)\] - (\S+)")


def read(*parts):
    return REPO.joinpath(*parts).read_text(encoding="utf-8")


def number(version):
    return tuple(map(int, version.split(".")))


def releases():
    """:return: (version, date) of each release in the changelog, as it lists them"""
    _unreleased, *titles = re.findall(r"^## (.+)$", read("CHANGELOG.md"), re.M)
    return [RELEASE.fullmatch(title).groups() for title in titles]


def test_changelog_begins_with_what_is_not_released():
    assert re.search(r"^## (.+)$", read("CHANGELOG.md"), re.M)[1] == "[Unreleased]"


def test_changelog_lists_the_newest_release_first():
    versions = [number(version) for version, _date in releases()]
    dates = [datetime.date.fromisoformat(date) for _version, date in releases()]
    assert versions == sorted(set(versions), reverse=True)
    assert dates == sorted(dates, reverse=True)


def test_changelog_names_no_release_that_the_manifest_has_not_reached():
    manifest = ast.literal_eval(read("privacy_guard", "__manifest__.py"))
    assert number(releases()[0][0]) <= number(manifest["version"])


def test_changelog_has_no_sections_of_its_own():
    for chapter in re.split(r"^## ", read("CHANGELOG.md"), flags=re.M)[1:]:
        sections = re.findall(r"^### (.+)$", chapter, re.M)
        assert sections == sorted(set(sections), key=SECTIONS.index)


def rooms():
    """:return: the rooms that are explained, from top to bottom"""
    return re.findall(r"^\| \*\*(\w+)\*\* \|", read("CONTRIBUTING.md"), re.M)


def test_every_room_says_what_belongs_there():
    """In the order in which they are loaded, since a room imports from those above."""
    imports = ast.parse(read("privacy_guard", "models", "__init__.py")).body
    assert rooms() == [alias.name for line in imports for alias in line.names]


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.name)
def test_issue_form(form):
    content = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert content["name"] and content["description"]
    asked = [one for one in content["body"] if one["type"] != "markdown"]
    assert asked, "it asks nothing"
    ids = [one["id"] for one in asked]
    assert len(ids) == len(set(ids))
    for one in content["body"]:
        assert ELEMENTS[one["type"]] <= one["attributes"].keys()


def test_there_are_issue_forms_and_no_blank_issues():
    config = yaml.safe_load(read(".github", "ISSUE_TEMPLATE", "config.yml"))
    assert [form.stem for form in FORMS] == ["bug", "feature"]
    assert config["blank_issues_enabled"] is False


def test_workflow_runs_what_any_machine_runs_on_every_python():
    workflow = yaml.safe_load(read(".github", "workflows", "test.yml"))
    [job] = workflow["jobs"].values()
    (major, oldest), (_major, newest) = venv.OLDEST, venv.NEWEST
    versions = [f"{major}.{minor}" for minor in range(oldest, newest + 1)]
    # as text: 3.10 without quotes is the number 3.1
    assert job["strategy"]["matrix"]["python"] == versions
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert os.access(REPO / ".ci" / "run", os.X_OK)


def test_documents_name_the_pythons_of_the_workflow():
    said = "Python {}.{} to {}.{}".format(*venv.OLDEST, *venv.NEWEST)
    for document in ("README.md", "CONTRIBUTING.md"):
        assert said in read(document)


def owned():
    """:return: what CODEOWNERS names, lines that nobody has taken on yet included"""
    return re.findall(r"^#?(/\S+)", read(".github", "CODEOWNERS"), re.M)


def test_every_add_on_and_room_has_a_line_for_its_owner():
    addons = {f"/{path.name}/" for path in REPO.glob("privacy_guard_*/")}
    of_rooms = [f"/privacy_guard/models/{name}/" for name in rooms()]
    assert addons <= set(owned())
    assert [line for line in owned() if "/models/" in line] == of_rooms


def test_owners_are_named_for_what_exists():
    assert [line for line in owned() if not list(REPO.glob(line.strip("/")))] == []
