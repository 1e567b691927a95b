"""What better service may have brought in: a range, the sum behind it, and where its assumptions are set."""

from __future__ import annotations

import streamlit as st

from pages.parts.charts import Look
from pages.parts.figure_words import about, against_word, money, number, span
from pages.parts.plain import plain
from pages.parts.session import Desk
from services.reports import Report
from services.rules.gains import Gain, estimate_gain


def draw_gain(desk: Desk, report: Report, look: Look) -> None:
    """The card of the estimate."""
    _ = desk.say
    now, then = ((one.avoidance, one.visits) for one in (report.now, report.then))
    gain = estimate_gain(now, then, report.hourly_rate_cents, report.missed_visit_cents)
    with st.container(key="karte-ertrag", gap="small"):
        st.subheader(plain(gain_title(gain, look)), anchor=False)
        st.caption(plain(gain_words(gain, report, look)))
        st.page_link("staff/einstellungen.py", label=_("Annahmen ändern"), icon=":material/tune:")


def gain_title(gain: Gain | None, look: Look) -> str:
    """«Besserer Service brachte ca. € 120 bis € 240», the other way round where it got worse."""
    _ = look.speech.say
    if gain is None:
        return _("Was es bringt: noch zu wenig Daten")
    low, high = sorted(abs(cents) for cents in gain.range)
    if high < 100:
        return _("Was es bringt: bisher gleich viel")
    words = _("Besserer Service brachte {low} bis {high}") if gain.cents > 0 else _("Es kostete {low} bis {high} mehr")
    return words.format(low=about(low, look), high=about(high, look))


def gain_words(gain: Gain | None, report: Report, look: Look) -> str:
    """The sum in words, with every assumption in it."""
    _ = look.speech.say
    if gain is None:
        return _("Verglichen wird ab fünf Anfragen oder fünf Terminen in beiden Zeiträumen.")
    rate, missed = money(report.hourly_rate_cents, look), money(report.missed_visit_cents, look)
    parts = []
    if gain.minutes is not None:
        words = _("vermeidbare Anfragen: {span} {change} × {rate} je Stunde")
        parts.append(words.format(span=span(abs(gain.minutes), look), change=_less(gain.minutes, look), rate=rate))
    if gain.visits is not None:
        words = _("nicht wahrgenommene Termine: {count} {change} × {cost}")
        count = number(abs(gain.visits), look, 1)
        parts.append(words.format(count=count, change=_less(gain.visits, look), cost=missed))
    half = _(
        "Eine Schätzung {against}, auf gleich viele Anfragen und Termine gerechnet. "
        "Die untere Zahl nimmt an, dass die Hälfte davon von selbst kam."
    )
    return f"{'; '.join(parts)}. {half.format(against=against_word(report.comparison, look))}"


def _less(spared: float, look: Look) -> str:
    return look.speech.say("weniger") if spared >= 0 else look.speech.say("mehr")
