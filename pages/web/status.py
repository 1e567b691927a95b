"""The page behind the secret link of an inquiry: where it stands, what was said, and what the customer can add.

Opening a page changes nothing: mail scanners follow every link. What changes something is posted from a page of ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.login.forms import read_fields
from pages.login.language import say
from pages.login.render import see_other
from pages.web.days import minute_text
from pages.web.frame import by_secret, page_voice, show_page
from pages.web.inquiry import STYLE
from pages.web.limits import make_mark, mark_fits, without_nul
from pages.web.promised import (
    by_words,
    choices,
    chosen_end,
    dated_words,
    noted_words,
    phone_words,
    promised_words,
)
from pages.web.talk import entry_of, leaf, newest
from pages.web.voice import Voice
from services.errors import InvalidInputError
from services.inquiry_form import PAST_WINDOW, window_ending
from services.offerings import list_offerings
from services.own_inquiries import OwnInquiry, Standing, add_to_inquiry, ask_for_call, open_own_inquiry, window_of
from services.ratings import RATING_WORDS, add_words, is_rated_by_mail_link, may_rate, own_rating, rate
from services.settings import shop_settings
from services.shop import Shop

_ADD, _CALL, _RATE, _WORDS = "nachricht", "rueckruf", "bewertung", "worte"
VIEW = "ansicht"
_IDEA = "idee"  # instead of what was posted to: what was sent is one
_STALE = "Die Seite war zu lange offen"
_ROOM, _LEAF_ROOM, _RECEIPT_ROOM = 1800, 4500, 3500  # bytes of a conversation on a page
Work = Callable[[str, Mapping[str, str]], None]


def show_status(shop: Shop, request: Request) -> Response:
    """The inquiry as it stands now, or straight after the form its receipt."""
    own = _own(shop, request)
    if "da" in request.query_params and own.page.form_key and own.standing is Standing.WAITING and own.answer is None:
        return _receipt(shop, request, own)
    return _status_page(shop, request, own)


def show_talk(shop: Shop, request: Request) -> Response:
    """Every word of the conversation, leaf by leaf."""
    own, voice = _own(shop, request), page_voice(shop, request)
    text = request.query_params.get("blatt", "1")
    wanted = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 4 else 1
    name = shop_settings(shop.store).name
    entries, number, more = leaf((entry_of(line, voice, name) for line in own.lines), wanted, _LEAF_ROOM)
    return show_page(
        shop,
        request,
        "talk.html",
        style=STYLE,
        entries=entries,
        here=_address(request),
        view=_view(request),
        earlier=number - 1,
        later=number + 1 if more else 0,
    )


def add(shop: Shop, request: Request) -> Response:
    """One more message."""

    def work(secret: str, fields: Mapping[str, str]) -> None:
        add_to_inquiry(shop, secret, fields.get("words", ""), idea=bool(fields.get("idea")))

    return _post(shop, request, _ADD, "words", work)


def ask_call(shop: Shop, request: Request) -> Response:
    """A call is wished for."""

    def work(secret: str, fields: Mapping[str, str]) -> None:
        call_by = chosen_end(fields.get("call_by", ""))
        ask_for_call(shop, secret, fields.get("phone", ""), call_by, _wish(shop, request, fields))

    return _post(shop, request, _CALL, "phone", work)


def rate_answer(shop: Shop, request: Request) -> Response:
    """How content the customer is, by one tap."""

    def work(secret: str, fields: Mapping[str, str]) -> None:
        value = fields.get("value", "")
        own, known = _own(shop, request), {str(each) for each in RATING_WORDS}
        rate(shop, own.page.inquiry_id, int(value) if value in known else 0, by_mail_link=not own.sealed)

    return _post(shop, request, _RATE, "", work)


def say_why(shop: Shop, request: Request) -> Response:
    """A line of words to the rating."""

    def work(secret: str, fields: Mapping[str, str]) -> None:
        own = _own(shop, request)
        add_words(shop, own.page.inquiry_id, fields.get("words", ""), by_mail_link=not own.sealed)

    return _post(shop, request, _WORDS, "why", work)


def go_back(shop: Shop, request: Request) -> Response:
    """An address that is only posted to, opened anew: back to the page."""
    _own(shop, request)
    return see_other(_address(request))


def _post(shop: Shop, request: Request, form: str, field: str, work: Work) -> Response:
    """Do what the form asks for, and back; or the page again with what is wrong at `field`, '' for the page's head."""
    own, fields = _own(shop, request), without_nul(read_fields(request))
    secret = request.path_params["secret"]
    if not mark_fits(shop, form, secret, fields):
        return _status_page(shop, request, own, fields=fields, form=form, problem=InvalidInputError(_STALE))
    try:
        work(secret, fields)
    except InvalidInputError as wrong:
        errors = {"call_by" if wrong.msgid == PAST_WINDOW else field: wrong} if field else {}
        problem = None if field else wrong
        return _status_page(shop, request, own, fields=fields, form=form, errors=errors, problem=problem)
    return see_other(f"{_address(request)}?{_IDEA if form == _ADD and fields.get('idea') else form}")


def _own(shop: Shop, request: Request) -> OwnInquiry:
    return open_own_inquiry(shop.store, request.path_params["secret"], shop.now())


def _address(request: Request) -> str:
    return f"/s/{request.path_params['secret']}"


def _view(request: Request) -> str:
    """«?ansicht» where only looking is meant: the staff's way to the page, on which no tap counts as the customer's."""
    return f"?{VIEW}" if VIEW in request.query_params else ""


def _wish(shop: Shop, request: Request, fields: Mapping[str, str]) -> str:
    """The wish for a call as a sentence of the customer's, with the date: it is read later, too."""
    voice, _ = page_voice(shop, request), page_voice(shop, request).say
    window = window_ending(shop.store, chosen_end(fields.get("call_by", "")), shop.now())
    if window is None:
        return _("Bitte rufen Sie mich zurück, sobald es geht.")
    return _("Bitte rufen Sie mich zurück: {when}.").format(when=dated_words(voice, window))


def _receipt(shop: Shop, request: Request, own: OwnInquiry) -> Response:
    settings, voice = shop_settings(shop.store), page_voice(shop, request)
    asked, _cut = newest((entry_of(line, voice, "") for line in own.lines[:1]), _RECEIPT_ROOM)
    return show_page(
        shop,
        request,
        "inquiry_receipt.html",
        style=STYLE,
        own=own,
        here=_address(request),
        asked=asked[0].words if asked else "",
        told=by_words(voice, settings, own.told) if own.told else "",
        call=_call_words(shop, voice, own),
        number=phone_words(own.page.phone),
    )


def _status_page(
    shop: Shop,
    request: Request,
    own: OwnInquiry,
    *,
    fields: Mapping[str, str] | None = None,
    form: str = "",
    errors: Mapping[str, InvalidInputError] | None = None,
    problem: InvalidInputError | None = None,
) -> Response:
    settings, voice = shop_settings(shop.store), page_voice(shop, request)
    entries, cut = newest((entry_of(line, voice, settings.name) for line in reversed(own.lines)), _ROOM)
    secret, values = request.path_params["secret"], defaultdict(str, fields or {})
    values["phone"] = values["phone"] or own.page.phone
    if form != _CALL and own.callback and own.callback.from_at:
        values["call_by"] = minute_text(own.callback.due_at)
    return show_page(
        shop,
        request,
        "status.html",
        status=422 if errors or problem else 200,
        style=STYLE,
        own=own,
        here=_address(request),
        head=_head(voice, own.standing),
        entries=entries,
        cut=cut,
        told=by_words(voice, settings, own.told) if own.told else "",
        new_time=by_words(voice, settings, own.new_time) if own.new_time else "",
        answered=_answered(voice, own),
        call=_call_words(shop, voice, own),
        choices=choices(shop, voice, settings),
        form=form,
        values=values,
        errors={name: phone_words(say(voice.language, error)) for name, error in (errors or {}).items()},
        problem=say(voice.language, problem) if problem else "",
        heard=_heard(request, voice, own),
        view=_view(request),
        marks={name: make_mark(shop, name, secret) for name in (_ADD, _CALL, _RATE, _WORDS)},
        rates=settings.ratings and _may_rate(shop, own),
        rating=own_rating(shop.store, own.page.inquiry_id, by_mail_link=not own.sealed),
        rating_words=RATING_WORDS,
        anew="anders" in request.query_params,
        bookable=bool(list_offerings(shop.store, online_only=True)),
    )


def _may_rate(shop: Shop, own: OwnInquiry) -> bool:
    """Not while somebody on this page still waits, whatever others were told whose conversation it became."""
    taken = own.sealed and is_rated_by_mail_link(shop.store, own.page.inquiry_id)
    over = own.standing in {Standing.ANSWERED, Standing.CLOSED}
    return over and not taken and may_rate(shop.store, own.inquiry.id)


def _call_words(shop: Shop, voice: Voice, own: OwnInquiry) -> str:
    """The window of a call that is still to come; '' once it is over."""
    due = own.callback is not None and own.callback.due_at >= shop.now()
    return promised_words(voice, window_of(own.callback)) if own.callback and due else ""


def _heard(request: Request, voice: Voice, own: OwnInquiry) -> str:
    """What became of what was just sent; '' where nothing was."""
    _, asked = voice.say, request.query_params
    if _CALL in asked and own.callback and own.callback.due_at >= voice.now:
        return noted_words(voice, window_of(own.callback))
    if _IDEA in asked:
        return _("Danke für Ihre Idee. Wir schauen sie uns an.")
    return _("Ihre Nachricht ist bei uns.") if _ADD in asked else ""


def _head(voice: Voice, standing: Standing) -> str:
    _ = voice.say
    return {
        Standing.WAITING: _("Wir sind dran"),
        Standing.LATE: _("Wir sind später dran als versprochen"),
        Standing.ANSWERED: _("Beantwortet"),
        Standing.CLOSED: _("Abgeschlossen"),
        Standing.GONE: _("Abgeschlossen"),
    }[standing]


def _answered(voice: Voice, own: OwnInquiry) -> str:
    """«heute um 11:20 Uhr», «am Montag, 23. November, um 11:20 Uhr»: when we answered last."""
    if own.answer is None:
        return ""
    _, at = voice.say, own.answer.at
    day = voice.day_of(at)
    if day == voice.today:
        return _("heute um {time}").format(time=voice.hour(at))
    return _("am {day} um {time}").format(day=voice.long_day(day), time=voice.hour(at))


STATUS_ROUTES = [
    Route("/s/{secret}", by_secret(show_status), methods=["GET"]),
    Route("/s/{secret}/verlauf", by_secret(show_talk), methods=["GET"]),
    *(Route(f"/s/{{secret}}/{form}", by_secret(go_back), methods=["GET"]) for form in (_ADD, _CALL, _RATE, _WORDS)),
    Route(f"/s/{{secret}}/{_ADD}", by_secret(add), methods=["POST"]),
    Route(f"/s/{{secret}}/{_CALL}", by_secret(ask_call), methods=["POST"]),
    Route(f"/s/{{secret}}/{_RATE}", by_secret(rate_answer), methods=["POST"]),
    Route(f"/s/{{secret}}/{_WORDS}", by_secret(say_why), methods=["POST"]),
]
