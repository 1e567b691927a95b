"""Mails to the owner: one a day before goals are missed, and one a week that looks back. Never one per event.

Each is claimed before it is sent and sent at most once: what may have left is not sent again by itself, only a failure
before DATA is tried again, until the day or the week is over that the mail is about.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import data.notices
from data.notices import Notice, NoticeKind, NoticeState
from data.records import Actor, MailAccount, Promise, ShopSettings, Staff, StaffRole
from services.availability import day_bounds
from services.errors import MailProblemError, ShopError
from services.focus import holds_back_mail, was_held_back
from services.inquiries import list_inquiries
from services.letters import new_mail_id
from services.look_back import look_back, this_monday
from services.mail.contract import OutgoingMail
from services.notice_words import (
    Telling,
    digest_subject,
    digest_text,
    look_back_mail,
    look_back_subject,
)
from services.promises import list_promises
from services.rules.opening_hours import is_open
from services.rules.waiting import Urgency
from services.settings import holidays_at, mail_account, save_settings, shop_settings
from services.shop import Shop
from services.staff import list_staff

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=1)
WAKING_HOUR = 7  # local; no look-back buzzes at night
_HASTY = frozenset({Urgency.SOON, Urgency.LATE})
UNSURE = "Ob die Mail an Sie ankam, ist nicht sicher. Theke schickt sie nicht noch einmal."
NO_ADDRESS = "Theke soll Ihnen Mails schicken, aber Ihre Adresse unter «Mails an Sie» fehlt."
NO_MAILBOX = "Theke soll Ihnen Mails schicken, aber dafür ist kein Postfach verbunden."
NO_OWNER = "Theke soll Ihnen Mails schicken, aber im Team ist niemand Inhaber."


@dataclass(frozen=True)
class Words:
    """What a mail says."""

    subject: str
    text: str


@dataclass(frozen=True)
class _Post:
    """What it takes to write to the owner."""

    shop: Shop
    settings: ShopSettings
    account: MailAccount
    owner: Actor

    @property
    def telling(self) -> Telling:
        """The shop's language, at this moment."""
        return Telling(self.shop.translator(self.settings.language), self.settings, self.shop.now())


def look_after_notices(shop: Shop) -> None:
    """Send what is due. Raises ShopError as long as today's mail or this week's look-back did not go out well, or as
    long as one is wanted that cannot be written.
    """
    settle_interrupted(shop)
    try:
        send_digest(shop)
    finally:  # a fault in one mail, which would be there again at the next run, must not keep back the other
        send_look_back(shop)
    if problem := _standing_problem(shop):
        raise ShopError(problem)


def send_digest(shop: Shop) -> bool:
    """One mail a local day about all who wait for 75 % of the goal or longer, while the shop is open; whether it left.

    In a focus time it waits for its end, also where the shop has closed by then.

    Promised calls due today are listed too, but alone they are no reason to write.
    """
    settings = shop_settings(shop.store)
    if not settings.digest or not _may_try(shop, settings, NoticeKind.DIGEST) or not _is_time(shop, settings):
        return False
    post = _post(shop, settings)
    return post is not None and _send(post, NoticeKind.DIGEST, _digest)


def send_look_back(shop: Shop) -> bool:
    """Last week's look-back on Monday, or the first day of the week on which Theke runs; whether it left."""
    settings = shop_settings(shop.store)
    early = shop.now().astimezone(ZoneInfo(settings.hours.zone)).hour < WAKING_HOUR
    if not settings.look_back or early or not _may_try(shop, settings, NoticeKind.LOOK_BACK) or holds_back_mail(shop):
        return False
    post = _post(shop, settings)
    return post is not None and _send(post, NoticeKind.LOOK_BACK, _look_back)


def save_wishes(shop: Shop, actor: Actor, *, owner_mail: str, digest: bool, look_back: bool) -> None:
    """Which mails the owner wants, and where to.

    Raises NotAllowedError, InvalidInputError for a wrong address or none.
    """
    save_settings(shop, actor, owner_mail=owner_mail, digest=digest, look_back=look_back)


def settle_interrupted(shop: Shop) -> None:
    """What a crash left in «sending» is unsure. One thread sends, so nothing is being sent when this is called."""
    if data.notices.count_sending(shop.store):
        with shop.store.write() as tx:
            data.notices.settle_sending(tx, UNSURE)


def notice_keys(settings: ShopSettings, now: datetime) -> dict[NoticeKind, str]:
    """Which mails would be due now, by kind: the local day, and the Monday of the week."""
    today = _today(settings, now)
    return {NoticeKind.DIGEST: today.isoformat(), NoticeKind.LOOK_BACK: this_monday(today).isoformat()}


def _today(settings: ShopSettings, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.hours.zone)).date()


def _may_try(shop: Shop, settings: ShopSettings, kind: NoticeKind) -> bool:
    """What `claim` would say, so that no mail is written in vain every minute."""
    if data.notices.is_ahead(shop.store, kind, shop.now()):
        return False
    notice = _notice(shop, settings, kind)
    return notice is None or (notice.retry_at is not None and notice.retry_at <= shop.now())


def _notice(shop: Shop, settings: ShopSettings, kind: NoticeKind) -> Notice | None:
    return data.notices.read_notice(shop.store, kind, notice_keys(settings, shop.now())[kind])


def _is_time(shop: Shop, settings: ShopSettings) -> bool:
    now = shop.now()
    opened = is_open(settings.hours, holidays_at(settings, now), now)
    return (opened or was_held_back(shop)) and not holds_back_mail(shop)


def _post(shop: Shop, settings: ShopSettings) -> _Post | None:
    account, owner = mail_account(shop.store), _owner(shop)
    if account is None or owner is None or not settings.owner_mail:
        return None
    return _Post(shop, settings, account, Actor(owner.id, owner.name, owner.role, owner.language, ""))


def _owner(shop: Shop) -> Staff | None:
    return next((each for each in list_staff(shop.store) if each.active and each.role is StaffRole.OWNER), None)


def _digest(post: _Post) -> Words | None:
    found = list_inquiries(post.shop, post.owner)
    lines = [line for line in (*found.waiting, *found.snoozed) if line.urgency in _HASTY]
    if not lines:
        return None
    lines.sort(key=lambda line: -line.business_minutes)
    return Words(digest_subject(lines, post.telling.say), digest_text(lines, _calls_today(post), post.telling))


def _calls_today(post: _Post) -> Sequence[Promise]:
    """Promised calls due until tonight, those that are late included."""
    end = day_bounds(post.shop.now(), post.settings)[1]
    return list_promises(post.shop, post.owner, end)


def _look_back(post: _Post) -> Words | None:
    back = look_back(post.shop, post.owner)
    return Words(look_back_subject(back, post.telling.say), look_back_mail(back, post.telling))


def _send(post: _Post, kind: NoticeKind, write: Callable[[_Post], Words | None]) -> bool:
    """Written before it is claimed, so that a fault in writing costs no mail; sent outside the transaction."""
    words = write(post)
    if words is None:
        return False
    shop, key = post.shop, notice_keys(post.settings, post.shop.now())[kind]
    with shop.store.write() as tx:
        if not data.notices.claim(tx, kind, key, _new_mail_id(post.account), shop.now()):
            return False
        notice = data.notices.read_notice(tx, kind, key)
    return notice is not None and _hand_over(post, notice, words)


def _hand_over(post: _Post, notice: Notice, words: Words) -> bool:
    shop = post.shop
    try:
        shop.mailer.send(post.account, shop.secrets.get("mail_password"), _letter(post, notice, words))
    except MailProblemError as problem:
        _note_problem(shop, notice, problem)
        return False
    with shop.store.write() as tx:
        data.notices.end_sending(tx, notice, NoticeState.SENT)
    return True


def _new_mail_id(account: MailAccount) -> str:
    return data.notices.MARK + new_mail_id(account).removeprefix("<")


def _letter(post: _Post, notice: Notice, words: Words) -> OutgoingMail:
    return OutgoingMail(
        mail_id=notice.mail_id,
        sender_name=f"Theke, {post.settings.name}" if post.settings.name else "Theke",
        sender=post.account.address,
        recipient_name=post.owner.name,
        recipient=post.settings.owner_mail,
        subject=words.subject,
        text=words.text,
        date=post.shop.now(),
        # It names itself: some servers give a mail another Message-ID, and where it comes back it must still be known.
        references=(notice.mail_id,),
        automatic=True,
    )


def _note_problem(shop: Shop, notice: Notice, problem: MailProblemError) -> None:
    """Unsure stays so, «no for good» is failed for good. All else has not left: its key ends the tries, not their
    number, so that an hour without a net costs no mail of the day or the week.
    """
    may_retry = not problem.unsure and not problem.permanent
    state = NoticeState.UNSURE if problem.unsure else NoticeState.FAILED
    log.warning("notice not sent: kind=%s key=%s state=%s", notice.kind, notice.key, state)
    with shop.store.write() as tx:
        data.notices.end_sending(
            tx,
            notice,
            state,
            problem=UNSURE if problem.unsure else str(problem),
            retry_at=shop.now() + _pause(notice.attempts) if may_retry else None,
        )


def _pause(attempts: int) -> timedelta:
    return min(RETRY_AFTER * attempts, LONGEST_PAUSE)


def _standing_problem(shop: Shop) -> str:
    """Why a mail that is wanted did not go out well or cannot be written, '' when all is well."""
    settings = shop_settings(shop.store)
    wishes = {NoticeKind.DIGEST: settings.digest, NoticeKind.LOOK_BACK: settings.look_back}
    wanted = [kind for kind, is_wanted in wishes.items() if is_wanted]
    if not wanted:
        return ""
    notices = [_notice(shop, settings, kind) for kind in wanted]
    problem = next((notice.problem for notice in notices if notice and notice.problem), "")
    return _lacking(shop, settings) or problem


def _lacking(shop: Shop, settings: ShopSettings) -> str:
    """What is missing to write to the owner at all, told at once and not only when a mail is due; '' for nothing."""
    if not settings.owner_mail:
        return NO_ADDRESS
    if mail_account(shop.store) is None:
        return NO_MAILBOX
    return "" if _owner(shop) else NO_OWNER
