"""HTML mails as text: quotes cut out first, then inscriptis, and bare words where a page is broken or hostile."""

from __future__ import annotations

import re
from collections import Counter

from inscriptis import get_text
from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.mail.charsets import clean_text

_MOST_CUTS = 100
_MOST_OPEN = 1500  # parsing takes quadratic time in the depth
_MOST_OPEN_STYLES = 15  # HTML repeats them in every paragraph that follows: 40 kB can become 130 MB
_QUOTES = (
    'div.gmail_quote, blockquote[type="cite"], div.moz-cite-prefix, #divRplyFwdMsg, #appendonsend, '
    'div.yahoo_quoted, div[name="quote"]'
)
_OUTLOOK_MARKS = {"divRplyFwdMsg", "appendonsend"}  # what follows them is quoted as well
_UNSEEN = ["head", "style", "script", "title", "noscript", "template"]
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,20})")
_STYLES = frozenset(["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"])
# Elements that never enclose anything, or that the next of their kind closes.
_FLAT = frozenset(
    "area base br col dd dt hr img input li link meta option p source td th tr wbr".split(),  # noqa: SIM905 a word list
)
_TAG = re.compile(r"<[^<>]*>")
_LINE_TAG = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h\d|/?table)\b[^<>]*>", re.IGNORECASE)


def html_text(html: str) -> str:
    """The words of `html`, laid out; what is hidden from a reader is left out where the page can be parsed."""
    if "<" not in html:
        return tidy(html)
    if is_hostile(html):
        return bare_words(html)
    tree = LexborHTMLParser(html)
    tree.strip_tags(_UNSEEN)
    words = (tree.body.text(separator="\n") if tree.body else "").strip()
    if not words:
        return ""
    # inscriptis gives nothing for very deep nesting.
    return tidy(get_text(tree.html or "")) or tidy(words)


def cut_quotes(html: str) -> tuple[str, list[str]]:
    """(the HTML without its quotes, the quotes in order)."""
    if is_hostile(html):
        return html, []
    tree = LexborHTMLParser(html)
    quotes: list[str] = []
    while len(quotes) < _MOST_CUTS and (node := tree.css_first(_QUOTES)) is not None:
        # Not by «~ *» in the selector: that takes quadratic time.
        for part in [node, *_following(node)]:
            quotes.append(part.html or "")
            part.decompose()
    return (tree.html or "", quotes) if quotes else (html, [])


def is_hostile(html: str) -> bool:
    """Whether parsing would take far more time or memory than the page is long."""
    still_open: Counter[str] = Counter()
    total = styles = 0
    for closing, name in _TAG_NAME.findall(html):
        tag = name.lower()
        if tag in _FLAT or (closing and not still_open[tag]):
            continue
        step = -1 if closing else 1
        still_open[tag] += step
        total += step
        styles += step if tag in _STYLES else 0
        if total > _MOST_OPEN or styles > _MOST_OPEN_STYLES:
            return True
    return False


def bare_words(html: str) -> str:
    """`html` without its tags; linear in its length, whatever it is."""
    return tidy(_TAG.sub(" ", _LINE_TAG.sub("\n", html)))


def tidy(text: str) -> str:
    """`text` with at most one blank line in a row and nothing but spaces for spaces."""
    lines = [line.replace("\xa0", " ").rstrip() for line in clean_text(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _following(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    following = node.next if node.id in _OUTLOOK_MARKS else None
    while following is not None:
        found.append(following)
        following = following.next
    return found
