"""What may interrupt focus time: the customer's own words, a complaint, a promised call, somebody past the goal.

In doubt it interrupts: a needless sign costs a minute, a missed one the customer. So a «nicht» takes a word back only
where it stands right at it («nicht so dringend», «es eilt nicht», «kein Notfall»), not anywhere in the sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

DUE_SOON = timedelta(minutes=15)  # a promised call is no news earlier: it stands on Heute all day

_URGENT = (
    r"(?:sehr\s+|ganz\s+)?dringend(?:e|er|es|en|em|st|ste|sten)?|dringlich(?:e|er|es|en)?",
    r"notfall|notfälle|notfällen",
    r"sofort(?:ige|iger|iges|igen)?|unverzüglich(?:e|er|en)?|umgehend",
    r"schnellstmöglich(?:e|en|er)?|so\s+schnell\s+wie\s+möglich",
    r"heute\s+noch|noch\s+heute",
    r"(?:auto|reifen)?panne|liegen\s*geblieben|abgeschleppt",
    r"eilt|eilig(?:e|er|es|en)?|grosser\s+eile|pressiert|pressant",
    r"rasch|raschest(?:ens|möglich|mögliche|möglichen)?",
    r"springt\s+(?:\w+\s+){0,3}nicht\s+(?:mehr\s+)?an",
    r"urgent(?:ly)?|emergency|asap|immediately|right\s+away|as\s+soon\s+as\s+possible",
    r"broken\s+down|broke\s+down|breakdown",
)
_WORD = re.compile(rf"(?<!\w)(?:{'|'.join(_URGENT)})(?!\w)")
_FILL = r"(?:so|ganz|sehr|besonders|wirklich|unbedingt|gar|zu|allzu|mehr|direkt|gleich|that|very|really|so|too|super)"
_BEFORE = re.compile(
    rf"(?<!\w)(?:nicht|nie|keine?|keinen|keiner|keinesfalls|ohne)\s+(?:{_FILL}\s+)*$"
    rf"|(?<!\w)(?:not|no|never|\w+n['’]?t)\s+(?:{_FILL}\s+|an?\s+)*$"
)
_AFTER = re.compile(
    r"\s+(?:(?:ist|war|wäre|is|was|es|das|it|mir|uns|aber|auch|ja|jetzt|also|gar|überhaupt|wirklich)\s+)*"
    r"(?:nicht|keineswegs|keinesfalls|not|isn['’]?t)(?!\w)"
)
_PARAGRAPH = re.compile(r"\n\s*\n")
# «Für den Notfall meine Nummer»: of a time that has not come.
_CASUAL = re.compile(r"(?<!\w)(?:im|für\s+(?:den|einen)|in\s+case\s+of(?:\s+an)?)\s+$")
# «Ich komme sofort», «Das ging rasch»: of what they do themselves, or what we did.
_THEIRS = re.compile(
    r"(?<!\w)(?:komme|bringe|schicke|überweise|zahle|bezahle|hole|melde\s+mich|wir\s+kommen)\s+(?:\w+\s+){0,2}$"
    r"|(?<!\w)(?:ging|geht|kam|klappte)\s+(?:\w+\s+){0,2}$"
)
_WHEN = re.compile(r"sofort|umgehend|rasch|heute\s+noch|noch\s+heute")


@dataclass(frozen=True)
class Arrival:
    """What is known of something new: the words of those who wait, and how it stands."""

    words: str
    complaint: bool = False
    promise_due_at: datetime | None = None
    late: bool = False  # past the goal or the promise


def interrupts(new: Arrival, now: datetime) -> bool:
    """Whether it is signalled in focus time, too."""
    due = new.promise_due_at is not None and new.promise_due_at <= now + DUE_SOON
    return new.late or new.complaint or due or sounds_urgent(new.words)


def sounds_urgent(words: str) -> bool:
    """Whether a customer says in German or English that it must be soon, and does not say that it need not."""
    text = _PARAGRAPH.sub(" . ", unicodedata.normalize("NFC", words).casefold())
    return any(not _is_taken_back(text, match) for match in _WORD.finditer(text))


def _is_taken_back(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 60]
    casual = match[0] in {"notfall", "emergency"} and _CASUAL.search(before)
    theirs = _WHEN.fullmatch(match[0]) and _THEIRS.search(before)
    return bool(casual or theirs or _BEFORE.search(before) or _AFTER.match(after))
