"""Rule C3: a date that cannot be right. What blocks and what does not is argued in `text_check`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from services.rules.dates_in_text import HALF_YEAR, WEEKDAYS, WrittenDate, dates_in
from services.rules.hints import Hint
from services.rules.sentences import sentences

IsClosed = Callable[[date], bool]

_NEAR = 200  # letters on each side of a date that say what it is about

# Only a date at which somebody is to come, call or collect is looked at; all others may be told of on purpose.
_MEETING = re.compile(
    r"\b(?:termin|fertig|abhol|abgeholt|komm(?:en|st|t|e)?\b|vorbei|bring|besuch|uhr\b)|\b\d{1,2}:\d\d\b", re.IGNORECASE
)
_LOOKS_BACK = re.compile(
    r"\b(?:war|waren|hatten?|habe|haben|hat|hast|wurden?|worden|gewesen|kam|kamen|brachten?|holten?|ursprünglich\w*"
    r"|statt|verschoben|(?:zum|beim|dem|ihrem|deinem|unserem|des|ihres|deines) (?:\w+ )?(?:termin|besuch)s?)\b",
    re.IGNORECASE,
)
_KNOWS_IT_IS_CLOSED = re.compile(
    r"geschlossen|feiertag|urlaub|ferien|notdienst|\b(?:nicht|kein\w*|ausnahmsweise|extra|trotz|online|zu(?=[.,!]))",
    re.IGNORECASE,
)
_FROM_A_DAY = r"\b(?:vom|seit|von|nach|vor)(?: dem| de[nr]| am)?"
_OF_A_PAST_DAY = re.compile(rf"(?:{_FROM_A_DAY}|[–-])\s*$", re.IGNORECASE)
_IN_A_SPAN = re.compile(rf"(?:{_FROM_A_DAY}|\bbis(?: zum| spätestens| am| einschließlich)*|[–-])\s*$", re.IGNORECASE)
# «Sie schrieben «Montag, 24.11.2026». Meinten Sie Dienstag?»
_QUOTES_IT = re.compile(r"[«»„“”\"]|schrieb|\bmein(?:en|ten|st)\b|statt|falsch|\birr", re.IGNORECASE)


def date_hints(text: str, today: date | None, is_closed: IsClosed) -> Iterator[Hint]:
    """At most one hint a date: weekday and date do not fit (blocks when certain), it is over, the shop is closed then.

    Without `today` only dates with a year are held against their weekday.
    """
    for sentence in sentences(text):
        for written in dates_in(sentence):
            day = written.meant(today)
            near = sentence[max(0, written.start - _NEAR) : written.end + _NEAR]
            before = sentence[max(0, written.start - _NEAR) : written.start]
            if day is None:
                continue
            if not written.fits(day):
                yield _wrong_weekday(written, day, near)
            elif today is not None and day < today and _was_meant_to_come(before, near):
                yield Hint("C3", "«{place}» ist schon vorbei. Stimmt das Datum?", written.place)
            elif today is not None and _is_soon(written, day, today) and _needs_open(before, near) and is_closed(day):
                yield Hint("C3", "«{place}»: An diesem Tag ist geschlossen. Stimmt das Datum?", written.place)


def _wrong_weekday(written: WrittenDate, day: date, near: str) -> Hint:
    right = WEEKDAYS[day.weekday()]
    certain = written.year is not None and written.weekday_in_full and not _QUOTES_IT.search(near)
    return Hint("C3", "«{place}» passt nicht: Dieser Tag ist ein {plain}.", written.place, right, blocks=certain)


def _was_meant_to_come(before: str, near: str) -> bool:
    """Whether the text speaks of a day that is over as if it were still to come."""
    return bool(_MEETING.search(near)) and not _LOOKS_BACK.search(near) and not _OF_A_PAST_DAY.search(before)


def _is_soon(written: WrittenDate, day: date, today: date) -> bool:
    return day > today and (written.year is not None or (day - today).days <= HALF_YEAR)


def _needs_open(before: str, near: str) -> bool:
    """Whether somebody is to come, call or collect on that day."""
    return bool(_MEETING.search(near)) and not _KNOWS_IT_IS_CLOSED.search(near) and not _IN_A_SPAN.search(before)
