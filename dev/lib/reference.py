"""What other add-ons may import, as a table for the documents: read, not imported,
since the add-on needs Odoo."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from .paths import REPO

ADDON = REPO / "privacy_guard"
PROMISED = ADDON / "extending.py"
INTEGRATOR = REPO / "docs" / "guide" / "integrator.md"
BLOCK = re.compile(r"(?<=<!-- promised -->\n).*(?=<!-- /promised -->)", re.DOTALL)


def write() -> None:
    text = INTEGRATOR.read_text(encoding="utf-8")
    text = BLOCK.sub(lambda _match: promised_table(), text)
    INTEGRATOR.write_text(text, encoding="utf-8")


def promised_table() -> str:
    """:return: the names of `extending.py`, how they are called, and what they are"""
    origins = _origins()
    lines = ["| name | is |", "| --- | --- |"]
    for name, group in _groups().items():
        call, said = _described(name, origins[name])
        lines.append(f"| `{call}` | {said or group} |")
    return "\n".join(lines) + "\n"


def _groups() -> dict[str, str]:
    """:return: {promised name: the comment above it, and above what belongs to it}"""
    text = PROMISED.read_text(encoding="utf-8").partition("__all__ = [")[2]
    found, comment = {}, ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#"):
            comment = line.removeprefix("# ")
        elif name := re.fullmatch(r'"(\w+)",', line):
            found[name[1]] = comment
    return found


def _origins() -> dict[str, Path]:
    """:return: {promised name: the file that defines it}"""
    tree = ast.parse(PROMISED.read_text(encoding="utf-8"))
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            path = ADDON.joinpath(*(node.module or "").split("."))
            for alias in node.names:
                inside = path / alias.name
                is_module = inside.with_suffix(".py").exists() or inside.is_dir()
                found[alias.name] = inside if is_module else path
    return found


def _described(name: str, module: Path) -> tuple[str, str]:
    """:return: (name with its arguments, first sentence of its docstring)"""
    file = module.with_suffix(".py")
    file = file if file.exists() else module / "__init__.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    if module.name == name:
        return name, _sentence(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            if isinstance(node, ast.ClassDef):
                return name, _sentence(node)
            return f"{name}({_arguments(node.args)})", _sentence(node)
    return name, ""


def _arguments(arguments: ast.arguments) -> str:
    """:return: names and defaults, without types"""
    for node in ast.walk(arguments):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(arguments)


def _sentence(node: ast.Module | ast.FunctionDef | ast.ClassDef) -> str:
    said = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
    said = said.removeprefix(":return: ").replace("``", "")
    return "" if said.startswith(":") else said
