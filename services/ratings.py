"""How content a customer was: asked on the customer's own page, in the shop or by phone, never in a mail.

A mail that asks for it is advertising (BGH VI ZR 225/17, § 174 TKG 2021), so no letter of Theke does.
"""

from __future__ import annotations

from dataclasses import replace

import data.inquiries
import data.ratings
from data.ratings import Rating
from data.records import Actor, Inquiry, InquiryState
from data.store import Reader
from services.errors import InvalidInputError, NotFoundError, require
from services.inquiries import require_inquiry, require_written_to
from services.settings import shop_settings
from services.shop import Shop
from services.typed import one_line

BY_STATUS, IN_SHOP, BY_PHONE = "status", "shop", "phone"
# Words and not digits: 1 is the best mark at school in Germany and Austria, 6 in Switzerland.
RATING_WORDS = {
    5: "Sehr zufrieden",
    4: "Zufrieden",
    3: "Teils, teils",
    2: "Unzufrieden",
    1: "Sehr unzufrieden",
}
LONGEST_WORDS = 1000
SWITCHED_OFF = "Bewertungen sind ausgeschaltet."
NOTHING = "Hier steht noch keine Bewertung."
NOT_YET = "Bewerten geht, sobald die Anfrage beantwortet ist."


def rate(shop: Shop, inquiry_id: int, value: int, *, by_mail_link: bool = False) -> None:
    """Keep how content the customer is who taps on the own page of `inquiry_id`: 5 very content … 1 very discontent.

    A second one takes the first one's place, and the words go where it changes sides. `by_mail_link`: on the page as
    our mails open it; what was given there nobody changes by the link of the form. Raises InvalidInputError for another
    value, before the inquiry is answered or closed, and where the shop does not ask; NotFoundError.
    """
    with shop.store.write() as tx:
        if not shop_settings(tx).ratings:
            raise InvalidInputError(SWITCHED_OFF)
        _check(require_inquiry(tx, inquiry_id), value)
        given = own_rating(tx, inquiry_id, by_mail_link=by_mail_link)
        if given is None and is_rated_by_mail_link(tx, inquiry_id):
            raise NotFoundError(NOTHING)
        words = given.words if given and _side(given.value) == _side(value) else ""
        data.ratings.put_rating(tx, Rating(inquiry_id, value, words, BY_STATUS, shop.now(), by_mail_link))


def _side(value: int) -> int:
    """1 content, 0 so-so, -1 discontent."""
    return (value > 3) - (value < 3)


def add_words(shop: Shop, inquiry_id: int, words: str, *, by_mail_link: bool = False) -> None:
    """Keep the customer's words to the rating from this very page and link in place of earlier ones.

    Raises NotFoundError where nothing was rated there yet, InvalidInputError for words that are too long and where the
    shop does not ask.
    """
    with shop.store.write() as tx:
        if not shop_settings(tx).ratings:
            raise InvalidInputError(SWITCHED_OFF)
        given = require(own_rating(tx, inquiry_id, by_mail_link=by_mail_link), NOTHING)
        data.ratings.put_rating(tx, replace(given, words=_checked(words)))


def own_rating(db: Reader, inquiry_id: int, *, by_mail_link: bool) -> Rating | None:
    """What was given on the own page of this inquiry by that one of its two links, or None."""
    given = data.ratings.read_own(db, inquiry_id)
    same = given is not None and given.way == BY_STATUS and given.by_mail_link == by_mail_link
    return given if same else None


def is_rated_by_mail_link(db: Reader, inquiry_id: int) -> bool:
    """Whether somebody who reads the customer's mail has rated on the own page of this inquiry."""
    return own_rating(db, inquiry_id, by_mail_link=True) is not None


def note_rating(shop: Shop, actor: Actor, inquiry_id: int, value: int, words: str = "", *, way: str) -> None:
    """Write down what a customer said by phone or in the shop. What a customer gave on the own page stays as it is.

    Raises InvalidInputError like `rate`, and over a customer's own rating; NotFoundError.
    """
    if way not in {IN_SHOP, BY_PHONE}:
        raise InvalidInputError("Bitte wählen Sie, wo das gesagt wurde.")
    if value not in RATING_WORDS:
        raise InvalidInputError("Bitte wählen Sie eine der fünf Antworten.")
    with shop.store.write() as tx:
        inquiry = require_written_to(tx, inquiry_id)
        given = data.ratings.read_rating(tx, inquiry.id)
        if given is not None and given.way == BY_STATUS:
            raise InvalidInputError("Hier hat der Kunde selbst bewertet. Das bleibt so stehen.")
        _check(inquiry, value)
        data.ratings.put_rating(tx, Rating(inquiry.id, value, _checked(words), way, shop.now()))


def read_rating(db: Reader, inquiry_id: int) -> Rating | None:
    """What the customer said last of this inquiry and all it was merged with; None for nothing."""
    shown = data.inquiries.find_shown(db, [inquiry_id]).get(inquiry_id, inquiry_id)
    return data.ratings.read_rating(db, shown)


def may_rate(db: Reader, inquiry_id: int) -> bool:
    """Whether there is something to rate: a person answered all the customer wrote, or the inquiry was closed.

    Never where somebody took it for no customer's.
    """
    try:
        return _is_answered(require_inquiry(db, inquiry_id))
    except NotFoundError:
        return False


def may_note(inquiry: Inquiry, given: Rating | None) -> bool:
    """Whether staff may write down a rating now: not where the customer gave one on the own page."""
    return _is_answered(inquiry) and (given is None or given.way != BY_STATUS)


def _is_answered(inquiry: Inquiry) -> bool:
    if inquiry.state is InquiryState.CLOSED:
        return True
    answered = inquiry.first_response_at is not None and inquiry.waiting_since is None
    return inquiry.state is InquiryState.OPEN and answered


def _check(inquiry: Inquiry, value: int) -> None:
    if value not in RATING_WORDS:
        raise InvalidInputError("Bitte wählen Sie, wie zufrieden Sie sind.")
    if not _is_answered(inquiry):
        raise InvalidInputError(NOT_YET)


def _checked(words: str) -> str:
    text = "\n".join(one_line(line) for line in words.replace("\x00", "").strip().splitlines())
    if len(text) > LONGEST_WORDS:
        raise InvalidInputError("Das ist zu lang. Höchstens {limit} Zeichen.", limit=LONGEST_WORDS)
    return text
