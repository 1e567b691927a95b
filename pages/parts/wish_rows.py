"""The lists of «Wünsche»: who waits for what, what is held for whom, what has lapsed, what is asked for most."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from data.wishes import Wish
from pages.parts import state
from pages.parts.acting import do
from pages.parts.arriving import trouble_word
from pages.parts.figure_words import about
from pages.parts.figures import look_of
from pages.parts.head import draw_empty, draw_section
from pages.parts.rows import draw_rows
from pages.parts.session import Desk
from pages.parts.wishing import groups_of, short_day, today_of
from pages.parts.words import name_or, past_time
from services import wishes
from services.reports import wanted_most
from services.wish_words import expected_words, wish_words
from services.wishes import WishBoard

Item = dict[str, object]
_BASE: Item = {"unit": "", "rest": "", "tone": "ok", "badge": None, "flag": "", "alert": "", "owner": ""}
_MOST_WANTED = 5


def draw_open(desk: Desk, board: WishBoard, *, searched: bool) -> None:
    """Open wishes, one row for all who wait for the same."""
    _ = desk.say
    if not board.open:
        if searched:
            draw_empty(
                _("Kein Wunsch gefunden"), _("Suchen Sie mit einem Teil des Artikels oder Namens."), icon="search_off"
            )
        else:
            text = _("Was es gerade nicht gibt, notieren Sie mit «Wunsch». Kommt es, weiß Theke, wer darauf wartet.")
            draw_empty(_("Niemand wartet auf etwas"), text, icon="bookmark_add")
        return
    draw_section(_("Offen"), key="wuensche" if board.lapsed else "erst-wuensche")
    items = [group_item(desk, group) for group in groups_of(board.open)]
    _rows(items, "offen", _("Offen"), on_tap=lambda ident: state.ask("wish-group", ident))


def group_item(desk: Desk, group: list[Wish]) -> Item:
    """A row: how many wait, for what, who, until when, when it will come."""
    _ = desk.say
    first = group[0]
    colours = {wish.colour for wish in group}
    names = ", ".join(_who(desk, wish, with_colour=len(colours) > 1) for wish in group)
    title = wish_words(first) if len(colours) == 1 else f"{first.article} {first.size}".strip()
    until = _("bis {day}").format(day=short_day(desk, min(wish.until_on for wish in group)))
    expected = next((words for wish in group if (words := expected_words(wish, _))), "")
    facts = [("schedule", until), ("local_shipping", expected)]
    return {
        **_BASE,
        "id": first.id,
        "lead": str(len(group)),
        "rest": _("wartet") if len(group) == 1 else _("warten"),
        "title": title,
        "text": names,
        "alert": next((words for wish in group if (words := trouble_word(desk, wish))), ""),
        "meta": [{"icon": icon, "text": text} for icon, text in facts if text],
        "acts": [
            {"name": "arrived", "icon": "package_2", "word": _("Ware da")},
            {"name": "expected", "icon": "local_shipping", "word": _("Wann kommt es?")},
        ],
    }


def _who(desk: Desk, wish: Wish, *, with_colour: bool) -> str:
    name = name_or(wish.customer_name, desk.say)
    return f"{name} ({wish.colour})" if with_colour and wish.colour else name


def draw_told(desk: Desk, told: list[Wish]) -> None:
    """What is held for somebody."""
    _ = desk.say
    if told:
        draw_section(_("Liegt bereit"), key="wunsch-told")
        items = [held_item(desk, wish) for wish in told]
        _rows(items, "bereit", _("Liegt bereit"))


def held_item(desk: Desk, wish: Wish) -> Item:
    """A row: until when it is held, for whom, whether they know."""
    _ = desk.say
    today, held = today_of(desk), wish.reserved_until_on or today_of(desk)
    over = held < today
    near = {today: _("heute"), today + timedelta(days=1): _("morgen")}
    again = [{"name": "again", "icon": "undo", "word": _("Wartet weiter")}] if over else []
    return {
        **_BASE,
        "id": wish.id,
        "target": wish.inquiry_id,
        "lead": near.get(held, short_day(desk, held, with_year=False)),
        "rest": _("vorbei") if over else _("letzter Tag"),
        "tone": "late" if over else "soon" if held == today else "ok",
        "title": name_or(wish.customer_name, _),
        "text": wish_words(wish),
        "alert": trouble_word(desk, wish),
        "meta": [_knows(desk, wish)],
        "acts": [
            {"name": "fetched", "icon": "check", "word": _("Abgeholt")},
            {"name": "gone", "icon": "close", "word": _("Will nicht mehr")},
            *again,
        ],
    }


def _knows(desk: Desk, wish: Wish) -> dict[str, str]:
    _ = desk.say
    if wish.heard_at:
        told = _("weiß es seit {time}").format(time=past_time(wish.heard_at, desk.speech))
        return {"icon": "check_circle", "text": told}
    if wish.calling:
        return {"icon": "call", "text": _("Anruf versprochen")}
    return {"icon": "schedule_send", "text": _("Mail ist unterwegs")}


def draw_lapsed(desk: Desk, lapsed: list[Wish]) -> None:
    """Wishes whose day has passed without news."""
    _ = desk.say
    if lapsed:
        sub = _("Die Frist ist vorbei, und niemand hat etwas gehört.")
        draw_section(_("Abgelaufen: noch etwas sagen?"), key="erst-lapsed", sub=sub)
        items = [lapsed_item(desk, wish) for wish in lapsed]
        _rows(items, "abgelaufen", _("Abgelaufen: noch etwas sagen?"))


def lapsed_item(desk: Desk, wish: Wish) -> Item:
    """A row: since when, who, what."""
    _ = desk.say
    return {
        **_BASE,
        "id": wish.id,
        "target": wish.inquiry_id,
        "lead": short_day(desk, wish.until_on, with_year=False),
        "rest": _("vorbei"),
        "tone": "late",
        "title": name_or(wish.customer_name, _),
        "text": wish_words(wish),
        "meta": [{"icon": "local_shipping", "text": words}] if (words := expected_words(wish, _)) else [],
        "acts": [
            {"name": "call", "icon": "phone_forwarded", "word": _("Rückruf zusagen")},
            {"name": "extend", "icon": "update", "word": _("4 Wochen länger")},
            {"name": "decline", "icon": "do_not_disturb_on", "word": _("Gibt es nicht mehr")},
        ],
    }


def _rows(items: list[Item], name: str, label: str, on_tap: object = state.go_to) -> None:
    if draw_rows(items, key=f"rows-wunsch-{name}", kind="slim", label=label, on_tap=on_tap, on_act=act):  # type: ignore[arg-type]
        st.rerun()


_DIALOGS = {"arrived": "arrived", "expected": "wish-expected", "decline": "wish-decline"}


def act(name: str, wish_id: int) -> None:
    """A tap on a button in a row."""
    if name in _DIALOGS:
        state.ask(_DIALOGS[name], wish_id)
        return

    def work(desk: Desk) -> str | None:
        _ = desk.say
        shop, actor = desk.shop, desk.actor
        if name == "call":
            state.ask("callback", wishes.require_wish(shop.store, wish_id).inquiry_id)
            return None
        if name == "extend":
            until = today_of(desk) + timedelta(days=wishes.USUAL_DAYS)
            wishes.extend_wish(shop, actor, wish_id, until)
            return _("Wartet weiter, bis {day}.").format(day=short_day(desk, until))
        services = {"fetched": wishes.fulfil_wish, "gone": wishes.withdraw_wish, "again": wishes.reopen_wish}
        services[name](shop, actor, wish_id)
        return {"fetched": _("Abgeholt."), "gone": _("Notiert."), "again": _("Wartet wieder.")}[name]

    do(work)


def draw_wanted(desk: Desk) -> None:
    """What people asked for most and did not get; what it would have brought is for owners."""
    _ = desk.say
    found = wanted_most(desk.shop, desk.actor)[:_MOST_WANTED]
    if not found:
        return
    sub = _("In den letzten 90 Tagen gewünscht, und niemand bekam Nachricht.")
    draw_section(_("Am meisten vermisst"), key="wunsch-meist", sub=sub)
    look = look_of(desk)
    items = [
        {
            **_BASE,
            "id": at,
            "still": True,
            "lead": f"{one.count} ×",
            "title": one.name,
            "text": about(one.missed_cents, look) if one.missed_cents and desk.is_owner else "",
            "meta": [],
        }
        for at, one in enumerate(found)
    ]
    draw_rows(items, key="rows-wunsch-meist", kind="slim", label=_("Am meisten vermisst"), on_tap=lambda _ident: None)
