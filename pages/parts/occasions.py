"""«Anlässe» on a screen: whom to call and why, in a sentence with the fact; and what came of it."""

from __future__ import annotations

from datetime import date

import streamlit as st
from babel.dates import format_date, format_skeleton

from data.occasion_records import Occasion, OccasionKind, OccasionState
from pages.parts import state
from pages.parts.acting import do, show_form
from pages.parts.choices import choose_in_sight
from pages.parts.items import Item
from pages.parts.live_list import gone_from
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import Speech, name_or
from services import occasions
from services.look_back_words import freed_word
from services.occasions import Key, Occasions, key_of
from services.rules.occasions import Call, months_later
from services.rules.phones import show_phone
from services.typed import shorten

CALLS, HELD = "anlaesse", "anlaesse-ohne"
_LONGEST = 60  # signs of a subject
_WEEK, _MONTH = 7, 30  # days
_SAYS_NOTHING = frozenset({"", "anfrage", "kontakt", "frage"})  # subjects of forms


def call_item(desk: Desk, call: Call, *, held: bool = False) -> Item:
    """A row: who, every reason as a sentence, the number to dial; of one who is `held` no number and no hurry."""
    _ = desk.say
    first, *others = call.reasons
    word, icon = kind_word(first.kind, desk)
    country, phone = desk.settings.country, "" if held else first.phone
    facts = [{"icon": "add", "text": reason_words(one, desk.speech)} for one in others]
    if not phone and not held:
        facts.append({"icon": "phone_disabled", "text": _("Keine Telefonnummer bekannt")})
    # A mail about the customer's own matter is an answer; any other would be advertising.
    may_write = not phone and not held and first.kind in {OccasionKind.COMPLAINT, OccasionKind.OFFER}
    writes = [("write", "mail", _("Schreiben"))] if may_write else []
    ends = [("done", "check", _("Erledigt")), ("skip", "block", _("Auslassen")), ("later", "schedule", _("Später"))]
    return {
        "id": -call.customer_id if held else call.customer_id,
        "target": first.inquiry_id,
        "keys": [key_of(one) for one in call.reasons],
        **dict.fromkeys(("lead", "unit", "rest", "flag", "alert"), ""),
        "tone": "customer" if held else "ok",
        "owner": None,
        "badge": {"icon": icon, "word": word},
        "title": name_or(first.customer_name, _),
        "text": reason_words(first, desk.speech),
        "meta": facts,
        "call": {"number": phone, "word": show_phone(phone, country)} if phone else None,
        "acts": [{"name": name, "icon": sign, "word": told} for name, sign, told in (*writes, *ends)],
    }


def kind_word(kind: OccasionKind, desk: Desk) -> tuple[str, str]:
    """(word, icon) of a kind."""
    _ = desk.say
    return {
        OccasionKind.COMPLAINT: (_("Nach Beschwerde"), "sentiment_satisfied"),
        OccasionKind.OFFER: (_("Angebot offen"), "request_quote"),
        OccasionKind.FOLLOW_UP: (_("Passt alles?"), "task_alt"),
        OccasionKind.DUE: (_("Wieder fällig"), "event_repeat"),
        OccasionKind.QUIET: (_("Lange nicht da"), "hourglass_empty"),
    }[kind]


def reason_words(one: Occasion, speech: Speech) -> str:
    """Why, with the fact: «Jahresservice zuletzt am 3. Dezember 2025, wieder fällig seit 3. Dezember»."""
    _ = speech.say
    day, today = one.at.astimezone(speech.zone).date(), speech.now.astimezone(speech.zone).date()
    what, on = shorten(one.what, _LONGEST), full_day(day, speech)
    match one.kind:
        case OccasionKind.COMPLAINT:
            return _("Beschwerde «{what}» am {day} gelöst. Ist jetzt alles gut?").format(what=what, day=on)
        case OccasionKind.OFFER:
            words = _("Ihr Angebot vom {day} blieb ohne Antwort: {what}")
            if what.casefold() in _SAYS_NOTHING:
                words = _("Ihr Angebot vom {day} blieb ohne Antwort.")
            return words.format(what=what, day=on)
        case OccasionKind.FOLLOW_UP:
            return _("{what} am {day} erledigt. Passt alles?").format(what=what, day=on)
        case OccasionKind.DUE:
            due = months_later(day, one.months)
            words = _("{what} zuletzt am {day}, wieder fällig am {due}.")
            if due < today:
                words = _("{what} zuletzt am {day}, war am {due} fällig.")
            return words.format(what=what, day=on, due=full_day(due, speech))
        case OccasionKind.QUIET:
            words = _("Kam sonst etwa alle {span}, zuletzt am {day}: {what}.")
            return words.format(span=_gap(one.days, speech), day=on, what=what)


def full_day(day: date, speech: Speech) -> str:
    """«3. Dezember» of this year, else «3. Dezember 2025»."""
    if day.year == speech.now.astimezone(speech.zone).year:
        return format_skeleton("MMMMd", day, locale=speech.locale)
    return format_date(day, "long", locale=speech.locale)


def _gap(days: int, speech: Speech) -> str:
    _ = speech.say
    if days < 2 * _WEEK:
        return _("{count} Tage").format(count=days)
    if days < 2 * _MONTH:
        return _("{count} Wochen").format(count=round(days / _WEEK))
    return _("{count} Monate").format(count=round(days / _MONTH))


def act_on(name: str, row: int) -> None:
    """A tap on a button of a row: «done» and «skip» ask for a note first, «later» is done at once."""
    who, keys = _row(row)
    if name == "write":
        _write_to(row)
        return
    if name != "later":
        state.ask("occasion", name, keys, who)
        return

    def put_off(desk: Desk) -> str:
        occasions.put_off_call(desk.shop, desk.actor, keys)
        return desk.say("Steht in einer Woche wieder da.")

    do(put_off)


def _write_to(row: int) -> None:
    """Open the conversation, with the box where somebody can write."""
    kept = state.kept_list(HELD if row < 0 else CALLS)
    for item in kept[1] if kept else []:
        if item["id"] == row:
            state.go_to(item["target"])
            state.write_anyway(item["target"])


def _row(row: int) -> tuple[str, list[Key]]:
    """(name, keys) of a row as it was shown."""
    kept = state.kept_list(HELD if row < 0 else CALLS)
    item = next((one for one in kept[1] if one["id"] == row), None) if kept else None
    return (item["title"], item["keys"]) if item else ("", [])


def fate_words(desk: Desk, name: str, items: list[Item]) -> dict[int, str]:
    """By row of the list `name` that is gone what came of it."""
    gone = gone_from(name, items)
    return {row: _fate_word(desk, occasions.read_fates(desk.shop, desk.actor, _row(row)[1])) for row in gone}


def _fate_word(desk: Desk, fates: list[OccasionState]) -> str:
    _ = desk.say
    words = {
        OccasionState.DONE: _("Erledigt"),
        OccasionState.SKIPPED: _("Ausgelassen"),
        OccasionState.LATER: _("In einer Woche"),
    }
    return words[fates[0]] if fates else ""


def draw_sources(desk: Desk) -> None:
    """What makes an occasion, whom one may call, and where that is set."""
    _ = desk.say
    for words in (
        _("**Nach Beschwerde**: eine Woche, nachdem sie gelöst wurde."),
        _("**Angebot offen**: seit sieben Tagen kam auf den Preis keine Antwort und kein Termin."),
        _("**Passt alles?**: so viele Tage nach der Arbeit, wie bei der Leistung steht."),
        _("**Wieder fällig**: nach so vielen Monaten, wie bei der Leistung steht; ab 30 Tage vorher."),
        _("**Lange nicht da**: wer mindestens dreimal da war und nun viel länger wegbleibt als sonst."),
        _(
            "Die letzten beiden sind Werbung und brauchen eine Einwilligung auf der Kundenkarte, auch wenn jemand um"
            " Erinnerung bittet. «Passt alles?» braucht in Deutschland eine Einwilligung zu Befragung oder Werbung; in"
            " Österreich und der Schweiz fragen Sie nur nach der Arbeit und bieten dabei nichts an."
        ),
        _("Bei «Werbesperre» steht hier nur die eigene Beschwerde."),
    ):
        st.markdown(words)
    if desk.is_owner:
        label = _("Tage und Monate bei den Leistungen")
        st.page_link("staff/leistungen.py", label=label, icon=":material/sell:")


def open_ending(desk: Desk, name: str, keys: list[Key], who: str) -> None:
    """What came of it, in a word if somebody likes."""
    _ = desk.say
    done = name == "done"

    def fields(now: Desk) -> None:
        st.text(who)
        if done:
            ways = {True: now.say("Gesprochen"), False: now.say("Anders erledigt")}
            choose_in_sight(now.say("Wie?"), ways, True, key="oc-reached")
        st.text_area(now.say("Notiz (wer mag)"), key="oc-note", height=90, on_change="ignore")
        if not done:
            st.caption(now.say("Kommt erst wieder, wenn es einen neuen Anlass gibt."))

    def save(now: Desk) -> str:
        note = st.session_state["oc-note"] or ""
        if done:
            reached = bool(st.session_state["oc-reached"])
            occasions.finish_call(now.shop, now.actor, keys, reached=reached, note=note)
            return now.say("Erledigt und im Gespräch vermerkt.") if reached or note else now.say("Erledigt.")
        occasions.skip_call(now.shop, now.actor, keys, note)
        return now.say("Ausgelassen.")

    title = _("Anlass erledigt") if done else _("Anlass auslassen")
    show_form(title, fields, _("Erledigt") if done else _("Auslassen"), save, keys="oc-", typed=True)


def draw_occasions_line(desk: Desk) -> None:
    """Heute: how many there are to call, and the first of them."""
    _ = desk.say
    found = occasions.list_occasions(desk.shop, desk.actor)
    if not found.calls:
        return
    with st.container(key="karte-anlaesse", gap=None):
        st.page_link("staff/anlaesse.py", label=count_words(found, desk), icon=":material/call:")
        names = [name_or(call.reasons[0].customer_name, _) for call in found.calls[:3]]
        st.caption(plain(", ".join(names) + (" …" if len(found.calls) > 3 else "")))


def count_words(found: Occasions, desk: Desk) -> str:
    """«3 Anlässe, anzurufen»."""
    _ = desk.say
    count = len(found.calls)
    return _("1 Anlass, anzurufen") if count == 1 else _("{count} Anlässe, anzurufen").format(count=count)


def draw_freed_time(desk: Desk, minutes: int) -> None:
    """What templates saved in a week, as time for people."""
    if label := freed_word(minutes, desk.say, desk.speech.locale):
        with st.container(key="gespart"):  # a sentence that takes a second line on a phone
            st.page_link("staff/anlaesse.py", label=label, icon=":material/call:")
