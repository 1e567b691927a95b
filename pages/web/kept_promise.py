"""How often the shop kept its word, in one sentence for customers."""

from __future__ import annotations

from pages.web.voice import Voice
from services.service_promise import DAYS, promise_words, promised_percent
from services.settings import shop_settings
from services.shop import Shop


def kept_words(shop: Shop, voice: Voice) -> str:
    """«Wir antworten innerhalb von 4 Stunden Öffnungszeit; in den letzten 90 Tagen in 94 % gehalten.», '' for none."""
    share = promise_words(shop)
    if share is None:
        return ""
    _ = voice.say
    words = _("Wir antworten innerhalb von {span} Öffnungszeit; in den letzten {days} Tagen in {percent} % gehalten.")
    goal = shop_settings(shop.store).answer_goal_minutes
    told = words.format(span=voice.span(goal), days=DAYS, percent=promised_percent(share))
    return told.replace(" %", "\xa0%")
