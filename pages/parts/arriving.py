"""«Ware da»: what has come, who waits for it, each message as it will go out, and one button for all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from data.wishes import Wish
from pages.parts.acting import sentence, show_form
from pages.parts.choices import choose_in_sight
from pages.parts.date_field import date_field
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.wishing import example_of, short_day, today_of, typed_price
from pages.parts.words import name_or
from services import arrivals, wishes
from services.arrivals import Arrival, Told, Waiting, Way
from services.errors import InvalidInputError
from services.rules.prices import price_field
from services.rules.wish_matching import Article, Fit, apart, split_article
from services.typed import shorten
from services.wish_words import wish_words

_OTHER = date.min  # another day than the usual ones
_WORDS = 40  # signs of what one name says more than the other


def open_arrived(desk: Desk, wish_id: int = 0) -> None:
    """The drawer «Ware da»; from a wish what has come is filled in."""
    _ = desk.say
    known = _prefill(desk, wish_id) if wish_id else None
    found = _Found(known)

    def fields(now: Desk) -> None:
        line = ", ".join(filter(None, (known.name, known.size, known.colour))) if known else ""
        st.text_input(_("Was ist da?"), line, placeholder=example_of(now), key="wa-line")
        with st.grid(2, min_column_width=150, gap="small"):
            _choose_hold(now)
            price = price_field(_known_price(now, wish_id), now.settings.country)
            st.text_input(_("Preis"), price, placeholder="49,00", key="wa-price")
        if trouble := _price_trouble(now):
            st.error(plain(trouble), icon=":material/error:")
        _draw_found(now, found)

    def label(now: Desk) -> str:
        ticked = _ticked(now, found)
        asked = {one.wish.id for one in found.read(now) if one.fit in {Fit.FITS, Fit.OTHER_COLOUR}}
        return _told_label(now, {one.wish.id for one in ticked}, asked)

    def save(now: Desk) -> str:
        ticked = _ticked(now, found)
        if not ticked:
            raise InvalidInputError("Bitte wählen Sie, wer es erfahren soll.")
        texts = {one.wish.id: str(st.session_state.get(_text_key(one), "")) for one in ticked}
        come = Arrival(_held(now), typed_price("wa-price"))
        return _told_words(now, arrivals.tell_waiting(now.shop, now.actor, come, texts))

    def ready(now: Desk) -> bool:
        return not _price_trouble(now) and bool(_ticked(now, found))

    look: dict[str, Any] = {"width": "medium", "position": "right"}
    show_form(_("Ware da"), fields, label, save, keys="wa-", typed=True, ready=ready, **look)


def _told_label(desk: Desk, ticked: set[int], asked: set[int]) -> str:
    """Of how many who asked for the article, in whatever colour, how many will hear of it."""
    _ = desk.say
    if not ticked:
        return _("Benachrichtigen")
    if ticked == asked:
        return _("Alle benachrichtigen")
    if ticked < asked:
        return _("{count} von {total} benachrichtigen").format(count=len(ticked), total=len(asked))
    return _("{count} benachrichtigen").format(count=len(ticked))


def _prefill(desk: Desk, wish_id: int) -> Article:
    """The article of a wish; its colour only where all who wait for the same want that."""
    wish = wishes.require_wish(desk.shop.store, wish_id)
    colours = {one.colour.casefold() for one in wishes.wishes_for_same(desk.shop, desk.actor, wish_id)}
    return Article(wish.article, wish.size, wish.colour if len(colours) <= 1 else "")


def _known_price(desk: Desk, wish_id: int) -> int | None:
    return wishes.require_wish(desk.shop.store, wish_id).price_cents if wish_id else None


def _article(known: Article | None) -> Article:
    """What was typed; what was filled in and left alone as it is."""
    line = str(st.session_state.get("wa-line", ""))
    filled = ", ".join(filter(None, (known.name, known.size, known.colour))) if known else ""
    return known if known and line == filled else split_article(line)


def _choose_hold(desk: Desk) -> None:
    _ = desk.say
    usual = arrivals.usual_hold(desk.shop.store, today_of(desk))
    later = today_of(desk) + timedelta(days=7)
    words = {day: _("bis {day}").format(day=short_day(desk, day)) for day in sorted({usual, later})}
    choose_in_sight(_("Zurücklegen"), words | {_OTHER: _("Anderer Tag")}, usual, key="wa-hold", on_change="rerun")
    if st.session_state.get("wa-hold") == _OTHER:
        date_field(_("Datum"), later, key="wa-hold-day")


def _price_trouble(desk: Desk) -> str:
    """Why the price cannot be read, '' where it can."""
    try:
        typed_price("wa-price")
    except InvalidInputError as error:
        return sentence(error, desk.say)
    return ""


def _held(desk: Desk) -> date:
    chosen, other = st.session_state.get("wa-hold"), st.session_state.get("wa-hold-day")
    day = other if chosen == _OTHER else chosen
    return day if isinstance(day, date) else arrivals.usual_hold(desk.shop.store, today_of(desk))


class _Found:
    """Who waits for what was typed: looked for once for all that one run draws, and anew when anything changed.

    A price that cannot be read changes nothing: ticks and letters stay as they are while somebody corrects it.
    """

    def __init__(self, known: Article | None) -> None:
        self.known = known
        self._price: int | None = None
        self._asked: tuple[Article, Arrival, int] | None = None
        self._found: list[Waiting] = []

    def read(self, desk: Desk) -> list[Waiting]:
        """In the order in which they are shown; nobody as long as no article is typed."""
        if not _price_trouble(desk):
            self._price = typed_price("wa-price")
        asked = (_article(self.known), Arrival(_held(desk), self._price), desk.shop.store.changes)
        if asked != self._asked:
            article, arrival, _changes = self._asked = asked
            self._found = arrivals.find_waiting(desk.shop, desk.actor, article, arrival) if article.name else []
        return self._found


def _ticked(desk: Desk, found: _Found) -> list[Waiting]:
    return [one for one in found.read(desk) if st.session_state.get(_tick_key(one), one.ticked)]


def _tick_key(one: Waiting) -> str:
    return f"wa-tick-{one.wish.id}-{one.fit}"


def _text_key(one: Waiting) -> str:
    """Of the text as it was proposed: another price or day proposes another."""
    return f"wa-text-{one.wish.id}-{hash(one.text)}"


def _draw_found(desk: Desk, looked: _Found) -> None:
    _ = desk.say
    found = looked.read(desk)
    if not found:
        typed = _article(looked.known).name
        hint = _("Tippen Sie ein, was gekommen ist. Hier steht dann, wer darauf wartet, und jede Nachricht zum Lesen.")
        st.caption(_("Darauf wartet niemand.") if typed else hint)
        return
    shown, rest = found[: arrivals.SHOWN], found[arrivals.SHOWN :]
    fitting = [one for one in shown if one.fit is Fit.FITS]
    st.markdown(f"**{_('Wer darauf wartet')}**")
    if not fitting:
        st.caption(_("Genau darauf wartet niemand."))
    come = _article(looked.known)
    for one in fitting:
        _draw_one(desk, one, come)
    if more := sum(one.ticked for one in rest):
        st.caption(_("Weitere {count} bekommen die gleiche Nachricht.").format(count=more))
    if near := [one for one in shown if one.fit is not Fit.FITS]:
        st.markdown(f"**{_('Passt vielleicht')}**")
        for one in near:
            _draw_one(desk, one, come)


def _draw_one(desk: Desk, one: Waiting, come: Article) -> None:
    _ = desk.say
    wish = one.wish
    with st.container(key=f"karte-da-{wish.id}", gap="xxsmall"):
        name = plain(name_or(wish.customer_name, _))
        st.checkbox(name, one.ticked, key=_tick_key(one), disabled=one.way is Way.NONE)
        with st.container(key=f"leise-da-{wish.id}", gap=None):
            st.text(" · ".join(filter(None, (wish_words(wish), _why(desk, one, come), trouble_word(desk, wish)))))
            st.text(_way_words(desk, one))
            if one.has_question:
                st.text(_("Wartet noch auf Antwort: Die Nachricht bekommt ein eigenes Gespräch."))
        if one.way is Way.MAIL:
            with st.expander(_("Nachricht lesen"), key=f"wa-open-{wish.id}"):
                label = _("Nachricht an {name}").format(name=name)
                st.text_area(label, one.text, height=320, key=_text_key(one), on_change="ignore")
                st.caption(_("Ihre Signatur kommt darunter."))


def _why(desk: Desk, one: Waiting, come: Article) -> str:
    """What does not fit what has come, or that its day has passed."""
    _ = desk.say
    lapsed = _("abgelaufen am {day}").format(day=short_day(desk, one.wish.until_on)) if one.wish.ended_at else ""
    return {
        Fit.OTHER_SIZE: _("andere Größe"),
        Fit.OTHER_COLOUR: _("andere Farbe") if come.colour else _("Farbe?"),
        Fit.SIMILAR: _other_name(desk, one.wish, come),
    }.get(one.fit, lapsed)


def _other_name(desk: Desk, wish: Wish, come: Article) -> str:
    """The words that one of both names has more: a make, or the very thing."""
    _ = desk.say
    less, more = (shorten(words, _WORDS) for words in apart(Article(wish.article, wish.size, wish.colour), come))
    if more and not less:
        return _("nicht im Wunsch: {words}").format(words=more)
    return _("fehlt: {words}").format(words=less) if less and not more else _("ähnlicher Artikel")


def trouble_word(desk: Desk, wish: Wish) -> str:
    """Why the last message about it did not reach, '' if it did or there was none."""
    _ = desk.say
    return {
        "bounced": _("Nachricht kam zurück"),
        "failed": _("Nachricht nicht hinausgegangen"),
        "unsure": _("Nachricht unsicher"),
        "taken_back": _("Nachricht zurückgeholt"),
        "withdrawn": _("Anruf nicht gemacht"),
    }.get(wish.trouble, "")


def _way_words(desk: Desk, one: Waiting) -> str:
    _ = desk.say
    if one.way is Way.NONE:
        return _("Weder E-Mail noch Telefonnummer bekannt.")
    words = _("Mail an {reach}") if one.way is Way.MAIL else _("Wir rufen an: {reach}")
    return words.format(reach=one.reach)


def _told_words(desk: Desk, told: Told) -> str:
    """What came of it; raises InvalidInputError where somebody could not be told."""
    _ = desk.say
    parts = []
    if told.mails:
        one, many = _("1 Mail geht in 20 Sekunden hinaus."), _("{count} Mails gehen in 20 Sekunden hinaus.")
        parts.append(one if told.mails == 1 else many.format(count=told.mails))
    if told.calls:
        one, many = _("1 Anruf steht bei «Rückrufe»."), _("{count} Anrufe stehen bei «Rückrufe».")
        parts.append(one if told.calls == 1 else many.format(count=told.calls))
    if told.known:
        parts.append(_("Wer es schon wusste, bekommt nichts noch einmal."))
    if told.problems:
        name, problem = told.problems[0]
        reason = sentence(problem, desk.say)
        raise InvalidInputError(
            "{done} Nicht benachrichtigt: {names}. {reason}",
            done=" ".join(parts),
            names=", ".join(each for each, _problem in told.problems) or name,
            reason=reason,
        )
    return " ".join(parts)
