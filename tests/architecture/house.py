"""What the architecture tests look at: our own sources, parsed once."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("data", "services", "pages")


@functools.cache
def sources() -> dict[str, ast.Module]:
    """Every Python file of the product, by its path below the root."""
    files = [ROOT / "app.py", ROOT / "start.py", *(f for floor in FLOORS for f in (ROOT / floor).rglob("*.py"))]
    return {str(f.relative_to(ROOT)): ast.parse(f.read_text(encoding="utf-8")) for f in files}


@functools.cache
def browser_sources() -> dict[str, str]:
    """Every script and stylesheet of ours, by its path below the root."""
    files = [f for floor in ("pages", "static") for f in (ROOT / floor).rglob("*") if f.suffix in {".js", ".css"}]
    return {str(f.relative_to(ROOT)): f.read_text(encoding="utf-8") for f in files}


def imports(tree: ast.Module) -> Iterator[str]:
    """The full names of all modules imported anywhere in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.AST) -> int:
    """Lines from the first to the last of a definition, its docstring left out."""
    first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
    doc = ast.get_docstring(node, clean=False) if isinstance(node, ast.FunctionDef) else None
    return last - first + 1 - (len(doc.splitlines()) if doc else 0)


def strings(tree: ast.Module) -> Iterator[str]:
    """All string constants of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
