"""The weekly look-back on one page A4, to hang up or to talk about. For owners."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from data.records import Actor
from pages.login.render import show
from pages.web.voice import voice_of
from services.look_back import look_back
from services.look_back_words import (
    before_word,
    figure_word,
    freed_word,
    lesson_word,
    measure_facts,
    trial_word,
    week_word,
    worth_word,
)
from services.settings import shop_settings
from services.shop import Shop


def print_look_back(shop: Shop, actor: Actor, request: Request) -> Response:
    """Last week as the screen «Rückblick» shows it. Raises NotAllowedError for anybody but an owner."""
    back = look_back(shop, actor)
    voice = voice_of(shop_settings(shop.store), actor.language, shop.now())
    say, locale = voice.say, voice.locale
    numbers = [
        (figure_word(one.figure, say), worth_word(one.now, say, locale), before_word(one, say, locale))
        for one in back.numbers
    ]
    return show(
        shop,
        "look_back.html",
        language=actor.language,
        week=week_word(back.week, say, locale),
        numbers=numbers,
        freed=freed_word(back.saved_minutes, say, locale),
        lesson=lesson_word(back.lesson, say),
        measure=back.trial.measure.title if back.trial else "",
        facts=measure_facts(back.trial, say, locale) if back.trial else [],
        effect=trial_word(back.trial, say, locale) if back.trial else "",
        printed=voice.when(voice.now),
    )
