"""The public service promise: how often the shop answered in its goal, told to customers if the owner wants that.

Source: domain.md S1-23. Only where it says something (20 inquiries) and nobody would be ashamed of it (half of them).
"""

from __future__ import annotations

from datetime import timedelta

from data.report_records import Share
from services.availability import local_day
from services.rules.periods import OWN, Period
from services.rules.standings import whole_percent
from services.settings import shop_settings
from services.shop import Shop
from services.tally import Tally, view_of

DAYS = 90
FEWEST = 20
LEAST = 50.0  # percent
_KEPT_FOR = timedelta(minutes=10)


def promise_words(shop: Shop) -> Share | None:
    """The share of first answers in goal of the last 90 days, for everybody to read; counted every ten minutes.

    None where it is switched off, where there are fewer than 20 cases, or where it is under 50 %.
    """
    return promise_share(shop) if shop_settings(shop.store).service_promise else None


def promise_share(shop: Shop) -> Share | None:
    """The same, whether it is switched on or not: what the owner sees before deciding."""
    share = measured_share(shop)
    enough = share.cases >= FEWEST and share.percent is not None and share.percent >= LEAST
    return share if enough else None


def measured_share(shop: Shop) -> Share:
    """The share of first answers in goal of the last 90 days, as it is."""
    now, settings = shop.now(), shop_settings(shop.store)
    today = local_day(now, settings)
    period = Period(OWN, today - timedelta(days=DAYS - 1), today)
    asked = ("service promise", settings.answer_goal_minutes, settings.hours)
    slot = now - timedelta(seconds=now.timestamp() % _KEPT_FOR.total_seconds())

    def count() -> Share:
        return Tally(shop.store, view_of(settings, period, now)).answers.share

    share: Share = shop.reports.get(asked, slot, 0, count)
    return share


def promised_percent(share: Share) -> int:
    """The percentage of a share that has one, as «Auswertung» tells it: one figure for one thing."""
    return whole_percent(100 * share.hits / share.cases)
