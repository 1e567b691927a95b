"""How many mails a second come in, and whether a long history slows them down.

`python3 start.py bench`; other sizes: THEKE_MAILS=1000 THEKE_HISTORY=0,1000000 python3 start.py bench
The mails are those that the peers were measured with: 200 people each ask once, then each writes again. Beyond that
as many people from all over the history write again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from services.intake import fetch_mail
from services.shop import Shop
from tests.bench.history import fill_history
from tests.builders import MONDAY, SHOP_ADDRESS, FrozenClock, connect, mailbox_of, make_shop

MAILS = int(os.environ.get("THEKE_MAILS", "200"))
HISTORY = [int(size) for size in os.environ.get("THEKE_HISTORY", "0,10000,100000").split(",")]
TEXT = "Hello,\nwhere is my parcel? I ordered two weeks ago.\n" * 4 + "\nRegards\n"


@pytest.fixture
def bench_shop(tmp_path: Path) -> Iterator[Shop]:
    opened = make_shop(tmp_path / "theke", in_memory=False, clock=FrozenClock())
    connect(opened)
    yield opened
    opened.close()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("history", HISTORY)
def test_mails_per_second(bench_shop: Shop, history: int) -> None:
    fill_history(bench_shop.store, history)
    with bench_shop.store.held_still():  # as it lies after a night: all of it in the main file
        pass
    asked = [mail(f"mailkunde{n}", f"<new.17.{n}@example.org>") for n in range(MAILS)]
    again = [mail(f"mailkunde{n}", f"<reply.17.{n}@example.org>", f"<new.17.{n}@example.org>") for n in range(MAILS)]
    old = [n * history // MAILS for n in range(MAILS if history >= MAILS else 0)]
    late = [mail(f"kundin{n}", f"<late.17.{n}@example.org>", f"<2.{n}@example.org>") for n in old]
    for name, mails in {"new mails": asked, "replies to them": again, "replies to old mails": late}.items():
        if mails:
            print(f"\n{history:>8} inquiries, {len(mails)} {name:20}: {measured(bench_shop, mails)}", end="")
    assert bench_shop.store.read("SELECT count(*) FROM inquiry")[0][0] == history + MAILS
    assert bench_shop.store.read("SELECT count(*) FROM inquiry WHERE contacts_waiting = 2")[0][0] == MAILS
    assert bench_shop.store.read("SELECT count(*) FROM inquiry WHERE reopened = 1")[0][0] == len(late)


def measured(shop: Shop, mails: list[bytes]) -> str:
    """What fetching these mails took, from the mailbox to the last committed row; every raw mail fsynced before."""
    for content in mails:
        mailbox_of(shop).put(content, shop.now())
    wall, cpu = time.perf_counter(), time.process_time()
    assert fetch_mail(shop) == len(mails)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    a_mail = 1000 / len(mails)
    return f"{len(mails) / wall:5.0f} mails/s ({wall * a_mail:.1f} ms a mail, {cpu * a_mail:.1f} ms of them CPU)"


def mail(person: str, message_id: str, answers: str = "") -> bytes:
    """One of the peers' mails."""
    content = EmailMessage()
    content["From"], content["To"] = f"{person.capitalize()} <{person}@example.org>", SHOP_ADDRESS
    content["Subject"] = f"{'Re: ' if answers else ''}Question about order 17-{person}"
    content["Message-ID"] = message_id
    content["Date"] = format_datetime(MONDAY - timedelta(minutes=1))
    if answers:
        content["In-Reply-To"] = answers
    content.set_content(TEXT)
    return bytes(content)
