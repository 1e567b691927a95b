"""Dialogs of a customer's card: more about the person, what they agreed to, a second card of the same person."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from pages.catalogues import LANGUAGES
from pages.parts.acting import changed_fields, note_drawn, show_form
from pages.parts.choices import choose_in_sight
from pages.parts.items import customer_item
from pages.parts.person import consent_line
from pages.parts.plain import plain
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from pages.parts.words import name_or
from services import consents, customers, merging
from services.customers import MAIL_RATHER, PHONE_ONLY
from services.merging import MergePreview
from services.rules.same_person import Unlike

_DRAWN = "cm-drawn"
OFFERED = 4  # found customers in a dialog


def open_more(desk: Desk, customer_id: int) -> None:
    """What we know of the person: how they want to be reached, what they like, who sent them."""
    _ = desk.say
    referrer = f"cm-from-{customer_id}"
    keys = {"preferred": "cm-way", "likes": "cm-likes", "language": "cm-lang", "no_ads": "cm-no-ads"}
    keys |= {"referred_by": referrer}

    def fields(now: Desk) -> None:
        card = customers.open_card(now.shop, now.actor, customer_id)
        customer = card.customer
        sender = card.referrer.id if card.referrer else 0  # who was erased is nobody to choose
        drawn = {name: getattr(customer, name) for name in keys} | {"referred_by": sender}
        note_drawn("cm-likes", _DRAWN, drawn)
        ways = {"": _("Egal"), MAIL_RATHER: _("Lieber Mail"), PHONE_ONLY: _("Nur Telefon")}
        choose_in_sight(_("Wie am liebsten?"), ways, customer.preferred, key="cm-way")
        hint = _("schwarzen Kaffee, Termine am Freitag")
        st.text_input(_("Mag …"), customer.likes, key="cm-likes", placeholder=hint, on_change="ignore")
        choose_in_sight(_("Sprache"), LANGUAGES, customer.language, key="cm-lang")
        pick_customer(now, _("Empfohlen durch"), key=referrer, without={customer_id}, start=sender)
        st.checkbox(_("Werbesperre"), customer.no_ads, key="cm-no-ads", on_change="ignore")
        st.caption(_("Dann geht keine Werbung und keine Befragung hinaus, was auch immer zugestimmt wurde."))

    def save(now: Desk) -> None:
        field = st.session_state
        changed = changed_fields(_DRAWN, {name: field[key] for name, key in keys.items()})
        customers.change_customer(now.shop, now.actor, customer_id, **changed)

    said = _("Gespeichert.")
    show_form(_("Mehr zur Person"), fields, _("Speichern"), save, keys="cm-", typed=True, said=said, position="right")


def pick_customer(desk: Desk, label: str, *, key: str, without: Collection[int], start: int = 0) -> int:
    """A field that finds customers while one types; the id of the chosen one, 0 while there is none, also at `key`."""
    _ = desk.say
    field = st.session_state
    chosen = int(field.setdefault(key, start))

    def put(customer_id: int) -> None:
        field[key] = customer_id

    if chosen:
        name = name_or(customers.require_customer(desk.shop.store, chosen).name, _)
        with st.container(gap=None):
            st.caption(plain(label))
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.text(name, width="content")
                icon = ":material/close:"
                st.button(_("Andere Person"), key=f"{key}-drop", icon=icon, type="tertiary", on_click=put, args=(0,))
        return chosen
    hint = _("Name, E-Mail oder Telefonnummer")
    words = st.text_input(label, key=f"{key}-words", type="search", live=True, placeholder=hint) or ""
    if words.strip():
        found = customers.find_customers(desk.shop, desk.actor, words)
        items = [customer_item(one, desk.speech) for one in found if one.customer.id not in without][:OFFERED]
        if items:
            draw_rows(items, key=f"{key}-rows", kind="slim", label=label, on_tap=put)
        else:
            st.caption(_("Niemand gefunden"))
    return 0


def open_consent(desk: Desk, customer_id: int) -> None:
    """Write down what somebody agreed to or took back; below it the log."""
    _ = desk.say

    def fields(now: Desk) -> None:
        kinds = {consents.ADS: _("Werbung"), consents.SURVEY: _("Befragung per Mail")}
        choose_in_sight(_("Worum geht es?"), kinds, consents.ADS, key="co-kind")
        choose_in_sight(
            _("Was wurde gesagt?"), {True: _("Zugestimmt"), False: _("Zurückgenommen")}, True, key="co-given"
        )
        hint = _("Am Telefon: «Ja, schicken Sie mir die Herbstaktion.»")
        label = _("Wie und mit welchen Worten?")
        st.text_area(label, key="co-how", height=100, placeholder=hint, on_change="ignore")
        for consent in consents.list_consents(now.shop, now.actor, customer_id):
            with st.container(key=f"leise-consent-{consent.id}", gap=None):
                by = f" · {consent.staff_name}" if consent.staff_name else ""
                st.text(f"{consent_line(consent, now.speech)}{by}")
                st.text(consent.how)

    def save(now: Desk) -> None:
        field = st.session_state
        kind, given, how = field["co-kind"], bool(field["co-given"]), field["co-how"]
        consents.note_consent(now.shop, now.actor, customer_id, kind, given=given, how=how)

    title, said = _("Zustimmung notieren"), _("Notiert.")
    show_form(title, fields, _("Notieren"), save, keys="co-", typed=True, said=said, position="right")


def open_merge_cards(desk: Desk, customer_id: int, other_id: int = 0) -> None:
    """Put a second card of the same person into this one."""
    _ = desk.say
    key = f"cg-other-{customer_id}"

    def fields(now: Desk) -> None:
        other = pick_customer(
            now, _("Welche Karte ist dieselbe Person?"), key=key, without={customer_id}, start=other_id
        )
        if not other:
            return
        names = {ident: _named(now, ident) for ident in (customer_id, other)}
        choose_in_sight(_("Welche Karte bleibt?"), names, customer_id, key="cg-kept", on_change="rerun")
        kept = int(st.session_state.get("cg-kept") or customer_id)
        gone = other if kept == customer_id else customer_id
        _draw_preview(now, merging.preview_merge(now.shop, now.actor, kept, gone))

    def save(now: Desk) -> None:
        other, kept = int(st.session_state[key]), int(st.session_state.get("cg-kept") or customer_id)
        merging.merge_customers(now.shop, now.actor, kept, other if kept == customer_id else customer_id)

    title, said = _("Zwei Karten, eine Person"), _("Zusammengeführt.")
    label = _("Zusammenführen")
    show_form(title, fields, label, save, keys="cg-", typed=True, said=said, position="right")


def _named(desk: Desk, customer_id: int) -> str:
    """The card by its name and one way to reach it: two cards of a person bear one name."""
    card = customers.open_card(desk.shop, desk.actor, customer_id)
    ways = [contact.shown for contact in card.contacts[:1]]
    return plain(" · ".join([name_or(card.customer.name, desk.say), *ways]))


def _draw_preview(desk: Desk, preview: MergePreview) -> None:
    """What goes over, what is filled, and what stays as it is."""
    _ = desk.say
    words = _field_words(desk)
    if preview.unlike is not None:
        st.warning(plain(_unlike_words(desk, preview.unlike)), icon=":material/warning:")
    over = [*_counted(desk, preview), *preview.contacts]
    with st.container(key="leise-vorschau-karten", gap="xsmall"):
        if over:
            st.text(_("Hinüber gehen: {what}").format(what=", ".join(over)))
        if preview.filled:
            filled = ", ".join(words[name] for name in preview.filled)
            st.text(_("Von der anderen Karte übernommen: {fields}").format(fields=filled))
        if preview.conflicts:
            kept = ", ".join(words[name] for name in preview.conflicts)
            st.text(_("Bleibt wie auf der Karte, die bleibt: {fields}").format(fields=kept))
        st.caption(_("Keine Uhr ändert sich. Bis 90 Tage danach lassen sich die Karten wieder trennen."))


def _unlike_words(desk: Desk, unlike: Unlike) -> str:
    """«Verschiedene Vornamen: Anna und Peter. …»: nothing forbids it, but somebody shall see it."""
    _ = desk.say
    first = _("Verschiedene Vornamen: {one} und {other}. Ist das wirklich dieselbe Person?")
    whole = _("Verschiedene Namen: {one} und {other}. Ist das wirklich dieselbe Person?")
    return (first if unlike.first_names else whole).format(one=unlike.one, other=unlike.other)


def _counted(desk: Desk, preview: MergePreview) -> list[str]:
    _ = desk.say
    forms = {
        "inquiry": (_("1 Anfrage"), _("{count} Anfragen")),
        "booking": (_("1 Termin"), _("{count} Termine")),
        "wish": (_("1 Wunsch"), _("{count} Wünsche")),
        "consent": (_("1 Zustimmung"), _("{count} Zustimmungen")),
    }
    counts = [(forms[table], count) for table, count in preview.counts.items() if table in forms]
    return [one if count == 1 else many.format(count=count) for (one, many), count in counts]


def _field_words(desk: Desk) -> dict[str, str]:
    _ = desk.say
    return {
        "name": _("Name"),
        "salutation": _("Anrede"),
        "title": _("Titel"),
        "form_of_address": _("Sie oder Du"),
        "language": _("Sprache"),
        "preferred": _("Wie am liebsten"),
        "likes": _("Vorlieben"),
        "note": _("Notiz"),
        "referred_by": _("Empfohlen durch"),
        "no_ads": _("Werbesperre"),
    }
