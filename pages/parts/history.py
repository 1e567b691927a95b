"""A customer's history on a screen: every channel and booking as rows, and the last visits beside a reply."""

from __future__ import annotations

import streamlit as st

from data.booking_records import BookingState
from data.records import Channel, MessageRole
from data.timeline import Contact, EntryKind, TimelineEntry
from data.wishes import WishState
from pages.parts import state
from pages.parts.booking_words import state_look
from pages.parts.head import draw_section
from pages.parts.items import Item
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from pages.parts.words import CHANNEL_ICONS, Speech, coming_time, day_and_time, day_word, outbox_problem_word
from services import timeline
from services.ratings import RATING_WORDS
from services.timeline import PAGE
from services.typed import shorten

FIRST_WORDS = 140
_OURS = frozenset({MessageRole.ANSWER, MessageRole.EARLIER_ANSWER})
_ROLE_ICONS = {
    MessageRole.ATTEMPT: "phone_missed",
    MessageRole.FORWARD: "forward",
    MessageRole.THIRD_PERSON: "reply",
}


def draw_history(desk: Desk, customer_id: int) -> None:
    """«Verlauf» of a customer, the newest on top, with a button for older ones."""
    _ = desk.say
    name = f"verlauf-{customer_id}"
    limit = PAGE + state.shown_more(name)
    told = timeline.customer_timeline(desk.shop, desk.actor, customer_id, limit=limit)
    if not told.entries:
        return
    draw_section(_("Verlauf"), key="verlauf")
    items = [entry_item(entry, desk.speech) for entry in told.entries]
    draw_rows(items, key=f"rows-{name}", kind="slim", on_tap=open_entry, label=_("Verlauf"))
    if told.more:
        icon = ":material/expand_more:"
        st.button(_("Mehr zeigen"), key=f"mehr-{name}", icon=icon, on_click=state.show_more, args=(name, PAGE))


def open_entry(target: int) -> None:
    """A tap on an entry: its conversation, or by a negative number its booking."""
    if target < 0:
        state.go_to_booking(-target)
    else:
        state.go_to(target)


def entry_item(entry: TimelineEntry, speech: Speech) -> Item:
    """A row of «Verlauf»: which way it went, the first words, when."""
    icon, title, badge = _LOOKS[entry.kind](entry, speech)
    ahead = entry.kind is EntryKind.BOOKING and entry.happened_at > speech.now
    when = coming_time(entry.happened_at, speech) if ahead else day_and_time(entry.happened_at, speech)
    return {
        "id": -entry.id if entry.kind is EntryKind.RATING else entry.id,
        "target": -entry.id if entry.kind is EntryKind.BOOKING else entry.inquiry_id,
        "lead": "",
        "unit": "",
        "rest": "",
        "tone": "ok",
        "badge": badge,
        "title": title,
        "flag": "",
        "text": shorten(entry.words, FIRST_WORDS),
        "alert": outbox_problem_word(entry.problem, speech.say),
        "meta": [{"icon": icon, "text": when}],
        "owner": "",
    }


Look = tuple[str, str, dict[str, str] | None]


def _message(entry: TimelineEntry, speech: Speech) -> Look:
    _ = speech.say
    role, channel = MessageRole(entry.how), Channel(entry.channel)
    badge = {"icon": "schedule_send", "word": _("Geht hinaus")} if entry.problem == "queued" else None
    return _ROLE_ICONS.get(role, CHANNEL_ICONS[channel]), _direction(role, channel, speech), badge


def _direction(role: MessageRole, channel: Channel, speech: Speech) -> str:
    """Who spoke, and how."""
    _ = speech.say
    special = {
        MessageRole.NOTE: _("Notiz"),
        MessageRole.ATTEMPT: _("Anruf, nicht erreicht"),
        MessageRole.FORWARD: _("Weitergeleitet"),
        MessageRole.THIRD_PERSON: _("Antwort auf die Weiterleitung"),
    }
    talked = {Channel.CALL: _("Telefongespräch"), Channel.VISIT: _("Gespräch vor Ort")}
    spoke = {
        Channel.CALL: _("Hat angerufen"),
        Channel.VISIT: _("War hier"),
        Channel.VOICEMAIL: _("Auf dem Anrufbeantworter"),
    }
    if role in special:
        return special[role]
    return (
        talked.get(channel, _("Wir haben geschrieben")) if role in _OURS else spoke.get(channel, _("Hat geschrieben"))
    )


def _booking(entry: TimelineEntry, speech: Speech) -> Look:
    _ = speech.say
    look = state_look(BookingState(entry.how), _)
    badge = {"icon": look.icon, "word": look.word} if look.word else None
    if badge is None:
        ahead = entry.happened_at > speech.now
        badge = {"icon": "event_available", "word": _("Kommt noch") if ahead else _("War vereinbart")}
    return "calendar_month", _("Termin"), badge


def _wish(entry: TimelineEntry, speech: Speech) -> Look:
    _ = speech.say
    badges = {
        WishState.OPEN: ("hourglass_top", _("Noch offen")),
        WishState.TOLD: ("mark_email_read", _("Verständigt")),
        WishState.FULFILLED: ("check", _("Erfüllt")),
        WishState.DECLINED: ("block", _("Abgelehnt")),
        WishState.LAPSED: ("timer_off", _("Abgelaufen")),
    }
    icon, word = badges[WishState(entry.how)]
    return "redeem", _("Wunsch"), {"icon": icon, "word": word}


def _rating(entry: TimelineEntry, speech: Speech) -> Look:
    _ = speech.say
    word = _(RATING_WORDS[int(entry.how)])
    return "sentiment_satisfied", _("Bewertung: {word}").format(word=word), None


_LOOKS = {
    EntryKind.MESSAGE: _message,
    EntryKind.BOOKING: _booking,
    EntryKind.WISH: _wish,
    EntryKind.RATING: _rating,
}


def draw_last_contacts(desk: Desk, customer_id: int, inquiry_id: int) -> None:
    """«Zuletzt hier» in small on the card beside a reply (S1-3)."""
    _ = desk.say
    last = timeline.last_contacts(desk.shop, desk.actor, customer_id, without=inquiry_id)
    if not last:
        return
    with st.container(key="leise-zuletzt", gap=None):
        st.caption(_("Zuletzt"))
        for contact in last:
            st.text(_contact_line(contact, desk.speech))


def _contact_line(contact: Contact, speech: Speech) -> str:
    """«17. März: Termin, Reifenwechsel»."""
    _ = speech.say
    words = shorten(contact.words, 60)
    if contact.kind is EntryKind.BOOKING:
        words = _("Termin, {words}").format(words=words)
    return f"{day_word(contact.happened_at, speech)}: {words}"
