"""`make lock`: pin what `requirements.in` names, and what that needs in turn."""

from dev.lib import programs, venv
from dev.lib.messages import exit_on_setup_error, step
from dev.lib.paths import REPO, REQUIREMENTS

SOURCE = REQUIREMENTS.with_suffix(".in")
# For all Pythons that Odoo runs on at once; what is pinned and fits stays as it is.
COMPILE = [
    *("pip", "compile", "--quiet", "--no-annotate", "--universal"),
    *("--python-version", "3.10", "--custom-compile-command", "make lock"),
]


@exit_on_setup_error
def main() -> None:
    command = [*COMPILE, str(SOURCE), "--output-file", str(REQUIREMENTS)]
    with step("Pinning what is installed"):
        programs.run([venv.uv(), *command], venv.HINT, cwd=REPO)


if __name__ == "__main__":
    main()
