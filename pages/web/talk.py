"""«Verlauf»: the lines of a conversation as a customer reads them, and so many of them that a page stays light."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from data.records import Channel
from pages.web.voice import Voice
from services.own_inquiries import Line

_FRAME = 90  # bytes of the marks around one entry
_LEAST = 120  # bytes of an entry that is worth beginning
# «€ 189,00», «26. November», «10:30 Uhr» stay on one line.
_TOGETHER = re.compile(r"(?<=€) (?=\d)|(?<=CHF) (?=\d)|(?<=\d\.) (?=[JFMASOND])|(?<=\d) (?=Uhr\b)")


@dataclass(frozen=True)
class Entry:
    """One line as it is drawn."""

    ours: bool
    head: str  # who and when
    words: str
    cut: bool = False

    @property
    def weight(self) -> int:
        """How many bytes it takes on the page."""
        return weigh(self.head) + weigh(self.words) + _FRAME


def weigh(text: str) -> int:
    """Bytes of a text in HTML."""
    return len(html.escape(text).encode())


def entry_of(line: Line, voice: Voice, shop_name: str) -> Entry:
    """The line as it is drawn."""
    return Entry(line.ours, _head(line, voice, shop_name), _words(line, voice))


def newest(entries: Iterable[Entry], room: int) -> tuple[list[Entry], bool]:
    """The newest entries that fit into `room` bytes, oldest first, long ones cut; and whether anything is missing.

    `entries`: newest first.
    """
    kept: list[Entry] = []
    for entry in entries:
        if room < _LEAST + _FRAME and entry.weight > room:
            return kept[::-1], True
        kept.append(entry if entry.weight <= room else _shortened(entry, room))
        room -= kept[-1].weight
    return kept[::-1], any(entry.cut for entry in kept)


def leaf(entries: Iterable[Entry], number: int, room: int) -> tuple[list[Entry], int, bool]:
    """The leaf `number` (from 1) of the whole conversation, `room` bytes each, or the last one where there are fewer;
    its number; and whether another one follows. Nothing behind it is looked at."""
    found: list[Entry] = []
    at, left = 1, room
    for piece in (piece for entry in entries for piece in _pieces(entry, room)):
        if piece.weight > left and found:
            if at == number:
                return found, at, True
            found, at, left = [], at + 1, room
        found.append(piece)
        left -= piece.weight
    return found, at, False


def _pieces(entry: Entry, room: int) -> Iterator[Entry]:
    """The entry in parts that each fit on a leaf."""
    words, start = entry.words, 0
    space = room - weigh(entry.head) - _FRAME
    while len(words) - start > space or weigh(words[start:]) > space:
        end = _end_of_part(words, start, space)
        yield replace(entry, words=words[start:end].rstrip(), cut=True)
        start = end
        while start < len(words) and words[start].isspace():
            start += 1
    yield replace(entry, words=words[start:])


def _shortened(entry: Entry, room: int) -> Entry:
    end = _end_of_part(entry.words, 0, room - weigh(entry.head) - _FRAME - len(" …".encode()))
    return replace(entry, words=f"{entry.words[:end].rstrip()} …", cut=True)


def _end_of_part(words: str, start: int, room: int) -> int:
    """Where the part of at most `room` bytes ends that begins at `start`, at a gap if there is one near; not empty."""
    end, used = start, 0
    while end < len(words):
        used += weigh(words[end])
        if used > room and end > start:
            break
        end += 1
    gap = max(words.rfind(" ", start, end), words.rfind("\n", start, end)) + 1
    return gap if end < len(words) and gap - start > (end - start) // 2 else end


def _head(line: Line, voice: Voice, shop_name: str) -> str:
    who = (line.who or shop_name) if line.ours else voice.say("Sie")
    return f"{who}, {voice.short_day(voice.day_of(line.at))}, {voice.hour(line.at)}"


def _words(line: Line, voice: Voice) -> str:
    _ = voice.say
    if line.sealed:
        return _("Unsere Antwort liegt in Ihrem E-Mail-Postfach.")
    if line.words:
        return _TOGETHER.sub("\xa0", line.words)
    if line.ours:
        talks = {Channel.CALL: _("Wir haben telefoniert."), Channel.VISIT: _("Wir haben im Geschäft gesprochen.")}
        return talks.get(line.kind, _("Wir haben Ihnen geantwortet."))
    told = {
        Channel.CALL: _("Sie haben angerufen."),
        Channel.VISIT: _("Sie waren bei uns."),
        Channel.VOICEMAIL: _("Sie haben auf unseren Anrufbeantworter gesprochen."),
    }
    return told.get(line.kind, _("Sie haben uns geschrieben."))
