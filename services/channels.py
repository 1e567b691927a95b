"""The ways on which customers reach the shop: only those in use are shown; what came on others stays readable."""

from __future__ import annotations

import json
from collections.abc import Collection

import data.offerings
import data.settings
from data.records import Actor, Channel
from data.store import Reader
from services.errors import InvalidInputError
from services.settings import mail_account, put_settings, shop_settings
from services.shop import Shop
from services.staff import require_owner

CHANNELS = (
    Channel.MAIL,
    Channel.FORM,
    Channel.CALL,
    Channel.VISIT,
    Channel.CHAT,
    Channel.VOICEMAIL,
    Channel.REVIEW,
)
NOTED = (Channel.CALL, Channel.VISIT, Channel.CHAT, Channel.VOICEMAIL, Channel.FORM, Channel.REVIEW)
_OFF = "channels_off"


def used_channels(db: Reader) -> tuple[Channel, ...]:
    """The channels in use, in the order in which they are shown. «Website» is in use while the form is switched on or
    something can be booked online, and mail while a mailbox is connected, whatever was said before."""
    off = set(json.loads(data.settings.read_setting(db, _OFF) or "[]"))
    if not shop_settings(db).inquiry_form and not data.offerings.list_offerings(db, online_only=True):
        off.add(Channel.FORM)
    if mail_account(db) is not None:
        off.discard(Channel.MAIL)
    return tuple(channel for channel in CHANNELS if channel not in off)


def noted_channels(db: Reader) -> tuple[Channel, ...]:
    """Those of them that people write down by hand, the most usual first; at least one."""
    used = used_channels(db)
    return tuple(channel for channel in NOTED if channel in used)


def save_channels(shop: Shop, actor: Actor, used: Collection[Channel]) -> None:
    """Say which channels are in use, of the website whether its form is on; the others are gone from lists, choices and
    charts. Mail stays while a mailbox is connected.

    Raises NotAllowedError for anybody but an owner, InvalidInputError where nothing would be left to write down.
    """
    require_owner(actor)
    if not set(used) & (set(NOTED) - {Channel.FORM}):
        raise InvalidInputError("Mindestens ein Weg zum Notieren muss bleiben, etwa Telefon oder Vor Ort.")
    off = [channel for channel in CHANNELS if channel not in used and channel is not Channel.FORM]
    with shop.store.write() as tx:
        data.settings.write_setting(tx, _OFF, json.dumps(off), shop.now())
        put_settings(tx, {"inquiry_form": Channel.FORM in used}, shop.now())
