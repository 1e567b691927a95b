"""How long it takes to make up the demo's past, and how large it is.

`python3 start.py bench -k demo_history`; other sizes (inquiries/years): THEKE_PAST=3000/2,1000000/5 in front of it.
A million inquiries may take three minutes, what is smaller as much less, and the usual past three seconds.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from services.demo import build_demo
from services.demo_history import begin_history, finish_history
from services.process import DemoHistory
from tests.builders import FrozenClock, make_shop

SIZES = [size.split("/") for size in os.environ.get("THEKE_PAST", "3000/2,100000/0.5,100000/5").split(",")]
LEAST, A_MILLION = 3.0, 180.0  # seconds


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("inquiries", "years"), [(int(number), float(years)) for number, years in SIZES])
def test_seconds_to_make_up_the_past(tmp_path: Path, inquiries: int, years: float) -> None:
    shop = make_shop(tmp_path / "theke", in_memory=False, clock=FrozenClock())
    build_demo(shop)
    begin_history(shop, DemoHistory(inquiries, years), shop.now())
    wall, cpu = time.perf_counter(), time.process_time()
    finish_history(shop)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    messages = shop.store.read("SELECT count(*) FROM message")[0][0]
    shop.close()
    size = (tmp_path / "theke" / "theke.duckdb").stat().st_size / 1_000_000
    print(
        f"\n{inquiries:>8} inquiries in {years:g} years, {messages} messages: {wall:.1f} s, {cpu:.1f} s of CPU,"
        f" {size:.0f} MB",
        end="",
    )
    assert wall <= max(LEAST, A_MILLION * inquiries / 1_000_000)
