"""Broken mails go through the whole intake: each is recorded once, kept raw, and stops nothing.

600 here; more by `THEKE_MAILS=10000 python3 start.py test tests/faults/test_random_mails_filed.py --timeout 600`.
"""

from __future__ import annotations

import os
import random

from data.records import MailFolder
from services.intake import fetch_mail
from services.shop import Shop
from tests.builders import connect, mailbox_of
from tests.faults.test_random_mails import SEED, _random_mail

HOW_MANY = int(os.environ.get("THEKE_MAILS", "600"))


def test_every_broken_mail_is_recorded_and_kept_raw(shop: Shop) -> None:
    connect(shop)
    chance = random.Random(SEED + 1)
    mails = [_random_mail(chance) for _ in range(HOW_MANY)]
    for number, mail in enumerate(mails):
        mailbox_of(shop).put(mail, shop.now(), MailFolder.SENT if number % 20 == 0 else MailFolder.INBOX)
    assert fetch_mail(shop) == HOW_MANY
    recorded = shop.store.read("SELECT sha256, fate FROM mail")
    assert len(recorded) == HOW_MANY
    assert {shop.files.read(row[0]) for row in recorded} == set(mails)
    lost = """SELECT count(*) FROM mail WHERE fate IN ('message', 'machine', 'unreadable') AND folder = 'inbox'
              AND sha256 NOT IN (SELECT mail_sha256 FROM message)"""
    assert shop.store.read(lost)[0][0] == 0
