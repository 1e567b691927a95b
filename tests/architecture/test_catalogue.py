"""Every text that a person of the shop can read has its English, and says what the German says."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from pages.catalogues import translator
from tests.architecture.house import ROOT, sources
from tests.architecture.test_outside_words import MARKDOWN

ENGLISH = ROOT / "pages" / "catalogues" / "en.po"
TRANSLATORS = {"_", "say", "said"}
# German by intent: what customers get or wrote, and the terminal, which tells everything in both languages.
NOT_ON_SCREENS = {
    "start.py",
    "data/demo.py",
    "data/demo_forms.py",
    "data/demo_ratings.py",
    "data/demo_topics.py",
    "data/demo_ways.py",
    "data/demo_words.py",
    "services/template_texts.py",
    "services/offering_texts.py",
    "services/reason_texts.py",
    "services/booking_words.py",
    "services/receipt_words.py",
    "services/demo.py",
    "services/backup_command.py",
    "services/pin_command.py",
    "services/welcome.py",
    "pages/login/backup_route.py",
}
SENTENCE = re.compile(r"(?!.* / )[A-ZÄÖÜ«{].* .*(?:[.?!:…]|: \{\w+\})", re.DOTALL)  # « / » parts two languages
BANNED = re.compile(r"\b(tickets?|cases?|front|agents?|fall abwehren|kundenfront)\b", re.IGNORECASE)
NAMED = re.compile(r"\{\w+\}")
DRAWN = MARKDOWN - {"page_link"}  # which names a page first


class Filling(dict[str, str]):
    """A value for every name."""

    def __missing__(self, name: str) -> str:
        return f"mail.{name}.example"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@functools.cache
def _error_classes() -> dict[str, ast.ClassDef]:
    """ShopError and all that come from it, over however many steps."""
    classes = [node for tree in sources().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {"ShopError": next(node for node in classes if node.name == "ShopError")}
    while more := [
        c for c in classes if c.name not in found and {getattr(b, "id", "") for b in c.bases} & found.keys()
    ]:
        found |= {node.name: node for node in more}
    return found


def _docstrings(tree: ast.Module) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, owners)]
    return {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}


def _texts(tree: ast.Module, tellers: set[str]) -> Iterator[str]:
    """What a teller (a translator or an error) is given, and every other sentence: it gets there by a name."""
    known = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name(node) in tellers:
            first = node.args[0]
            either = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            yield from (str(text.value) for text in either if isinstance(text, ast.Constant))
        elif isinstance(node, ast.JoinedStr):
            known |= {id(part) for part in node.values}
        elif isinstance(node, ast.Constant) and id(node) not in known and SENTENCE.fullmatch(str(node.value)):
            yield str(node.value)


def _template_texts() -> Iterator[str]:
    for path in sorted((ROOT / "pages").rglob("templates/*.html")):
        with path.open("rb") as file:
            told = babel_extract(file, ["_", "gettext"], [], {"silent": "false"})
            yield from (text for _, _, text, _ in told if isinstance(text, str))  # None: named by a value


@pytest.fixture(scope="module")
def msgids() -> set[str]:
    errors = _error_classes()
    screens = {path: tree for path, tree in sources().items() if path not in NOT_ON_SCREENS}
    found = {text for tree in screens.values() for text in _texts(tree, TRANSLATORS | errors.keys())}
    rules = {ast.get_docstring(node) or "" for node in errors.values()}
    told = found | {*_template_texts()} | {text for text in rules if "\n" not in text}
    return {text for text in told if re.search(r"\w", NAMED.sub("", text))}


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    with ENGLISH.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, abort_invalid=True) if entry.id}


def test_every_text_has_its_english(msgids: set[str], english: dict[str, str]) -> None:
    assert sorted(text for text in msgids if not english.get(text)) == []


def test_the_catalogue_holds_nothing_that_no_source_says(msgids: set[str], english: dict[str, str]) -> None:
    assert sorted(english.keys() - msgids) == []


def test_english_names_the_same_values(english: dict[str, str]) -> None:
    assert [text for text, said in english.items() if sorted(NAMED.findall(text)) != sorted(NAMED.findall(said))] == []


def test_no_banned_word_in_either_language(english: dict[str, str]) -> None:
    assert [text for pair in english.items() for text in pair if BANNED.search(text)] == []


def test_no_value_is_set_into_a_text_before_it_is_translated() -> None:
    tellers = TRANSLATORS | _error_classes().keys()
    early = [
        f"{path}:{call.lineno}"
        for path, tree in sources().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.JoinedStr)
        if _name(call) in tellers
    ]
    assert early == []


def test_no_widget_is_given_a_text_that_passed_no_translator() -> None:
    bare = [
        f"{path}:{call.lineno}"
        for path, tree in sources().items()
        for call in ast.walk(tree)
        if path.startswith("pages/") and isinstance(call, ast.Call) and call.args
        if _name(call) in DRAWN and not ast.unparse(call.func).startswith("log.")
        if isinstance(call.args[0], ast.Constant) and re.search(r"[^\W\d_]{2}", str(call.args[0].value))
    ]
    assert bare == []


def test_a_sentence_kept_with_its_values_is_told_in_english(english: dict[str, str]) -> None:
    say = translator("en")
    kept = [text for text in english if NAMED.search(text) and text.count(" ") > 3]
    filled = {text.format_map(Filling()): english[text].format_map(Filling()) for text in kept}
    assert {german: say(german) for german in filled} == filled


@pytest.mark.parametrize("text", ["", "Unbekannt", "Grüezi, wann hätten Sie Zeit?"])
def test_what_the_catalogue_does_not_know_stays_as_it_is(text: str) -> None:
    assert translator("en")(text) == translator("de")(text) == translator("fr")(text) == text
