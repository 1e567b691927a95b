"""What «Auswertung» is drawn with: tiles, the drawer behind each, cards with charts, sections that fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from data.report_records import Figure
from pages.parts import state
from pages.parts.acting import edge, show_dialog
from pages.parts.chart_kinds import Plot
from pages.parts.charts import Look
from pages.parts.definitions import MISSES, cases_word, definition
from pages.parts.figure_words import against_word, metric_trend
from pages.parts.items import inquiry_item
from pages.parts.live_list import follow_tap
from pages.parts.plain import plain
from pages.parts.plots import SECTIONS, Section, section_title
from pages.parts.rows import draw_rows
from pages.parts.session import Desk, open_desk
from pages.parts.tiles import Tile
from services.look_back_words import day_word
from services.reports import MOST_CASES, Report, list_cases
from services.rules.periods import OWN, Comparison, Period


def look_of(desk: Desk) -> Look:
    """How charts look and speak for this person, in the theme of this device."""
    return Look(desk.speech, desk.settings.country, st.context.theme.type == "dark")


def is_phone() -> bool:
    """Whether the browser says that it is a phone's; a tablet on the counter has room."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def draw_standing(report: Report, look: Look) -> None:
    """What a printed page has to say of itself; hidden on a screen, where the choice of days says it."""
    _, locale = look.speech.say, look.speech.locale
    first, last = (day_word(day, locale) for day in (report.period.first, report.period.last))
    at = report.as_of.astimezone(look.speech.zone)
    words = _("{first}–{last}, {against}, Stand {day}, {time}").format(
        first=first,
        last=last,
        against=against_word(report.comparison, look),
        day=day_word(at.date(), locale),
        time=f"{at:%H:%M}",
    )
    with st.container(gap=None, key="nur-druck-dunkel" if look.dark else "nur-druck"):
        st.caption(plain(words))


@st.fragment
def draw_tiles(tiles: Sequence[Tile], period: Period, *, key: str) -> None:
    """The tiles side by side, four in a row or two; a part of its own run, so that no chart waits for «Details»."""
    desk = open_desk()
    with edge(desk.say), st.container(key=f"kacheln-{key}"):
        asked = [tile for tile in tiles if _draw_tile(desk, tile)]
    for tile in asked[:1]:
        open_figure(desk, tile, period)


def _draw_tile(desk: Desk, tile: Tile) -> bool:
    """Whether its «Details» were tapped in this run."""
    _ = desk.say
    with st.container(key=f"karte-zahl-{tile.figure}", gap="xxsmall"):
        st.metric(tile.label(_), tile.value, **metric_trend(tile.trend))
        for words in (tile.under, tile.goal):
            if words:
                st.caption(plain(words))
        return st.button(_("Details"), key=f"mehr-{tile.figure}", type="tertiary")


def open_figure(desk: Desk, tile: Tile, period: Period) -> None:
    """The drawer of a figure: what it counts, how many there are, and the inquiries behind it."""

    def draw(now: Desk) -> None:
        _ = now.say
        counts, goal = definition(tile.figure, _)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(tile.value)}**", width="content")
            st.caption(plain(tile.told))
        st.markdown(plain(counts))
        st.caption(plain(goal))
        _draw_cases(now, tile.figure, period)
        follow_tap()

    show_dialog(tile.label(desk.say), draw, width="medium", position="right")


def _draw_cases(desk: Desk, figure: Figure, period: Period) -> None:
    _ = desk.say
    heading = cases_word(figure, _)
    lines = list_cases(desk.shop, desk.actor, figure, period) if heading else []
    if not lines:
        none = _("Keine davon ging daneben.") if figure in MISSES else _("Derzeit keine.")
        st.caption(none if heading else _("Zu dieser Zahl gibt es keine einzelnen Anfragen."))
        return
    if len(lines) >= MOST_CASES:
        heading = _("{heading}: die ersten {count}").format(heading=heading, count=MOST_CASES)
    st.markdown(f"**{plain(heading)}**")
    items = [inquiry_item(line, desk.speech, with_owner=False) for line in lines]
    draw_rows(items, key=f"rows-zahl-{figure}", label=heading, on_tap=state.go_to)


def draw_sections(desk: Desk, report: Report) -> None:
    """All sections; on a phone they are folded, and what is folded is not drawn."""
    for section in SECTIONS:
        _section(section.key, report)


@st.fragment
def _section(key: str, report: Report) -> None:
    """A section of its own run: folding one open draws no other anew."""
    desk = open_desk()
    section = next(each for each in SECTIONS if each.key == key)
    with fold(section_title(key, desk.say), f"teil-{key}") as opened:
        if opened.open:
            _draw_plots(desk, section, report)


def fold(title: str, key: str, *, open_at_first: bool = True) -> ExpanderContainer:
    """A section's heading that folds: open where there is room, folded on a phone."""
    expanded = open_at_first and not is_phone()
    return st.expander(f"**{plain(title)}**", expanded=expanded, key=key, on_change="rerun")


def _draw_plots(desk: Desk, section: Section, report: Report) -> None:
    """Wide charts alone, the others two by two where there is room."""
    narrow = [plot for plot in section.plots if not plot.wide]
    look = look_of(desk)
    for first in range(0, len(narrow), 2):
        with st.container(key=f"split-{section.key}-{first}"):
            places = st.columns(2, gap="small")
        for place, plot in zip(places, narrow[first : first + 2], strict=False):
            with place:
                _draw_plot(desk, plot, report, look)
    for plot in section.plots:
        if plot.wide:
            _draw_plot(desk, plot, report, look)


def _draw_plot(desk: Desk, plot: Plot, report: Report, look: Look) -> None:
    _ = desk.say
    with st.container(key=f"karte-{plot.name}", gap="small", height="stretch"):
        st.subheader(plain(plot.title(report, look)), anchor=False)
        chart = plot.draw(report, look)
        if chart is None:
            st.caption(_("Sobald es genug Daten gibt, steht hier ein Bild."))
            return
        # Not st.altair_chart, which would check the chart once more against the whole schema at every run.
        spec, told = chart.to_dict(validate=False), plot.alt(report, look)
        st.vega_lite_chart(spec=spec, theme=None, key=f"bild-{plot.name}", alt=told)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"quelle-{plot.name}"):
            st.caption(plain(plot.source(report, look)))
            address = csv_address(plot.name, report.period, report.comparison)
            st.link_button(_("CSV"), address, icon=":material/download:", type="tertiary")


def csv_address(name: str, period: Period, comparison: Comparison) -> str:
    """Where a chart's numbers can be fetched as a table."""
    query: dict[str, str] = {"zeitraum": period.word, "vergleich": comparison}
    if period.word == OWN:
        query |= {"von": _iso(period.first), "bis": _iso(period.last)}
    return f"/intern/auswertung/{name}.csv?{urlencode(query)}"


def _iso(day: date) -> str:
    return day.isoformat()


def draw_fold(title: str, key: str, body: Callable[[], None], *, open_at_first: bool = True) -> None:
    """A section that is drawn by `body`, in the page's own run."""
    with fold(title, key, open_at_first=open_at_first) as opened:
        if opened.open:
            body()
