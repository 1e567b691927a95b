"""The mails to the owner in words, plain text in whatever language `say` speaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from data.records import Promise, ShopSettings
from services.inquiries import InquiryLine
from services.look_back import LookBack
from services.look_back_words import Say, look_back_text, span_word
from services.rules.phones import show_phone
from services.typed import one_line, shorten

_LONGEST = 100  # signs of what somebody wrote
MOST = 30  # inquiries in one mail


@dataclass(frozen=True)
class Telling:
    """In which language, for which shop, at which moment."""

    say: Say
    settings: ShopSettings
    now: datetime

    @property
    def locale(self) -> Locale:
        """With the country, because January is «Jänner» in Austria alone."""
        english = self.settings.language == "en"
        return Locale("en", "GB") if english else Locale("de", self.settings.country or "AT")

    def when(self, moment: datetime) -> str:
        """«14:02» today, else «Fr 20.11., 14:02»."""
        zone = ZoneInfo(self.settings.hours.zone)
        at, today = moment.astimezone(zone), self.now.astimezone(zone).date()
        clock = f"{at:%H:%M}"
        return clock if at.date() == today else f"{format_date(at, 'ccc dd.MM.', locale=self.locale)}, {clock}"


def digest_subject(lines: Sequence[InquiryLine], say: Say) -> str:
    """«3 Anfragen warten auf Antwort»."""
    _ = say
    count = len(lines)
    many = _("{count} Anfragen warten auf Antwort").format(count=count)
    return _("Eine Anfrage wartet auf Antwort") if count == 1 else many


def digest_text(lines: Sequence[InquiryLine], promises: Sequence[Promise], telling: Telling) -> str:
    """Who waits for what since when, how much is left, and which calls are promised for today."""
    _ = telling.say
    blocks = [_("Diese Anfragen brauchen bald eine Antwort oder sind schon über dem Ziel.")]
    blocks += [_inquiry(line, telling) for line in lines[:MOST]]
    if len(lines) > MOST:
        blocks.append(_("Und {count} weitere.").format(count=len(lines) - MOST))
    if promises:
        blocks.append("\n".join([_("Zugesagte Rückrufe heute:"), *(_promise(one, telling) for one in promises)]))
    return "\n\n".join([*blocks, _("Diese Mail schickt Theke höchstens einmal am Tag."), _stop(telling.say)])


def _inquiry(line: InquiryLine, telling: Telling) -> str:
    _ = telling.say
    row = line.row
    who = shorten(one_line(row.customer_name), _LONGEST) or _("Ohne Namen")
    what = shorten(one_line(row.subject or row.snippet), _LONGEST)
    since = _("wartet seit {time}").format(time=telling.when(row.waiting_since or telling.now))
    return f"{who}: {what}\n  {since}, {_left(line, telling)}" if what else f"{who}\n  {since}, {_left(line, telling)}"


def _left(line: InquiryLine, telling: Telling) -> str:
    _ = telling.say
    promise = line.row.promise_due_at
    if promise is not None and promise < telling.now:
        return _("zugesagter Rückruf war fällig um {time}").format(time=telling.when(promise))
    left = telling.settings.answer_goal_minutes - line.business_minutes
    over = _("{span} Öffnungszeit über dem Ziel").format(span=span_word(-left, telling.say, telling.locale))
    return over if left < 0 else _("noch {span} Öffnungszeit").format(span=span_word(left, telling.say, telling.locale))


def _promise(promise: Promise, telling: Telling) -> str:
    _ = telling.say
    name = shorten(one_line(promise.customer_name), _LONGEST) or _("Ohne Namen")
    phone = show_phone(promise.phone, telling.settings.country) if promise.phone else ""
    topic = shorten(one_line(promise.topic), _LONGEST)
    told = ", ".join(part for part in (name, phone, topic) if part)
    return f"- {_('bis {time}').format(time=telling.when(promise.due_at))}: {told}"


def look_back_subject(back: LookBack, say: Say) -> str:
    """«Rückblick auf KW 47»."""
    _ = say
    return _("Rückblick auf KW {number}").format(number=back.week.first.isocalendar().week)


def look_back_mail(back: LookBack, telling: Telling) -> str:
    """The look-back with how to stop these mails."""
    return f"{look_back_text(back, telling.say, telling.locale)}\n\n{_stop(telling.say)}"


def _stop(say: Callable[[str], str]) -> str:
    _ = say
    return _("Abstellen: in Theke unter «Einstellungen», «Mails an Sie».")
