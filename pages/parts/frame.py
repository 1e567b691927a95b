"""What every screen has around it: stylesheet, tab bar, the pulse of the mailbox, news and trouble, sign-out."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import streamlit as st

from pages.login.tokens import FIELD, SIGN_OUT, make_token
from pages.parts import state
from pages.parts.acting import edge
from pages.parts.focus import draw_focus_line, note_digest_in_sight
from pages.parts.plain import plain
from pages.parts.session import Desk, open_desk
from pages.parts.words import ago, past_time, stored
from services.jobs import JobHealth, job_health

LONG_AWAY = 48  # hours, told in days from here on
PULSE_SECONDS = 15  # so soon an open tab ends after a sign-out elsewhere
_SCRIPT = """const {lang, skip, untaken, ...shown} = words;
document.documentElement.lang = lang;
document.documentElement.style.setProperty("--untaken", JSON.stringify(untaken));
Object.assign(document.documentElement.dataset, shown);
document.querySelectorAll('a[data-testid=stSkipToContent]').forEach(link => {link.textContent = skip});
""" + Path(__file__).with_name("sign_of_life.js").read_text(encoding="utf-8")


def draw_frame(desk: Desk, tabs: list[tuple[str, str, str]]) -> None:
    """The frame; `tabs` are (page, label, icon) of the phone's bar."""
    st.html(Path(__file__).with_name("styles.css"))
    st.html(_document_script(desk), unsafe_allow_javascript=True)
    for said in state.take_said():
        st.toast(plain(said), icon=":material/check_circle:", duration=6)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="oben", width="content"):
        _pulse()
        _person(desk)
    note_digest_in_sight(desk)
    _news()
    with st.bottom.container(horizontal=True, key="tabs", gap=None):
        for page, label, icon in tabs:
            st.page_link(page, label=label, icon=f":material/{icon}:", width="stretch")


def _document_script(desk: Desk) -> str:
    """Screen readers and hyphenation go by the document's language, which Streamlit leaves at English; so its link.

    Also the words that styles.css shows while the connection is lost and nothing can come from here, the watch that
    finds that out where no connection was closed, and what it shows in place of Streamlit's English on a field.
    """
    _ = desk.say
    lost = _("Keine Verbindung zu Theke. Es geht von selbst weiter.")
    silent = _("Keine Verbindung zu Theke (seit {time}). Es geht von selbst weiter.")
    untaken = _("Das geht hier nicht. Es gilt, was vorher da stand.")
    shown = {"lost": lost, "silentWords": silent, "untaken": untaken}
    words = {"lang": desk.actor.language, "skip": _("Zum Inhalt"), **shown}
    said = json.dumps(words).replace("<", "\\u003c")
    return f"<script>{{const words={said};{_SCRIPT}}}</script>"


@st.fragment(run_every=PULSE_SECONDS, key="pulse")
def _pulse() -> None:
    desk = open_desk()
    health = job_health(desk.shop)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", key="puls-zeile"):
        _draw_pulse(desk, health)


def _draw_pulse(desk: Desk, health: JobHealth) -> None:
    _ = desk.say
    if health.outbox_problems:
        label = _("{count} prüfen").format(count=health.outbox_problems)
        why = _("Antworten, die vielleicht nicht angekommen sind. Sie sind in der Liste rot markiert.")
        if st.button(label, icon=":material/error:", help=why, key="pruefen"):
            st.switch_page("staff/anfragen.py")
    tone, before, said = pulse_words(desk, health)
    role = " role='status'" if tone == "rot" else ""  # else a screen reader would tell every age of the last check
    now = desk.shop.now().isoformat()  # sign_of_life.js goes by it
    words = f"<i>{escape(before)}</i> {escape(said)}"
    st.html(f"<span class='puls {tone}'{role} data-said='{now}'>{words}</span>", width="content")


def pulse_words(desk: Desk, health: JobHealth) -> tuple[str, str, str]:
    """Tone and the two halves of «Letzter Abruf | vor 40 s»."""
    _ = desk.say
    if not health.has_mailbox:
        return "still", _("Kein Postfach"), ""
    if health.mail_overdue and health.mail_fetched_at:
        return "rot", "", _("Seit {time} nicht abgerufen").format(time=past_time(health.mail_fetched_at, desk.speech))
    tone = "rot" if health.mail_problem else ""
    if health.mail_fetched_at is None:
        return (tone, _("Erster Abruf"), _("nicht gelungen")) if tone else ("still", _("Erster Abruf"), _("läuft"))
    return tone, _("Letzter Abruf"), ago(health.mail_fetched_at, desk.speech)


@st.fragment(run_every=PULSE_SECONDS, key="news")
def _news() -> None:
    desk = open_desk()
    with st.container(key="meldungen"), edge(desk.say):
        draw_focus_line(desk)
        for number, (tone, text) in enumerate(news(desk, job_health(desk.shop))):
            with st.container(key=f"meldung-{tone}-{number}"):
                icon = "error" if tone == "rot" else "info"
                st.markdown(f":material/{icon}: {plain(text)}")


def news(desk: Desk, health: JobHealth) -> list[tuple[str, str]]:
    """(tone, sentence) of what everybody must know now; red first."""
    _ = desk.say
    lines: list[tuple[str, str]] = []
    if health.mail_problem:
        lines.append(
            ("rot", _("Das Postfach lässt sich nicht abrufen. {reason}").format(reason=stored(health.mail_problem, _)))
        )
    if health.outbox_problem:
        reason = stored(health.outbox_problem, _)
        lines.append(("rot", _("Antworten lassen sich gerade nicht senden. {reason}").format(reason=reason)))
    if health.public_port_problem:
        lines.append(("rot", _unreachable(desk, health.public_port_problem)))
    if health.backup_problem and desk.is_owner:
        lines.append(
            ("rot", _("Die Sicherung ist nicht gelungen. {reason}").format(reason=stored(health.backup_problem, _)))
        )
    if health.outbox_waiting:
        lines.append(("gelb", _waiting(desk, health.outbox_waiting)))
    if health.second_copy_problem and desk.is_owner:
        lines.append(("gelb", _("Die zweite Sicherung fehlt. Warum, steht unter «Einstellungen», «Daten».")))
    if health.away_hours:
        lines.append(("gelb", _away(desk, health.away_hours)))
    if not health.has_mailbox and desk.is_owner:
        lines.append(("gelb", _("Noch ist kein Postfach verbunden. Das geht unter «Einstellungen».")))
    return lines


def _waiting(desk: Desk, count: int) -> str:
    _ = desk.say
    one = _("Eine Antwort konnte noch nicht hinaus. Theke versucht es weiter; der Grund steht im Gespräch.")
    many = _("{count} Antworten konnten noch nicht hinaus. Theke versucht es weiter; der Grund steht im Gespräch.")
    return one if count == 1 else many.format(count=count)


def _unreachable(desk: Desk, reason: str) -> str:
    _ = desk.say
    if not desk.is_owner:
        return _("Kunden erreichen die Termin-Seiten gerade nicht.")
    return _("Kunden erreichen die Termin-Seiten gerade nicht. {reason}").format(reason=stored(reason, _))


def _away(desk: Desk, hours: int) -> str:
    _ = desk.say
    if hours >= LONG_AWAY:
        days = _("Theke war {days} Tage aus. Was in dieser Zeit kam, steht jetzt in der Liste.")
        return days.format(days=hours // 24)
    return _("Theke war {hours} Std. aus. Was in dieser Zeit kam, steht jetzt in der Liste.").format(hours=hours)


def _person(desk: Desk) -> None:
    _ = desk.say
    with st.popover(plain(desk.actor.name.split(" ")[0]), icon=":material/account_circle:", type="tertiary", key="ich"):
        st.text(desk.actor.name)
        token = escape(make_token(desk.shop, SIGN_OUT, desk.actor.session), quote=True)
        st.html(
            "<form class='abmelden' method='post' action='/abmelden'>"
            f"<input type='hidden' name='{FIELD}' value='{token}'><button>{escape(_('Abmelden'))}</button></form>"
        )
