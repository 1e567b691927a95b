"""Wishes on a screen: noting one in a few taps, when it will come, what is offered where it cannot be had."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

import streamlit as st
from babel.dates import format_skeleton

from data.records import Customer
from data.wishes import Wish, WishState
from pages.parts import state
from pages.parts.acting import action, calling, dialog_button, last_action, show_dialog, show_form, way_on
from pages.parts.choices import choose_in_sight
from pages.parts.date_field import date_field
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import name_or
from services import arrivals, wishes
from services.availability import local_day
from services.conversations import open_conversation
from services.customers import open_card
from services.drafts import offer_template
from services.errors import InvalidInputError
from services.rules.prices import price_field
from services.rules.wish_matching import Article, split_article
from services.typed import price_amount
from services.wish_words import NOTED, expected_words, promise_sentence, wish_words
from services.wishes import NewWish, Offered

_OTHER = 0  # another day than the usual ones
_DAYS = (14, wishes.USUAL_DAYS, 56)
_WEEKS = 5  # that are offered at one tap
_PARTS = ("article", "size", "colour")


def today_of(desk: Desk) -> date:
    """The shop's day."""
    return local_day(desk.speech.now, desk.settings)


def example_of(desk: Desk) -> str:
    """An article as people of this trade would type it."""
    _ = desk.say
    examples = {"kfz": _("Winterreifen, 205/55 R16"), "salon": _("Shampoo, 500 ml")}
    return examples.get(desk.settings.trade, _("Jeans, 128, blau"))


def open_wish(desk: Desk, inquiry_id: int = 0, customer_id: int = 0) -> None:
    """The drawer «Wunsch notieren»; from a conversation or a card the person is known already."""
    _ = desk.say

    def fields(now: Desk) -> None:
        label = _("Was wird gesucht?")
        st.text_input(label, placeholder=example_of(now), key="ws-line", on_change=_split, args=("ws",))
        _article_fields("ws", now)
        _person_fields(now, inquiry_id, customer_id)
        choose_until(now, _("Bis wann?"), key="ws-until")
        with st.expander(_("Preis, Liefertermin, Bestätigung"), key="ws-more"):
            _expected_fields(now, "ws")
            st.text_input(_("Was würde es kosten?"), placeholder="49,00", key="ws-price", on_change="ignore")
            st.checkbox(_("Danach per Mail bestätigen"), key="ws-confirm", on_change="ignore")

    def save(now: Desk) -> str:
        return _save(now, inquiry_id, customer_id)

    look: dict[str, Any] = {"icon": ":material/bookmark_add:", "position": "right"}
    show_form(_("Wunsch notieren"), fields, _("Wunsch speichern"), save, keys="ws-", typed=True, **look)


def open_wish_of(desk: Desk, customer_id: int) -> None:
    """The same for a known customer."""
    open_wish(desk, customer_id=customer_id)


def _split(prefix: str) -> None:
    """What was typed in one line stands in the three fields below, to be corrected there."""
    found = split_article(st.session_state[f"{prefix}-line"])
    for part, words in zip(_PARTS, (found.name, found.size, found.colour), strict=True):
        st.session_state[f"{prefix}-{part}"] = words


def _article_fields(prefix: str, desk: Desk, wish: Wish | None = None) -> None:
    _ = desk.say
    size, colour = (wish.size, wish.colour) if wish else ("", "")
    st.text_input(_("Artikel"), wish.article if wish else "", key=f"{prefix}-article", on_change="ignore")
    with st.grid(2, min_column_width=110, gap="small"):
        st.text_input(_("Größe"), size, key=f"{prefix}-size", on_change="ignore")
        st.text_input(_("Farbe"), colour, key=f"{prefix}-colour", on_change="ignore")


def _typed_article(prefix: str) -> Article:
    name, size, colour = (str(st.session_state.get(f"{prefix}-{part}", "")) for part in _PARTS)
    return Article(name, size, colour)


def _person_fields(desk: Desk, inquiry_id: int, customer_id: int) -> None:
    """Who, and how they are reached: asked only for what is not known."""
    _ = desk.say
    customer, reachable = _known_person(desk, inquiry_id, customer_id)
    if customer is not None:
        st.text(_("Für {name}").format(name=name_or(customer.name, _)))
    else:
        st.text_input(_("Wer?"), placeholder=_("Name oder Firma"), key="ws-who", on_change="ignore")
    if not reachable:
        reach = _("Telefonnummer oder E-Mail")
        st.text_input(_("Wie erreichen wir sie?"), placeholder=reach, key="ws-reach", on_change="ignore")


def _known_person(desk: Desk, inquiry_id: int, customer_id: int) -> tuple[Customer | None, bool]:
    if inquiry_id:
        talk = open_conversation(desk.shop, desk.actor, inquiry_id)
        return talk.customer, bool(talk.contacts)
    if customer_id:
        card = open_card(desk.shop, desk.actor, customer_id)
        return card.customer, bool(card.contacts)
    return None, False


def choose_until(desk: Desk, label: str, *, key: str, start: date | None = None) -> None:
    """The widgets for the day until which somebody waits; `chosen_until` reads them."""
    _ = desk.say
    words = {days: _("{count} Wochen").format(count=days // 7) for days in _DAYS} | {_OTHER: _("Anderer Tag")}
    choose_in_sight(label, words, _OTHER if start else wishes.USUAL_DAYS, key=key, on_change="rerun")
    if st.session_state.get(key) == _OTHER:
        today = today_of(desk)
        usual = today + timedelta(days=wishes.USUAL_DAYS)
        day = max(start, today) if start else usual
        date_field(_("Datum"), day, key=f"{key}-day", on_change="ignore")


def chosen_until(desk: Desk, key: str) -> date:
    """What was chosen."""
    days = int(st.session_state.get(key) or _OTHER)
    chosen = st.session_state.get(f"{key}-day")
    if days == _OTHER and isinstance(chosen, date):
        return chosen
    return today_of(desk) + timedelta(days=days or wishes.USUAL_DAYS)


def typed_price(key: str) -> int | None:
    """Cents of the price in the field `key`, None for none; raises InvalidInputError."""
    return price_amount(str(st.session_state.get(key, "")))


def _save(desk: Desk, inquiry_id: int, customer_id: int) -> str:
    _ = desk.say
    field, article, until = st.session_state, _typed_article("ws"), chosen_until(desk, "ws-until")
    promise = promise_sentence(until, desk.say, desk.speech.locale)
    new = NewWish(
        article=article.name,
        size=article.size,
        colour=article.colour,
        words=field["ws-line"],
        until_on=until,
        who=field.get("ws-who", ""),
        reach=field.get("ws-reach", ""),
        price_cents=typed_price("ws-price"),
        expected=field["ws-expected"],
        expected_source=field["ws-source"],
        inquiry_id=inquiry_id,
        customer_id=customer_id,
    )
    noted = wishes.note_wish(desk.shop, desk.actor, new, promise=promise)
    state.mark_own(noted.inquiry_id)
    if field["ws-confirm"]:
        _confirm(desk, noted.inquiry_id)
    return _("Notiert. Sagen Sie dazu: «{promise}»").format(promise=promise)


def _confirm(desk: Desk, inquiry_id: int) -> None:
    """To the conversation, where «Wunsch notiert» is the draft: a person reads and sends it."""
    if template_id := offer_template(desk.shop, desk.actor, inquiry_id, NOTED):
        state.renew_draft(inquiry_id)
        state.chosen_template(inquiry_id, template_id)
    state.go_to(inquiry_id)


def _expected_fields(desk: Desk, prefix: str, wish: Wish | None = None) -> None:
    _ = desk.say
    when, source = (wish.expected, wish.expected_source) if wish else ("", "")
    st.text_input(
        _("Wann kommt es voraussichtlich?"), when, placeholder="KW 49", key=f"{prefix}-expected", on_change="ignore"
    )
    example = _("Lieferant Hämmerle, 30.11.")
    st.text_input(_("Wer sagt das?"), source, placeholder=example, key=f"{prefix}-source", on_change="ignore")


def open_expected(desk: Desk, wish_id: int) -> None:
    """When it will come: a week by one tap, anything else in words."""
    _ = desk.say

    def draw(now: Desk) -> None:
        wish = wishes.require_wish(now.shop.store, wish_id)
        st.text(wish_words(wish))
        monday = today_of(now) - timedelta(days=today_of(now).weekday())
        weeks = [(monday + timedelta(weeks=ahead)).isocalendar().week for ahead in range(_WEEKS)]
        with st.container(horizontal=True, gap="small", key="we-weeks"):
            for week in weeks:
                words = _("KW {week}").format(week=week)
                said = _("Gemerkt: voraussichtlich {when}.").format(when=words)
                kept = partial(_expect, wish_id, f"KW {week}")  # in the language of the letters, whoever taps
                last_action(words, kept, key=f"we-week-{week}", said=said)
        _expected_fields(now, "we", wish)
        st.caption(_("Gilt für alle, die darauf warten."))

        look: dict[str, Any] = {"said": _("Gemerkt."), "type": "primary", "width": "stretch"}
        last_action(_("Merken"), partial(_expect, wish_id, ""), key="we-save", **look)

    state.forget_fields("we-")
    show_dialog(_("Wann kommt es?"), draw)


def _expect(wish_id: int, week: str, desk: Desk) -> None:
    """Keep the tapped `week`, or what was typed where none was; who says so is kept with both."""
    field = st.session_state
    when, source = week or field["we-expected"], field["we-source"]
    wishes.expect_wish(desk.shop, desk.actor, wish_id, expected=when, source=source)


def open_change_wish(desk: Desk, wish_id: int) -> None:
    """Correct what is wanted, until when, and its price."""
    _ = desk.say

    def fields(now: Desk) -> None:
        wish = wishes.require_wish(now.shop.store, wish_id)
        st.text(_("Für {name}").format(name=name_or(wish.customer_name, _)))
        _article_fields("wc", now, wish)
        choose_until(now, _("Bis wann?"), key="wc-until", start=wish.until_on)
        price = price_field(wish.price_cents, now.settings.country)
        st.text_input(_("Was würde es kosten?"), price, placeholder="49,00", key="wc-price", on_change="ignore")

    def save(now: Desk) -> None:
        until, price = chosen_until(now, "wc-until"), typed_price("wc-price")
        article = _typed_article("wc")
        wishes.change_wish(now.shop, now.actor, wish_id, article, until_on=until, price_cents=price)

    said = _("Gespeichert.")
    show_form(_("Wunsch ändern"), fields, _("Speichern"), save, keys="wc-", typed=True, said=said, position="right")


def offered_words(desk: Desk) -> dict[Offered, str]:
    """What can be offered instead, in words."""
    _ = desk.say
    return {
        Offered.OTHER_SIZE: _("Andere Größe oder Ausführung"),
        Offered.ORDERED: _("Bestellt"),
        Offered.OTHER_SHOP: _("Anderes Geschäft genannt"),
        Offered.CALLBACK: _("Rückruf"),
    }


def open_decline_wish(desk: Desk, wish_id: int) -> None:
    """It cannot be had: what was offered instead."""
    _ = desk.say

    def fields(now: Desk) -> None:
        wish = wishes.require_wish(now.shop.store, wish_id)
        st.text(f"{name_or(wish.customer_name, _)}: {wish_words(wish)}")
        words = offered_words(now)
        label = _("Was haben Sie stattdessen angeboten?")
        st.pills(label, list(words), format_func=lambda one: words[one], key="wd-offered", on_change="ignore")
        st.caption(_("Irgendetwas lässt sich immer anbieten: So geht niemand mit leeren Händen."))

    def save(now: Desk) -> str:
        if not (chosen := st.session_state.get("wd-offered")):
            raise InvalidInputError("Bitte wählen Sie, was Sie stattdessen angeboten haben.")
        wish = wishes.require_wish(now.shop.store, wish_id)
        if chosen == Offered.CALLBACK:  # declined when the call is promised: till then it was not offered
            state.ask("callback", wish.inquiry_id, wish_id)
            return ""
        wishes.decline_wish(now.shop, now.actor, wish_id, Offered(chosen))
        return _("Notiert.")

    show_form(_("Gibt es nicht mehr"), fields, _("Speichern"), save, keys="wd-")


def open_wish_group(desk: Desk, wish_id: int) -> None:
    """All who wait for the same article."""
    _ = desk.say
    first = wishes.require_wish(desk.shop.store, wish_id)
    title = " ".join(filter(None, (first.article, first.size)))

    def draw(now: Desk) -> None:
        found = wishes.wishes_for_same(now.shop, now.actor, first.id)
        for wish in found:
            _draw_waiting(now, wish, title)
        if not found:
            st.caption(_("Darauf wartet niemand."))

    show_dialog(plain(title), draw, position="right")


def _draw_waiting(desk: Desk, wish: Wish, title: str) -> None:
    _ = desk.say
    with st.container(key=f"karte-wunsch-{wish.id}", gap="small"):
        st.markdown(f"**{plain(name_or(wish.customer_name, _))}**")
        with st.container(key=f"leise-wunsch-{wish.id}", gap=None):
            for line in wish_lines(desk, wish):
                if line != title:
                    st.text(line)
        with st.container(horizontal=True, gap="xsmall", key=f"breit-wunsch-{wish.id}"):
            held = arrivals.usual_hold(desk.shop.store, today_of(desk))
            told, key = calling(arrivals.note_told, wish.id, held), f"wg-told-{wish.id}"
            action(_("Ware da, schon gesagt"), told, key=key, said=_("Notiert."), icon=":material/record_voice_over:")
            icon = ":material/do_not_disturb_on:"
            way_on(_("Gibt es nicht mehr"), "wish-decline", wish.id, key=f"wg-decline-{wish.id}", icon=icon)
            way_on(_("Ändern"), "wish-change", wish.id, key=f"wg-change-{wish.id}", icon=":material/edit:")
            if st.button(_("Gespräch"), key=f"wg-talk-{wish.id}", icon=":material/chat:"):
                state.go_to(wish.inquiry_id)
                st.rerun()


def wish_lines(desk: Desk, wish: Wish) -> list[str]:
    """What one wants to know of a wish: until when, when it will come, the words in which it was asked for."""
    _ = desk.say
    until = _("wartet bis {day}").format(day=short_day(desk, wish.until_on))
    said = wish.note.replace(",", "") != wish_words(wish)
    words = wish.note if said else ""
    return [line for line in (wish_words(wish), words, until, expected_words(wish, _)) if line]


def short_day(desk: Desk, day: date, *, with_year: bool = True) -> str:
    """«26.11.», of another year «11.01.2027» unless that has no room; in English «26 Nov»."""
    years = with_year and day.year != today_of(desk).year
    if desk.speech.locale.language == "de":
        return f"{day:%d.%m.%Y}" if years else f"{day:%d.%m.}"
    return format_skeleton("yMMMd" if years else "MMMd", day, locale=desk.speech.locale)


def draw_wishes(desk: Desk, customer_id: int) -> None:
    """The card «Wünsche» of a customer, where there are any."""
    _ = desk.say
    found = wishes.wishes_of(desk.shop, desk.actor, customer_id)
    if not found:
        return
    with st.container(key="karte-wuensche", gap="small"):
        st.subheader(_("Wünsche"), anchor=False)
        for wish in found:
            st.text(wish_words(wish))
            with st.container(key=f"leise-wunsch-karte-{wish.id}", gap=None):
                st.text(_held(desk, wish) if wish.state is WishState.TOLD else " · ".join(wish_lines(desk, wish)[1:]))
            _draw_ways(desk, wish)


def _held(desk: Desk, wish: Wish) -> str:
    _ = desk.say
    return _("liegt bereit bis {day}").format(day=short_day(desk, wish.reserved_until_on or wish.until_on))


def _draw_ways(desk: Desk, wish: Wish) -> None:
    _ = desk.say
    if wish.state is not WishState.TOLD:
        key, icon = f"wk-arrived-{wish.id}", ":material/package_2:"
        dialog_button(_("Ware da"), "arrived", wish.id, key=key, icon=icon, width="stretch")
        return
    fetched, gone = calling(wishes.fulfil_wish, wish.id), calling(wishes.withdraw_wish, wish.id)
    with st.container(horizontal=True, gap="xsmall", key=f"breit-wk-{wish.id}"):
        action(_("Abgeholt"), fetched, key=f"wk-fetched-{wish.id}", said=_("Abgeholt."), icon=":material/check:")
        action(_("Will nicht mehr"), gone, key=f"wk-gone-{wish.id}", said=_("Notiert."), icon=":material/close:")


def draw_wish_hint(desk: Desk) -> None:
    """Heute: how many wishes somebody has to decide about, where there are any."""
    _ = desk.say
    count = wishes.count_to_decide(desk.shop, desk.actor)
    if not count:
        return
    words = _("1 Wunsch ist zu entscheiden") if count == 1 else _("{count} Wünsche sind zu entscheiden")
    label = words.format(count=count)
    st.page_link("staff/wuensche.py", label=label, icon=":material/bookmark:")


def groups_of(found: Iterable[Wish]) -> list[list[Wish]]:
    """Wishes for the same article and size together, the most wanted first."""
    groups: dict[str, list[Wish]] = {}
    for wish in found:
        groups.setdefault(wish.kind, []).append(wish)
    return sorted(groups.values(), key=lambda group: -len(group))
