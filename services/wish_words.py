"""Wishes in words: what is waited for, the promise to say aloud, the values that a letter about it can hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from babel import Locale
from babel.dates import format_date

import data.wishes
from data.records import ShopSettings
from data.store import Reader
from data.wishes import Wish
from services.rules.prices import show_price
from services.rules.wish_matching import is_worn_size, without_size_word
from services.settings import vat_words
from services.template_texts import spell

NOTED, ARRIVED = "V9a", "V9b"  # the codes of the shipped templates
Say = Callable[[str], str]


def article_words(article: str, size: str, colour: str) -> str:
    """«Jeans 128 blau»."""
    return " ".join(filter(None, (article, size, colour)))


def wish_words(wish: Wish) -> str:
    """The same of a wish."""
    return article_words(wish.article, wish.size, wish.colour)


def expected_words(wish: Wish, say: Say) -> str:
    """«voraussichtlich KW 49 (Lieferant Hämmerle, 30.11.)», '' where nobody knows."""
    _ = say
    if not wish.expected:
        return ""
    when = _("voraussichtlich {when}").format(when=wish.expected)
    return f"{when} ({wish.expected_source})" if wish.expected_source else when


def promise_sentence(until: date, say: Say, locale: Locale) -> str:
    """What to say to the customer: «Wir melden uns, sobald es da ist, spätestens bis 28. Dezember.»"""
    day = format_date(until, "d. MMMM" if locale.language == "de" else "d MMMM", locale=locale)
    return say("Wir melden uns, sobald es da ist, spätestens bis {day}.").format(day=day)


def wish_values(db: Reader, inquiry_id: int, settings: ShopSettings, code: str, held: date) -> dict[str, str]:
    """The values for the templates «Wunsch notiert» and «Ware da» in this conversation, by the placeholder's name.

    `held` is the last day on which it is put aside where nobody agreed on another. {} for any other template `code`: a
    price that was said of a wish is no other matter's price.
    """
    wishes = data.wishes.wishes_of_inquiry(db, inquiry_id) if code in {NOTED, ARRIVED} else []
    return values_of(wishes[0], settings, reserved=wishes[0].reserved_until_on or held) if wishes else {}


def values_of(
    wish: Wish, settings: ShopSettings, *, reserved: date | None = None, price_cents: int | None = None
) -> dict[str, str]:
    """The same of one wish; `reserved` and `price_cents` are those of what has come, where they are known already."""
    day, price = reserved or wish.reserved_until_on, wish.price_cents if price_cents is None else price_cents
    amount = "" if price is None else " ".join(filter(None, (show_price(price, settings.country), vat_words(settings))))
    return {
        "artikel": wish.article,
        "groesse": _size_words(wish.size, settings.country),
        "farbe": f"Farbe {wish.colour}" if wish.colour else "",
        "voraussichtlich": wish.expected,
        "reserviert_bis": long_day(day, settings) if day else "",
        "spätestens": long_day(wish.until_on, settings),
        "preis": amount,
    }


def _size_words(size: str, country: str) -> str:
    """«Größe 128»; «500 ml», a tyre's size and «lang» are said as they are, and «Gr. 128» needs no second «Größe»."""
    bare = without_size_word(size)
    return f"{spell('Größe', country)} {bare}" if is_worn_size(bare) else bare


def long_day(day: date, settings: ShopSettings) -> str:
    """«Freitag, 27. November» in a mail to a customer."""
    return format_date(day, "EEEE, d. MMMM", locale=f"de_{settings.country}")
