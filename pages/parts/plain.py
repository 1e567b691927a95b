"""Words from outside, made harmless for the places that Streamlit reads as Markdown."""

from __future__ import annotations

import re
import unicodedata

# A word joiner is invisible. Streamlit looks for icons, colours, addresses and arrows in the text after Markdown has
# taken its backslashes away, so that a backslash alone does not stop them; a joiner inside the pattern does.
_JOINER = "\u2060"
# A hyphen within a word begins nothing, and a long name has to break there.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+.!|~$&:@=^]|(?<!\w)-|-(?!\w))")
_WWW = re.compile(r"(www)(?=\\)", re.IGNORECASE)
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """`text` on one line, shown letter by letter by every label, caption, title, toast and error.

    Control and direction marks go; what could become a link, picture, icon, formula or list stays words.
    """
    spaced = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    line = " ".join(_DIRECTION.sub("", spaced).split())
    return _WWW.sub(rf"\1{_JOINER}", _SPECIAL.sub(rf"\\\1{_JOINER}", line))
