"""What a rule says about a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Hint:
    """What a rule found: `sentence` is a msgid that may name {place} and {plain}, `place` the words in the text."""

    rule: str
    sentence: str
    place: str = ""
    plain: str = ""
    blocks: bool = False  # wrong for certain: the text must not go out like this

    def words(self, say: Callable[[str], str] = str) -> str:
        """The sentence with the place in it, in the reader's language."""
        return say(self.sentence).format(place=self.place, plain=self.plain)
