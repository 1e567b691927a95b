"""What Kunden knows of a person beyond how to reach them: who sent whom, consents, a second card, further steps."""

from __future__ import annotations

import streamlit as st

from data.consents import Consent
from pages.catalogues import LANGUAGES
from pages.parts import state
from pages.parts.acting import action, calling, dialog_button, way_on
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import Speech, day_word, name_or
from services import consents, merging
from services.customers import CustomerCard
from services.merging import Double
from services.rules.same_person import Likeness


def card_steps(desk: Desk, card: CustomerCard) -> dict[str, str]:
    """The menu «Weitere Schritte» of a card: each step with the name of its dialog, which gets the customer's id."""
    _ = desk.say
    return {
        _("Mehr zur Person"): "customer-more",
        _("Zustimmung notieren"): "consent",
        _("Mit anderer Karte zusammenführen"): "cards-merge",
        _("Auskunft (Art. 15)"): "disclosure",
        _("Löschen …"): "erasure",
    }


def draw_card_steps(desk: Desk, card: CustomerCard) -> None:
    """The button that opens the menu."""
    _ = desk.say
    steps, key = card_steps(desk, card), "card-more"

    def chosen() -> None:
        state.ask(steps[st.session_state[key]], card.customer.id)

    more, icon = _("Weitere Schritte"), ":material/more_horiz:"
    st.menu_button(more, list(steps), icon=icon, key=key, on_click=chosen, width="stretch")


def draw_person(desk: Desk, card: CustomerCard) -> None:
    """The quiet lines below the card, as far as there is something to say."""
    _ = desk.say
    with st.container(key="leise-person", gap="xxsmall"):
        if card.customer.language != "de":
            language = LANGUAGES.get(card.customer.language, card.customer.language)
            st.text(_("Sprache: {language}").format(language=language))
        if card.referrer is not None:
            label = _("Empfohlen durch {name}").format(name=name_or(card.referrer.name, _))
            icon, who = ":material/diversity_3:", (card.referrer.id,)
            st.button(plain(label), key="empfohlen", icon=icon, type="tertiary", on_click=open_card, args=who)
        if card.referred:
            one, many = _("Hat eine Person empfohlen"), _("Hat {count} Personen empfohlen")
            st.text(one if card.referred == 1 else many.format(count=card.referred))
        _consents(desk, card.customer.id)
    _merges(desk, card.customer.id)
    draw_doubles(desk, card.customer.id)


def open_card(customer_id: int) -> None:
    """Show another card, as the callback of a widget."""
    st.query_params["kunde"] = str(customer_id)


def _consents(desk: Desk, customer_id: int) -> None:
    """How each kind of consent stands now."""
    newest: dict[str, Consent] = {}
    for consent in consents.list_consents(desk.shop, desk.actor, customer_id):
        newest.setdefault(consent.kind, consent)
    for consent in newest.values():
        st.text(consent_line(consent, desk.speech))


def consent_line(consent: Consent, speech: Speech) -> str:
    """«Werbung: zugestimmt, 3. November»."""
    _ = speech.say
    kind = {consents.ADS: _("Werbung"), consents.SURVEY: _("Befragung per Mail")}.get(consent.kind, consent.kind)
    given, day = _("{kind}: zugestimmt, {day}"), day_word(consent.noted_at, speech)
    return (given if consent.given else _("{kind}: zurückgenommen, {day}")).format(kind=kind, day=day)


def _merges(desk: Desk, customer_id: int) -> None:
    """Cards that went into this one, each with its way back."""
    _ = desk.say
    for merge in merging.list_merges(desk.shop, desk.actor, customer_id):
        name, day = name_or(merge.gone_name, _), day_word(merge.merged_at, desk.speech)
        with st.container(key=f"leise-merge-{merge.id}", gap=None):
            st.text(_("Zusammengeführt mit der Karte «{name}», {day}").format(name=name, day=day))
            look = {"icon": ":material/call_split:", "type": "tertiary"}
            part, said = calling(merging.unmerge_customers, merge.id), _("Getrennt. Beide Karten stehen wieder da.")
            action(_("Trennen"), part, key=f"part-{merge.id}", said=said, **look)


def draw_doubles(desk: Desk, customer_id: int, *, place: str = "") -> None:
    """Cards that may be the same person's: a hint, and a person looks. `place` is the dialog in which they stand."""
    _ = desk.say
    for double in merging.likely_doubles(desk.shop, desk.actor, customer_id):
        with st.container(key=f"karte-doppelt-{place}{double.customer.id}", gap="xsmall"):
            st.caption(_("Vielleicht dieselbe Person"))
            st.text(" · ".join([name_or(double.customer.name, _), *(each.shown for each in double.contacts[:2])]))
            st.caption(why_word(double, desk))
            key, both = f"doppelt-{place}{double.customer.id}", (customer_id, double.customer.id)
            button = way_on if place else dialog_button
            button(_("Vergleichen"), "cards-merge", *both, key=key, icon=":material/join:", width="stretch")


def why_word(double: Double, desk: Desk) -> str:
    """Why the two cards look alike."""
    _ = desk.say
    return {
        Likeness.NAME_AND_WAY: _("Gleicher Name und gleiche Nummer oder Adresse"),
        Likeness.NUMBER: _("Gleiche Nummer und ähnlicher Name"),
        Likeness.NAME: _("Gleicher Name"),
    }[double.why]
