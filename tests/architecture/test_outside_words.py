"""Customers' words reach a Markdown place only through parts.plain()."""

from __future__ import annotations

import ast

from tests.architecture.house import sources

MARKDOWN = frozenset(
    """markdown caption title header subheader button link_button page_link toast error warning info success exception
    metric badge expander popover tabs checkbox toggle radio selectbox segmented_control pills text_input text_area
    number_input date_input date_field time_input file_uploader status write dialog menu_button form_submit_button
    download_button action dialog_button choose_in_sight show_form""".split()
)
OUTSIDE = frozenset(
    """name customer_name sender_name sender_address subject snippet body quoted note shown address file_name topic
    words phone recipient problem next_step owner_name staff_name job_title title detail legal_footer""".split()
)


def _loose(node: ast.AST) -> list[str]:
    """Attributes that hold words from outside and do not pass plain()."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"plain", "len", "bool", "int"}:
        return []
    if isinstance(node, ast.Compare | ast.Lambda):
        return []
    if isinstance(node, ast.IfExp):
        return _loose(node.body) + _loose(node.orelse)
    found = [ast.unparse(node)] if isinstance(node, ast.Attribute) and node.attr in OUTSIDE else []
    return found + [word for child in ast.iter_child_nodes(node) for word in _loose(child)]


def test_words_from_outside_pass_plain_before_markdown() -> None:
    loose = [
        f"{path}:{call.lineno} {word}"
        for path, tree in sources().items()
        if path.startswith(("pages/staff/", "pages/parts/", "pages/shell.py"))
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in MARKDOWN
        for argument in [*call.args[:1], *(k.value for k in call.keywords if k.arg in {"label", "help", "placeholder"})]
        for word in _loose(argument)
    ]
    assert not loose


def test_html_is_never_made_of_words() -> None:
    risky = [
        f"{path}:{call.lineno}"
        for path, tree in sources().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "unsafe_allow_html" and ast.unparse(keyword.value) != "False"
    ]
    assert not risky
