"""The same race over HTTP: two hundred phones post at once to the real program."""

from __future__ import annotations

import http.client
import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

from data.store import Store
from services.settings import put_settings
from tests.bookable import AMIR, VIENNA, offer, open_garage
from tests.browser.conftest import GARAGE, staged
from tests.browser.theke import Theke, running
from tests.faults.test_booking_race import NARROW, PEOPLE
from tests.mail_servers import HOST, account_for
from tests.services.test_bookings import held_in

ROUNDS = int(os.environ.get("THEKE_RACE_ROUNDS", "1"))
ROUNDS_A_START = 2  # the shop takes 600 forms in ten minutes, and counts them in memory
_HIDDEN = re.compile(r'name="(beleg|schluessel|zeit)" value="([^"]*)"')


def ask(theke: Theke, person: int, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
    """One request of a phone with an address of its own, as a trusted proxy tells it."""
    line = http.client.HTTPConnection(HOST, theke.port, timeout=100)
    headers = {"X-Forwarded-For": f"10.1.{person // 250}.{person % 250 + 1}", "Connection": "close"}
    body = urlencode(fields) if fields is not None else None
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    line.request(method, path, body, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, text


def race(theke: Theke, wanted: list[datetime]) -> Counter[int]:
    """Everybody opens the form, then all post at the same moment; how often each status was answered."""
    start = Barrier(PEOPLE)

    def attempt(person: int) -> int:
        path = f"/termin/{NARROW}/angaben?" + urlencode({"zeit": f"{wanted[person % 3]:%Y-%m-%dT%H:%MZ}"})
        status, page = ask(theke, person, "GET", path)
        assert status == 200, page
        fields = dict(_HIDDEN.findall(page))
        fields |= {"name": f"Gast {person}", "mail": f"gast.{person}@example.org", "phone": ""}
        start.wait(90)
        status, page = ask(theke, person, "POST", path, fields)
        assert status != 409 or page.count('class="btn slot"') == 3
        return status

    with ThreadPoolExecutor(PEOPLE) as crowd:
        return Counter(crowd.map(attempt, range(PEOPLE)))


def test_of_two_hundred_phones_one_wins(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with staged(folder, replace(account_for(GARAGE))) as shop:
        open_garage(shop)
        offer(shop, NARROW, "Nur Amir", ((AMIR,),), step=10, horizon_days=60)
        with shop.store.write() as tx:
            put_settings(tx, {"trusted_proxies": HOST}, shop.now())
    weekday = datetime.now(VIENNA).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)
    for number in range(ROUNDS):
        weekday += timedelta(days=1 if weekday.weekday() < 4 else 7 - weekday.weekday())
        wanted = [(weekday + timedelta(minutes=20 * place)).astimezone(UTC) for place in range(3)]
        if number % ROUNDS_A_START == 0:
            with running(folder) as theke:
                for later in range(min(ROUNDS_A_START, ROUNDS - number)):
                    moved = [moment + timedelta(hours=4 * later) for moment in wanted]
                    assert race(theke, moved) == {303: 1, 409: PEOPLE - 1}
    store = Store.open_as_it_is(folder / "theke.duckdb")
    try:
        assert len(store.read("SELECT id FROM booking")) == ROUNDS
        cells = {tuple(row) for row in store.read("SELECT resource_id, cell, booking_id FROM occupancy")}
        assert cells == held_in(store)
    finally:
        store.close()
