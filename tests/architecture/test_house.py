"""The house stands as design.md draws it: directions of imports, sizes, and who may touch what."""

from __future__ import annotations

import ast
import importlib.util
import re
import statistics
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, browser_sources, functions, imports, length, sources, strings

RANK = {"data": 0, "services": 1, "pages": 2}
ONLY_HERE = {
    "duckdb": ("data/store.py",),
    "streamlit": ("app.py", "pages/shell.py", "pages/staff/", "pages/parts/"),
    "imap_tools": ("services/mail/",),
    "yagmail": ("services/mail/",),
    "icalendar": ("services/mail/",),
    "smtplib": (),
}
RULES_MAY = {
    "data.records",
    "data.booking_records",
    "data.occasion_records",
    "data.report_records",
    "holidays",
    "phonenumbers",
    "babel",
    "services.rules",
}
SQL = re.compile(r"\b(SELECT\s+.+\s+FROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b", re.S)


def test_imports_go_downwards_only() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in sources().items()
        for name in imports(tree)
        if path.split("/")[0] in RANK and RANK.get(name.split(".")[0], -1) > RANK[path.split("/")[0]]
    ]
    assert not wrong


@pytest.mark.parametrize("package", ONLY_HERE)
def test_a_package_is_known_in_its_room_only(package: str) -> None:
    places = [path for path, tree in sources().items() if package in {name.split(".")[0] for name in imports(tree)}]
    assert all(path.startswith(ONLY_HERE[package]) for path in places) if ONLY_HERE[package] else not places


def test_rules_are_pure() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in sources().items()
        if path.startswith("services/rules/")
        for name in imports(tree)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not any(name == allowed or name.startswith(f"{allowed}.") for allowed in RULES_MAY)
    ]
    assert not wrong


def test_rules_never_ask_for_the_time_or_chance() -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "services/rules").glob("*.py"))
    assert not re.findall(r"datetime\.now|time\.time|date\.today|random\.|secrets\.|uuid", text)


def test_functions_are_small() -> None:
    sizes = {f"{path}:{node.name}": length(node) for path, tree in sources().items() for node in functions(tree)}
    ordered = sorted(sizes.values())
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert statistics.median(ordered) <= 8
    assert ordered[int(len(ordered) * 0.95)] <= 40


def test_files_are_small() -> None:
    lines = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in sources()}
    limit = {path: 150 if path.startswith("pages/staff/") else 400 for path in lines}
    assert {path: n for path, n in lines.items() if n > limit[path]} == {}


def test_scripts_and_stylesheets_are_small_too() -> None:
    assert {path: n for path, text in browser_sources().items() if (n := len(text.splitlines())) > 400} == {}
    scripts = "\n".join(text for path, text in browser_sources().items() if path.endswith(".js"))
    found = re.findall(r"^(?:export default )?(?:async )?function\b.*?^}", scripts, re.M | re.S)
    assert len(found) > 40
    assert [text.partition("{")[0] for text in found if len(text.splitlines()) > 60] == []


def test_sql_stands_in_data_only() -> None:
    wrong = [p for p, tree in sources().items() if not p.startswith("data/") and any(map(SQL.search, strings(tree)))]
    assert not wrong


def test_no_query_lists_all_columns_or_holds_a_value() -> None:
    texts = [s for p, tree in sources().items() if p.startswith("data/") for s in strings(tree)]
    assert not [s for s in texts if re.search(r"SELECT\s+\*", s)]
    holes = [
        ast.unparse(part.value)
        for p, tree in sources().items()
        if p.startswith("data/")
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and SQL.search(ast.unparse(node))
        for part in node.values
        if isinstance(part, ast.FormattedValue)
    ]
    names = re.compile(r"_?[A-Z_]+|table|columns|marks|sets|name|DATABASE")
    assert not [hole for hole in holes if not names.fullmatch(hole)]


def test_no_field_drops_what_was_typed_without_a_word() -> None:
    """Streamlit takes no text over `max_chars` and no day out of a field's bounds: services refuse in a sentence."""
    calls = [
        f"{path}:{call.lineno}"
        for path, tree in sources().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and path != "pages/parts/date_field.py"
        if ast.unparse(call.func).endswith("date_input") or any(word.arg == "max_chars" for word in call.keywords)
    ]
    assert not calls


def test_nothing_prints_but_start() -> None:
    calls = [
        path
        for path, tree in sources().items()
        if path != "start.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not calls


def test_no_page_is_named_like_a_module() -> None:
    path = [entry for entry in sys.path if Path(entry or ".").resolve() not in {ROOT, ROOT / "pages"}]
    names = {f.stem for folder in ("pages", "pages/staff") for f in (ROOT / folder).iterdir() if f.stem[0] not in "_."}
    taken = {n for n in names if n in sys.stdlib_module_names or importlib.machinery.PathFinder.find_spec(n, path)}
    assert not taken


def test_public_functions_of_services_and_data_say_what_they_return() -> None:
    silent = [
        f"{path}:{node.name}"
        for path, tree in sources().items()
        if path.startswith(("data/", "services/"))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_" and not ast.get_docstring(node)
    ]
    assert not silent


def test_catching_everything_is_rare_and_never_silent() -> None:
    broad = [
        (path, node)
        for path, tree in sources().items()
        if path != "start.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    told = re.compile(r"\blog\.|\braise\b|failure_sentence\(")
    silent = [path for path, node in broad if not told.search(ast.unparse(node))]
    assert not silent
    assert len(broad) <= 12


def test_every_test_asserts_something() -> None:
    told = re.compile(r"\bassert\b|raises|expect\w*\(|check_|_assert_|\bhold\(|\.sees\(")
    empty = [
        f"{file.relative_to(ROOT)}:{node.name}"
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in functions(ast.parse(file.read_text(encoding="utf-8")))
        if node.name.startswith("test_") and not told.search(ast.unparse(node))
    ]
    assert not empty
