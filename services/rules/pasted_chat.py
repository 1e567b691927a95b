"""A chat that was copied or exported, most of all from WhatsApp: cut into messages with sender and time.

Notations seen (the exact form is the phone's, by its language and system): iOS «[22.11.26, 17:50:12] Maria: …»,
Android «22.11.26, 17:50 - Maria: …», English «11/22/26, 5:50 PM - Maria: …», copied from the web
«[17:50, 22.11.2026] Maria: …»; in a forwarded mail each line behind «> ». A line that begins no message goes on with
the one before it. What people wrote is kept to the word; what the app says in place of a picture becomes one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from services.rules.chat_media import tell_media

_LEFT_TO_RIGHT = "\u200e"
# Marks of direction that phones put in; what joins emoji is none of them.
_HIDDEN = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_DATE = r"(?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})[./-](?P<c>\d{2,4})"
_HALF = r"(?:\s?(?P<half>[AaPp]\.?\s?[Mm]\b\.?|[Vv]orm\.|[Nn]achm\.))?"
_TIME = rf"(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.](?P<second>\d{{2}}))?{_HALF}"
_UHR = r"(?:\s?Uhr)?"
# A name may hold a colon inside a word or in brackets.
_SENDER = r"(?P<who>(?:\([^()\n]*\)|:(?=\S)|\((?![^()\n]*\))|[^:(\n]){1,80}?)"
_STAMPED = (
    re.compile(rf"\[{_DATE},?\s+(?:um\s+)?{_TIME}{_UHR}\]\s*{_SENDER}:(?:\s|$)"),
    re.compile(rf"\[{_TIME},?\s+{_DATE}\]\s*{_SENDER}:(?:\s|$)"),
    re.compile(rf"{_DATE},?\s+(?:um\s+|at\s+)?{_TIME}{_UHR}\s+[-–]\s+{_SENDER}:(?:\s|$)"),
)
_NOTICE = (  # WhatsApp's own lines, which nobody said
    re.compile(rf"\[{_DATE},?\s+(?:um\s+)?{_TIME}{_UHR}\]\s*"),
    re.compile(rf"{_DATE},?\s+(?:um\s+|at\s+)?{_TIME}{_UHR}\s+[-–]\s+"),
)
# iPhones put such lines into the other one's mouth, behind a mark that no keyboard has.
_APP_WORDS = re.compile(
    r"Ende-zu-Ende|end-to-end|Sicherheitsnummer|Sicherheitscode|security code|selbstlöschende|disappearing messages|"
    r"Unternehmensaccount|business account",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\s*((?:>\s?)+)")
_BARE = re.compile(r"(?P<who>[^\W\d_][^:\n]{0,39}?):\s+(?=\S)")
_FEWEST_BARE = 2  # so many lines «Name: …» make a chat, if one of the names speaks twice or is ours


@dataclass(frozen=True)
class ChatLine:
    """One message; `said_at` is aware UTC, None where the text names no time that could be one."""

    who: str  # '' for a line of the app itself or before the first sender
    words: str
    said_at: datetime | None


def read_chat(text: str, zone: ZoneInfo, now: datetime, ours: Iterable[str] = ()) -> list[ChatLine]:
    """The messages in the order of the text; [] for a text that is no chat. A time in the future is `now`.

    `ours`: names of the shop and its people, by which a copy without times is told from a list of particulars.
    """
    raw = text.replace("\u202f", " ").replace("\xa0", " ").splitlines()
    rows = _unquoted([row.translate(dict.fromkeys(map(ord, _HIDDEN))) for row in raw])
    stamped = any(_stamp(row) for row in rows)
    if not stamped and not _is_bare(rows, ours):
        return []
    month_first = stamped and _month_first(rows, zone, now)
    found: list[ChatLine] = []
    last: datetime | None = None
    for row, marked in zip(rows, raw, strict=True):
        line = _line(row, marked, zone, now, month_first, last) if stamped else _bare(row)
        if line is not None:
            found.append(replace(line, words=tell_media(line.words, marked)))
            last = line.said_at or last
        elif found:
            found[-1] = replace(found[-1], words=f"{found[-1].words}\n{tell_media(row, marked)}")
        elif row.strip():
            found.append(ChatLine("", row, None))
    return [replace(line, words=line.words.strip()) for line in found]


def senders(lines: Iterable[ChatLine]) -> list[str]:
    """Who speaks, each once, in the order of the first message."""
    return list(dict.fromkeys(line.who for line in lines if line.who))


def likely_customer(names: Sequence[str], ours: Iterable[str]) -> str:
    """The first of the names that is none of `ours` (the shop's and its people's); '' without any."""
    known = list(ours)
    return next((name for name in names if not _is_ours(name, known)), next(iter(names), ""))


def _is_ours(name: str, ours: Iterable[str]) -> bool:
    own = [each.casefold() for each in ours if each.strip()]
    return any(name.casefold() in each or each in name.casefold() for each in own)


def _unquoted(rows: Sequence[str]) -> list[str]:
    """Without the signs of quoting where the whole chat is quoted; a message that quotes by itself keeps its own."""
    quotes = [(match[1].count(">"), row[match.end() :]) for row in rows if (match := _QUOTED.match(row))]
    depths = [depth for depth, rest in quotes if _stamp(rest)]
    if not depths and len(quotes) == sum(bool(row.strip()) for row in rows):
        depths = [depth for depth, _rest in quotes]
    if not depths or any(_stamp(row) for row in rows):
        return list(rows)
    return [re.sub(rf"^\s*(?:>\s?){{1,{min(depths)}}}", "", row) for row in rows]


def _stamp(row: str) -> re.Match[str] | None:
    return next((match for pattern in _STAMPED if (match := pattern.match(row.lstrip()))), None)


def _line(
    row: str, marked: str, zone: ZoneInfo, now: datetime, month_first: bool, last: datetime | None
) -> ChatLine | None:
    row, match = row.lstrip(), _stamp(row)
    if match:
        words, at = row[match.end() :], _moment(match, zone, now, month_first, last)
        who = "" if _is_of_the_app(words, marked) else match["who"].strip(" ~")
        return ChatLine(who, words, at)
    notice = next((found for pattern in _NOTICE if (found := pattern.match(row))), None)
    return ChatLine("", row[notice.end() :], _moment(notice, zone, now, month_first, last)) if notice else None


def _is_of_the_app(words: str, marked: str) -> bool:
    begin = words.strip()[:12]
    return bool(begin) and f"{_LEFT_TO_RIGHT}{begin}" in marked and _APP_WORDS.search(words) is not None


def _bare(row: str) -> ChatLine | None:
    match = _BARE.match(row)
    return ChatLine(match["who"].strip(), row[match.end() :], None) if match else None


def _is_bare(rows: Sequence[str], ours: Iterable[str]) -> bool:
    """Copied without times: begins with a name, at most a few names, one of which speaks twice or is ours."""
    named = [line.who for line in map(_bare, rows) if line]
    filled = [row for row in rows if row.strip()]
    if not filled or _bare(filled[0]) is None or len(named) < _FEWEST_BARE:
        return False
    spoken, own = set(named), list(ours)
    return len(spoken) <= 3 and (len(spoken) < len(named) or any(_is_ours(name, own) for name in spoken))


def _month_first(rows: Sequence[str], zone: ZoneInfo, now: datetime) -> bool:
    """Americans write the month first, with slashes: so does a text with a second number over 12. Where both could be,
    clocks of twelve hours speak for it, unless the messages then lie out of order or further apart."""
    slashed = [match for row in rows if (match := _stamp(row)) and match["sep"] == "/"]
    if any(12 < int(match["a"]) <= 31 for match in slashed):
        return False
    if any(int(match["b"]) > 12 for match in slashed):
        return True
    if not any(match["half"] for match in slashed):
        return False
    american, other = (_disorder(slashed, zone, now, month_first) for month_first in (True, False))
    return american <= other


def _disorder(stamps: Sequence[re.Match[str]], zone: ZoneInfo, now: datetime, month_first: bool) -> tuple[int, float]:
    """(how often the time goes back, how far apart first and last lie) if the dates are read that way."""
    times = [at for match in stamps if (at := _moment(match, zone, now, month_first, None))]
    back = sum(later < earlier for earlier, later in pairwise(times))
    return back, (max(times) - min(times)).total_seconds() if times else 0.0


def _moment(
    match: re.Match[str], zone: ZoneInfo, now: datetime, month_first: bool, last: datetime | None
) -> datetime | None:
    """`last`: when the message before was said. In autumn an hour comes twice: what would lie before that is its second
    time."""
    first, second, third = (int(match[name]) for name in ("a", "b", "c"))
    year, month, day = (first, second, third) if first > 31 else (third, second, first)
    if month_first and first <= 31:
        month, day = day, month
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "PpNn" else 0)
    try:
        year = year if year >= 100 else 2000 + year
        local = datetime(year, month, day, hour, int(match["minute"]), int(match["second"] or 0), tzinfo=zone)
        at, again = (local.replace(fold=fold).astimezone(now.tzinfo) for fold in (0, 1))
        return min(again if last and at < last <= again else at, now)
    except (ValueError, OverflowError):
        return None
