"""What a customer said of our answer: its line in the conversation, and writing down what was said aloud."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data.ratings import Rating
from pages.parts.acting import show_form
from pages.parts.choices import choose_in_sight
from pages.parts.session import Desk
from pages.parts.words import Speech, day_and_time, rating_word
from services.ratings import BY_PHONE, BY_STATUS, IN_SHOP, RATING_WORDS, note_rating

_FACES = {
    5: "sentiment_very_satisfied",
    4: "sentiment_satisfied",
    3: "sentiment_neutral",
    2: "sentiment_dissatisfied",
    1: "sentiment_very_dissatisfied",
}


def rating_entry(rating: Rating, speech: Speech) -> dict[str, Any]:
    """The rating as an entry of the thread; its words go through `textContent` there."""
    _ = speech.say
    ways = {
        BY_STATUS: _("auf der eigenen Seite"),
        IN_SHOP: _("im Geschäft gesagt"),
        BY_PHONE: _("am Telefon gesagt"),
    }
    told = _("Bewertung: {value}").format(value=rating_word(rating.value, _))
    return {
        "id": 0,  # no message and no event has it
        "side": "event",
        "icon": _FACES[rating.value],
        "head": f"{told} · {ways[rating.way]} · {day_and_time(rating.rated_at, speech)}",
        "text": rating.words,
        "long": False,
        "to": "",
        "quoted": "",
        "files": [],
        "state": None,
    }


def open_rating(desk: Desk, inquiry_id: int) -> None:
    """Write down what a customer said by phone or in the shop, the value in words."""
    _ = desk.say

    def fields(now: Desk) -> None:
        values = {value: rating_word(value, _) for value in RATING_WORDS}
        label = _("Wie zufrieden war der Kunde?")
        st.radio(label, list(values), None, format_func=lambda value: values[value], key="rt-value", on_change="ignore")
        choose_in_sight(
            _("Wo wurde es gesagt?"), {BY_PHONE: _("Am Telefon"), IN_SHOP: _("Im Geschäft")}, BY_PHONE, key="rt-way"
        )
        own = _("In den Worten des Kunden (wenn Sie wollen)")
        st.text_area(own, key="rt-words", height=100, on_change="ignore")
        st.caption(_("Bitte nur, was der Kunde gesagt hat. Per Mail fragen wir nie danach."))

    def save(now: Desk) -> None:
        field = st.session_state
        note_rating(now.shop, now.actor, inquiry_id, field["rt-value"], field["rt-words"], way=field["rt-way"])

    said = _("Bewertung gespeichert.")
    show_form(_("Bewertung notieren"), fields, _("Speichern"), save, keys="rt-", typed=True, said=said)
