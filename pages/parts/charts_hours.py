"""Wann, and how full the day is: weekday by hour, closed hours with a dashed edge so that no colour is needed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from data.report_records import Figure, HourCell, Load
from pages.parts.chart_kinds import Cell, Plot, Table, rounded, stand_words, weekday_words
from pages.parts.charts import Chart, Look, Part, compose, group, layer
from pages.parts.figure_words import few, number, percent_word
from services.reports import Report
from services.rules.goals import FULL_LOAD, GOALS

_HEAT = 290
_HALF = 0.5  # of an hour: open for less than that it counts as closed
_OFTEN = 10  # percent of all contacts in one closed hour: worth a headline
_NOBODY = (8, 18)  # hours shown where nothing is known
_WEAK = 0.07
_SELDOM = 0.01  # of all contacts: hours with less are not drawn
_SIGN = 9.5  # px of a sign in bold, with what a cell has beside it


def _by_hour(cells: Sequence[HourCell]) -> Mapping[int, tuple[int, int]]:
    """(contacts, of them while closed) of each hour of the day."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for cell in cells:
        sums[cell.hour][0] += cell.contacts
        sums[cell.hour][1] += cell.outside
    return {hour: (both[0], both[1]) for hour, both in sums.items()}


def _contacts(report: Report) -> tuple[int, int]:
    return sum(cell.contacts for cell in report.hours), sum(cell.outside for cell in report.hours)


def contacts_title(report: Report, look: Look) -> str:
    """The closed hour in which most people write, or the share of all closed hours."""
    _ = look.speech.say
    contacts, outside = _contacts(report)
    if few(contacts):
        return _("Noch zu wenige Kontakte für ein Muster")
    hour, (_all, closed) = max(_by_hour(report.hours).items(), key=lambda one: one[1][1])
    if 100 * closed / contacts >= _OFTEN:
        words = _("{start}–{end} Uhr: {share} der Kontakte, und da ist geschlossen")
        return words.format(start=hour, end=hour + 1, share=percent_word(100 * closed / contacts, look))
    share = percent_word(100 * outside / contacts, look)
    return _("{share} der Kontakte kommen, wenn geschlossen ist").format(share=share)


def contacts_alt(report: Report, look: Look) -> str:
    """How many, how many while closed, and the busiest hour."""
    _ = look.speech.say
    contacts, outside = _contacts(report)
    words = _("Kontakte je Wochentag und Stunde: {count}, davon {outside} bei geschlossener Tür, am meisten {busiest}.")
    return words.format(count=number(contacts, look), outside=number(outside, look), busiest=_busiest(report, look))


def _busiest(report: Report, look: Look) -> str:
    top = max(report.hours, key=lambda cell: cell.contacts, default=None)
    if top is None or not top.contacts:
        return "–"
    words = look.speech.say("{day} {start}–{end} Uhr ({count})")
    day, count = weekday_words(look)[top.weekday], number(top.contacts, look)
    return words.format(day=day, start=top.hour, end=top.hour + 1, count=count)


def contacts_source(report: Report, look: Look) -> str:
    """How to read the cells."""
    _ = look.speech.say
    told = _("Grün: offen, orange mit gestricheltem Rand: geschlossen, je kräftiger, desto mehr")
    busiest = _("am meisten {busiest}").format(busiest=_busiest(report, look))
    return stand_words(report, look, told, busiest)


def draw_contacts(report: Report, look: Look) -> Chart | None:
    """Contacts by weekday and hour against the opening hours."""
    contacts, _outside = _contacts(report)
    if not contacts:
        return None
    most = max(cell.contacts for cell in report.hours)
    busy = {hour for hour, (count, _shut) in _by_hour(report.hours).items() if count >= _SELDOM * contacts}
    shown = _shown([(cell.hour, cell.hour in busy or cell.opened > 0) for cell in report.hours])
    words = look.speech.say("{day} {start}–{end} Uhr ({count})")
    days = weekday_words(look)
    values = [
        {
            "h": cell.hour,
            "d": cell.weekday,
            "n": max(_WEAK, cell.contacts / most),
            "shut": cell.opened < _HALF,
            "tip": words.format(day=days[cell.weekday], start=cell.hour, end=cell.hour + 1, count=cell.contacts),
        }
        for cell in report.hours
        if shown[0] <= cell.hour <= shown[1]
    ]
    top = max(report.hours, key=lambda cell: cell.contacts)
    peak = {"h": top.hour, "d": top.weekday, "words": number(top.contacts, look)}
    return _heat(values, [peak], shown, look)


def _shown(hours: Sequence[tuple[int, bool]]) -> tuple[int, int]:
    """The first and the last hour in which there is anything."""
    used = [hour for hour, there in hours if there]
    return (min(used), max(used)) if used else _NOBODY


def _heat(values: Sequence[Part], told: Sequence[Part], shown: tuple[int, int], look: Look) -> Chart:
    tones = look.tones
    hours = list(range(shown[0], shown[1] + 1))
    even = {"labelAngle": 0, "grid": False, "labelExpr": "datum.value % 2 === 0 ? datum.value : ''"}
    x: Part = {"field": "h", "type": "ordinal", "scale": {"domain": hours, "paddingInner": 0.08}, "axis": even}
    names = f"{json.dumps(weekday_words(look))}[datum.value]"
    scale = {"domain": list(range(7)), "paddingInner": 0.1}
    y: Part = {"field": "d", "type": "ordinal", "scale": scale, "axis": {"grid": False, "labelExpr": names}}
    shut, nothing = {"test": "datum.shut", "value": tones.closed}, {"value": None}
    edge = {"condition": shut, **nothing}
    fill = {"condition": shut, "value": tones.accent}
    strength = {"field": "n", "type": "quantitative", "scale": None, "legend": None}
    cell = {"type": "rect", "cornerRadius": 4}
    line = {"type": "rect", "cornerRadius": 4, "filled": False, "strokeDash": [3, 3], "strokeWidth": 1, "opacity": 0.75}
    wide = len(hours) * _SIGN * max([len(one["words"]) for one in told] or [0])
    fits = {"expr": f"width >= {wide:.0f} ? 1 : 0"}  # on a phone a cell may be narrower than its words
    words = {"type": "text", "fontWeight": 600, "color": tones.card, "opacity": fits}
    return compose(
        [
            group(
                values,
                layer(cell, x=x, y=y, fill=fill, opacity=strength, tooltip={"field": "tip", "type": "nominal"}),
                layer(line, x=x, y=y, stroke=edge),
            ),
            layer(words, told, x=x, y=y, text={"field": "words"}),
        ],
        look,
        height=_HEAT,
    )


def contacts_table(report: Report, look: Look) -> Table:
    """Every hour of the week in which somebody wrote or it is open."""
    _ = look.speech.say
    days = weekday_words(look)
    head = (_("Wochentag"), _("Stunde"), _("Kontakte"), _("bei geschlossener Tür"), _("Anteil der Stunde geöffnet"))
    cells = [cell for cell in report.hours if cell.contacts or cell.opened]
    return Table(head, [(days[c.weekday], c.hour, c.contacts, c.outside, round(c.opened, 2)) for c in cells])


def _percent(load: Load) -> float | None:
    return 100 * load.booked / load.bookable if load.bookable else None


def load_title(report: Report, look: Look) -> str:
    """How full the time that can be booked is, and whether that is good."""
    _ = look.speech.say
    percent = _percent(report.now.load)
    if percent is None:
        return _("Noch keine buchbare Zeit in diesem Zeitraum")
    told = percent_word(percent, look)
    if percent > FULL_LOAD:
        return _("{share} der Zeit sind vergeben: wenig Luft für Unerwartetes").format(share=told)
    if percent >= GOALS[Figure.UTILISATION]:
        return _("{share} der Zeit sind vergeben, das ist gut gefüllt").format(share=told)
    return _("{share} der Zeit sind vergeben, es ist noch Platz").format(share=told)


def load_alt(report: Report, look: Look) -> str:
    """The share of the period, the fullest and the emptiest hour."""
    _ = look.speech.say
    cells = [cell for cell in report.load_hours if cell.bookable]
    emptiest = min(cells, key=lambda cell: _percent(cell) or 0, default=None)
    words = _("Auslastung je Wochentag und Stunde: zusammen {share}, am vollsten {full}, am leersten {empty}.")
    percent = _percent(report.now.load)
    share = percent_word(percent, look) if percent is not None else "–"
    return words.format(share=share, full=_hour_word(_fullest(report), look), empty=_hour_word(emptiest, look))


def _fullest(report: Report) -> Load | None:
    cells = [cell for cell in report.load_hours if cell.bookable]
    return max(cells, key=lambda cell: _percent(cell) or 0, default=None)


def _hour_word(cell: Load | None, look: Look) -> str:
    if cell is None or cell.weekday is None or cell.hour is None:
        return "–"
    words = look.speech.say("{day} {start}–{end} Uhr ({count})")
    share = percent_word(_percent(cell) or 0, look)
    return words.format(day=weekday_words(look)[cell.weekday], start=cell.hour, end=cell.hour + 1, count=share)


def load_source(report: Report, look: Look) -> str:
    """What is counted, all people and places together, and the fullest hour: its cell may be too small for words."""
    _ = look.speech.say
    told = _("Vergebene von buchbaren Minuten, alle zusammen, mit Pufferzeiten; je kräftiger, desto voller")
    goal = _("Ziel: {least} bis {most}").format(
        least=percent_word(GOALS[Figure.UTILISATION], look), most=percent_word(FULL_LOAD, look)
    )
    fullest = _("am vollsten {hour}").format(hour=_hour_word(_fullest(report), look))
    return stand_words(report, look, told, goal, fullest)


def draw_load(report: Report, look: Look) -> Chart | None:
    """Utilisation by weekday and hour, the fullest hour told."""
    cells = [cell for cell in report.load_hours if cell.bookable and cell.hour is not None]
    if not cells:
        return None
    shown = _shown([(cell.hour or 0, True) for cell in cells])
    values = [
        {
            "h": cell.hour,
            "d": cell.weekday,
            "n": max(_WEAK, min(1.0, (_percent(cell) or 0) / 100)),
            "shut": False,
            "tip": _hour_word(cell, look),
        }
        for cell in cells
    ]
    top = max(cells, key=lambda cell: _percent(cell) or 0)
    strong = (_percent(top) or 0) >= 60  # below that the card's colour could not be read on it
    peak = {"h": top.hour, "d": top.weekday, "words": percent_word(_percent(top) or 0, look)}
    return _heat(values, [peak] if strong else [], shown, look)


def load_table(report: Report, look: Look) -> Table:
    """Every hour of the week that can be booked."""
    _ = look.speech.say
    days = weekday_words(look)
    head = (_("Wochentag"), _("Stunde"), _("vergebene Minuten"), _("buchbare Minuten"), _("Prozent"))
    rows: list[tuple[Cell, ...]] = [
        (days[cell.weekday or 0], cell.hour, cell.booked, cell.bookable, rounded(_percent(cell)))
        for cell in report.load_hours
        if cell.bookable
    ]
    return Table(head, rows)


HOUR_PLOTS = [Plot("wann", contacts_title, contacts_alt, contacts_source, draw_contacts, contacts_table, wide=True)]
LOAD_PLOTS = [Plot("auslastung", load_title, load_alt, load_source, draw_load, load_table, wide=True)]
