"""Who is at the screen: read anew on every full and every fragment run, so that a sign-out ends an open tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import streamlit as st
from babel import Locale

from data.records import Actor, ShopSettings, StaffRole
from pages.catalogues import translator
from pages.parts.words import Speech
from services import settings as settings_service
from services import staff
from services.errors import SignedOutError
from services.shop import Shop, the_shop

STATIC = Path(__file__).parents[2] / "static"
_LEAVE = "<script>window.location.assign('/anmelden')</script>"


@dataclass(frozen=True)
class Desk:
    """What a screen works with for one run: the shop, the person, the words."""

    shop: Shop
    actor: Actor

    @cached_property
    def say(self) -> Callable[[str], str]:
        """gettext in the person's language."""
        return translator(self.actor.language)

    @cached_property
    def settings(self) -> ShopSettings:
        """The shop's settings as they are now."""
        return settings_service.shop_settings(self.shop.store)

    @cached_property
    def speech(self) -> Speech:
        """How this person reads times: language, the shop's country and zone, now."""
        english = self.actor.language == "en"
        locale = Locale("en", "GB") if english else Locale("de", self.settings.country or "AT")
        return Speech(self.say, locale, ZoneInfo(self.settings.hours.zone), self.shop.now())

    @property
    def is_owner(self) -> bool:
        """Whether this person may see the owner's parts; services check again."""
        return self.actor.role is StaffRole.OWNER


def open_desk() -> Desk:
    """The desk of the person whose session the gate let in; without one the tab leaves to the sign-in page."""
    try:
        return current_desk()
    except SignedOutError:
        leave()


def current_desk() -> Desk:
    """The same for a callback, which cannot leave: raises SignedOutError."""
    shop = the_shop()
    return Desk(shop, staff.actor_of(shop, str(st.user.get("session", ""))))


def leave() -> NoReturn:
    """Go to the sign-in page in this tab and end the run."""
    st.html(_LEAVE, unsafe_allow_javascript=True)
    st.stop()
