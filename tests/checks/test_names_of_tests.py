"""Outside of packages pytest knows a file of tests by its name alone."""

from collections import Counter

from dev.lib.paths import REPO


def test_no_two_files_have_one_name():
    files = [
        path.name
        for path in (REPO / "tests").rglob("*.py")
        if "data" not in path.relative_to(REPO).parts
        and not (path.parent / "__init__.py").exists()
    ]
    assert [name for name, count in Counter(files).items() if count > 1] == []
