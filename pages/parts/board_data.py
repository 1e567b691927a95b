"""The day board as plain data for its component: columns are people and things, rows the local clock.

All minutes are of the shop's clock after midnight of the day shown, so what reaches over midnight ends at its edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from data.booking_records import Block, Booking, BookingState, Resource, ResourceKind
from pages.parts.booking_words import alert_word, answer_alone, span_words, state_look, surname
from pages.parts.words import Speech, clock_time, name_or, weekday_and_date
from services.booking_days import BoardDay

Data = dict[str, Any]
Span = tuple[int, int]

WHOLE_DAY = (0, 24 * 60)
USUAL = (8 * 60, 17 * 60)  # of a day on which nothing is open and nothing booked
GAP = 45  # free minutes that are offered for a tap
PICK = 30  # a tap picks a full or half hour
QUARTER = 15
FINGER = 44  # px: what can be tapped is no smaller
USUAL_QUARTER = 16  # px of a quarter of an hour on a day without short bookings
THINGS = {"kfz": "car_repair", "salon": "chair", "mode": "checkroom"}  # icons by trade
LUNCH = (11 * 60, 15 * 60)


@dataclass(frozen=True)
class _Sheet:
    """What all columns of one day share."""

    board: BoardDay
    speech: Speech
    opened: list[Span]
    edges: Span

    def span(self, start: datetime, end: datetime) -> Span:
        return self.minute(start), self.minute(end)

    def minute(self, moment: datetime) -> int:
        return local_minute(moment, self.board.day, self.speech)


def local_minute(moment: datetime, day: date, speech: Speech) -> int:
    """Minutes of the shop's clock after midnight of `day`; 0 for what lies before it, 1440 for what lies behind."""
    local = moment.astimezone(speech.zone)
    if local.date() != day:
        return WHOLE_DAY[0] if local.date() < day else WHOLE_DAY[1]
    return local.hour * 60 + local.minute


def moment_at(day: date, minute: int, speech: Speech) -> datetime:
    """The aware moment at which the shop's clock shows `minute` on `day`."""
    return datetime(day.year, day.month, day.day, *divmod(minute, 60), tzinfo=speech.zone)


def board_data(board: BoardDay, speech: Speech, trade: str = "") -> Data:
    """Everything the component draws: the edges of the day, now, and the columns with what stands in them, in order."""
    _ = speech.say
    opened = [(local_minute(a, board.day, speech), local_minute(b, board.day, speech)) for a, b in board.open]
    sheet = _Sheet(board, speech, opened, _edges(board, speech, opened))
    columns = [_column(sheet, resource, trade) for resource in _in_order(board.resources)]
    today = speech.now.astimezone(speech.zone).date() == board.day
    return {
        "day": board.day.isoformat(),
        "start": sheet.edges[0],
        "end": sheet.edges[1],
        "now": local_minute(speech.now, board.day, speech) if today else None,
        "quarter": _quarter(columns),
        "columns": columns,
        "words": {"free": _("frei"), "board": _("Tagesplan"), "columns": _("Wer und was")},
    }


def _in_order(resources: Iterable[Resource]) -> list[Resource]:
    """People before things, each in the shop's order."""
    return sorted(resources, key=lambda one: one.kind is not ResourceKind.PERSON)


def _edges(board: BoardDay, speech: Speech, opened: list[Span]) -> Span:
    held = [
        (local_minute(one.starts_at, board.day, speech), local_minute(one.ends_at, board.day, speech))
        for one in board.bookings
    ]
    spans = [*opened, *held] or [USUAL]
    first, last = min(start for start, _end in spans), max(end for _start, end in spans)
    return first // PICK * PICK, min(-(-last // PICK) * PICK, WHOLE_DAY[1])


def _quarter(columns: list[Data]) -> int:
    """Pixels of a quarter of an hour: so many that the shortest thing to tap is as high as a finger."""
    lengths = [item["to"] - item["from"] for column in columns for item in column["items"] if "id" in item]
    shortest = max(QUARTER, min(lengths, default=GAP))
    return max(USUAL_QUARTER, -(-FINGER * QUARTER // shortest))


def _column(sheet: _Sheet, resource: Resource, trade: str) -> Data:
    mine = [one for one in sheet.board.bookings if resource.id in one.resources]
    blocks = [one for one in sheet.board.blocks if one.resource_id in {None, resource.id}]
    working = meet(sheet.opened, resource.week[sheet.board.day.weekday()]) if resource.week else sheet.opened
    free = _free(sheet, working, mine, blocks)
    person = resource.kind is ResourceKind.PERSON
    items = [
        *_bands(sheet, working),
        *(_block(sheet, block) for block in blocks),
        *(pad for one in mine for pad in _pads(sheet, one)),
        *(_gap(sheet, resource, span) for span in free if span[1] - span[0] >= GAP),
        *(_booking(sheet, one, resource) for one in mine),
    ]
    return {
        "id": resource.id,
        "name": resource.name,
        "icon": "person" if person else THINGS.get(trade, "category"),
        "thing": not person,
        "free": free,
        "items": sorted(items, key=lambda item: (item["from"], item["to"])),
    }


def meet(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """What two lists of spans have in common, in order."""
    others = list(other)
    both = [(max(a, start), min(b, end)) for a, b in one for start, end in others]
    return sorted((start, end) for start, end in both if start < end)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of `spans` where nothing of `taken` lies, in order."""
    left: list[Span] = []
    cuts = sorted(taken)
    for start, end in sorted(spans):
        at = start
        for begin, over in cuts:
            if begin < end and over > at:
                left += [(at, begin)] if begin > at else []
                at = max(at, over)
        left += [(at, end)] if at < end else []
    return left


def _free(sheet: _Sheet, working: list[Span], mine: list[Booking], blocks: list[Block]) -> list[Span]:
    """What could still be booked: within the hours, clear of bookings with their buffers, and not past."""
    taken = [sheet.span(*_footprint(one)) for one in mine]
    taken += [sheet.span(block.starts_at, block.ends_at) for block in blocks]
    past = sheet.minute(sheet.speech.now)
    taken.append((0, -(-past // QUARTER) * QUARTER))
    return without(working, taken)


def _footprint(booking: Booking) -> tuple[datetime, datetime]:
    before, after = timedelta(minutes=booking.buffer_before), timedelta(minutes=booking.buffer_after)
    return booking.starts_at - before, booking.ends_at + after


def is_held(board: BoardDay, resource_id: int, start: datetime, end: datetime, *, without: int | None = None) -> bool:
    """Whether a booking other than `without`, with its buffers, or a time away lies in [start, end)."""
    held = [_footprint(one) for one in board.bookings if resource_id in one.resources and one.id != without]
    held += [(one.starts_at, one.ends_at) for one in board.blocks if one.resource_id in {None, resource_id}]
    return any(begin < end and over > start for begin, over in held)


def _bands(sheet: _Sheet, working: list[Span]) -> list[Data]:
    """When the shop is closed, and when only this one is not here."""
    _ = sheet.speech.say
    closed = [_band(span, _closed_word(sheet, span), "closed") for span in without([sheet.edges], sheet.opened)]
    away = [_band(span, _("Nicht da"), "away") for span in without(sheet.opened, working)]
    return closed + away


def _band(span: Span, word: str, style: str) -> Data:
    return {"kind": "band", "from": span[0], "to": span[1], "word": word, "style": style}


def _closed_word(sheet: _Sheet, span: Span) -> str:
    _ = sheet.speech.say
    between = sheet.opened and sheet.opened[0][1] <= span[0] and span[1] <= sheet.opened[-1][0]
    return _("Mittag") if between and meet([span], [LUNCH]) else _("Geschlossen")


def _pads(sheet: _Sheet, booking: Booking) -> list[Data]:
    """The buffers around a booking."""
    first, last = _footprint(booking)
    spans = [sheet.span(first, booking.starts_at), sheet.span(booking.ends_at, last)]
    inside = [meet([span], [sheet.edges]) for span in spans]
    return [{"kind": "pad", "from": start, "to": end} for found in inside for start, end in found]


def _block(sheet: _Sheet, block: Block) -> Data:
    _ = sheet.speech.say
    start, end = sheet.span(block.starts_at, block.ends_at)
    start, end = max(start, sheet.edges[0]), min(end, sheet.edges[1])
    word = block.label or _("Gesperrt")
    label = _("{start} bis {end}, gesperrt: {word}").format(start=clock(start), end=clock(end), word=word)
    return {"kind": "block", "id": block.id, "from": start, "to": end, "word": word, "label": label}


def _gap(sheet: _Sheet, resource: Resource, span: Span) -> Data:
    _ = sheet.speech.say
    start, end = span
    label = _("{name}: frei von {start} bis {end}, Termin eintragen").format(
        name=resource.name, start=clock(start), end=clock(end)
    )
    return {"kind": "gap", "from": start, "to": end, "starts": picks(span), "label": label}


def picks(span: Span) -> list[int]:
    """What a tap into a free span can choose: its beginning, and every full or half hour at least that far from its
    end."""
    start, end = span
    return [start, *range((start // PICK + 1) * PICK, end - PICK + 1, PICK)]


def clock(minute: int) -> str:
    """«09:05» of minutes after midnight."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _booking(sheet: _Sheet, booking: Booking, resource: Resource) -> Data:
    speech, look = sheet.speech, state_look(booking.state, sheet.speech.say)
    start, end = sheet.span(booking.starts_at, booking.ends_at)
    people = {one.id for one in sheet.board.resources if one.kind is ResourceKind.PERSON}
    quiet = resource.id not in people and bool(people & {*booking.resources})
    who = name_or(booking.customer_name, speech.say)
    alert = alert_word(booking, sheet.board.problems.get(booking.inquiry_id, ""), speech.say)
    said = [span_words(booking, speech).replace("–", " – "), who, booking.offering_name, look.word, alert]
    more = answer_alone(booking.answer) or booking.note
    return {
        "kind": "booking",
        "id": booking.id,
        "from": start,
        "to": max(end, start + 5),
        "who": surname(booking.customer_name, speech) if quiet else who,
        "lines": [line for line in ([more] if quiet else [booking.offering_name, more]) if line],
        "style": look.style,
        "icon": look.icon,
        "word": look.word,
        "alert": alert,
        "quiet": quiet,
        "label": ", ".join(filter(None, said)),
    }


def free_at(data: Data, minute: int) -> list[tuple[str, int]]:
    """Who and what is free at a minute of the day, each with the minute until which."""
    return [
        (str(column["name"]), end)
        for column in data["columns"]
        for start, end in column["free"]
        if start <= minute < end
    ]


def first_place(board: BoardDay, speech: Speech) -> int:
    """The minute of the day from which a booking is entered when nobody tapped a place: the first that is free."""
    data = board_data(board, speech)
    free = [item["from"] for column in data["columns"] for item in column["items"] if item["kind"] == "gap"]
    return min(free, default=int(data["start"]))


def counted(board: BoardDay, speech: Speech) -> str:
    """«8 Termine, einer ist noch zu bestätigen» of a day."""
    _ = speech.say
    count, asked = len(board.bookings), sum(one.state is BookingState.REQUESTED for one in board.bookings)
    if not count:
        return _("Keine Termine") if board.open else _("Geschlossen")
    told = _("Ein Termin") if count == 1 else _("{count} Termine").format(count=count)
    if not asked:
        return told
    rest = _("einer ist noch zu bestätigen") if asked == 1 else _("{count} sind noch zu bestätigen")
    return f"{told}, {rest.format(count=asked)}"


def week_item(board: BoardDay, speech: Speech) -> Data:
    """A row of the week: the day, how many come, and from when there is room; its id is the day's ordinal."""
    _ = speech.say
    data = board_data(board, speech)
    first = clock_time(board.bookings[0].starts_at, speech) if board.bookings else ""
    gaps: Sequence[int] = [i["from"] for column in data["columns"] for i in column["items"] if i["kind"] == "gap"]
    room = _("Frei ab {time}").format(time=clock(min(gaps))) if gaps else _("Nichts mehr frei")
    facts = [{"icon": "schedule", "text": _("ab {time}").format(time=first)}] if first else []
    today = speech.now.astimezone(speech.zone).date()
    return {
        "id": board.day.toordinal(),
        "lead": str(len(board.bookings)) if board.bookings or board.open else "–",
        "unit": "",
        "rest": "",
        "tone": "ok" if board.day >= today and board.open else "customer",
        "badge": {"icon": "today", "word": _("Heute")} if board.day == today else None,
        "title": weekday_and_date(board.day, speech),
        "flag": "",
        "text": counted(board, speech),
        "alert": "",
        "meta": facts + ([{"icon": "event_available", "text": room}] if board.open and board.day >= today else []),
        "owner": "",
    }
