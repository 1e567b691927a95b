"""What «Auswertung» costs in a process of its own: `python -m tests.bench.page_cost FOLDER`, a demo's data folder.

Prints JSON, seconds of process CPU: `imports`, `opening` the shop, the `first` time the whole page is drawn (with what
it imports itself), the `process` until then, drawing it again (`warm`), again after something `changed`, and `counting`
all of its figures alone. All sections of the page are open but «Weitere Zahlen», which opens on a tap.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

START = time.process_time()

from streamlit.testing.v1 import AppTest  # noqa: E402

import data.staff  # noqa: E402
from data.records import Actor  # noqa: E402
from services.availability import local_day  # noqa: E402
from services.process import ProcessSettings  # noqa: E402
from services.reports import show_report  # noqa: E402
from services.rules.periods import Comparison, read_period  # noqa: E402
from services.rules.standings import COMPARABLE, worth_of  # noqa: E402
from services.settings import shop_settings  # noqa: E402
from services.shop import Shop, use_shop  # noqa: E402
from services.staff import session_name, start_session  # noqa: E402
from services.wiring import open_shop  # noqa: E402

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"


def sign_in(shop: Shop) -> str:
    """The session of the demo's owner."""
    owner = next(one for one in data.staff.list_staff(shop.store) if one.role == "owner")
    with shop.store.write() as tx:
        return session_name(start_session(tx, owner.id, shop.now()))


def cost(driver: AppTest) -> float:
    """Draw the page; seconds of process CPU, and nothing but the page."""
    begun = time.process_time()
    driver.run()
    assert not driver.exception, driver.exception
    return round(time.process_time() - begun, 3)


def count(shop: Shop) -> float:
    """Count all figures of the usual 90 days and of those before; seconds of process CPU."""
    owner = next(one for one in data.staff.list_staff(shop.store) if one.role == "owner")
    actor = Actor(owner.id, owner.name, owner.role, "de", "")
    today = local_day(shop.now(), shop_settings(shop.store))
    with shop.store.write() as tx:
        tx.new_id()  # so that nothing is remembered
    begun = time.process_time()
    report = show_report(shop, actor, read_period("", "", "", today), Comparison.PREVIOUS)
    for figure in COMPARABLE:
        worth_of(figure, report.now), worth_of(figure, report.then)
    return round(time.process_time() - begun, 3)


def main(folder: Path) -> dict[str, float]:
    """Open the shop in `folder` and draw its page three times."""
    imported = time.process_time()
    shop = open_shop(ProcessSettings(folder=folder, demo=True))
    use_shop(shop)
    driver = AppTest.from_file(str(SHELL), default_timeout=120)
    driver.user = {"session": sign_in(shop), "name": "Sandra Kofler", "language": "de"}
    driver.switch_page("staff/auswertung.py")
    opened = time.process_time()
    first = cost(driver)
    whole = time.process_time()
    warm = cost(driver)
    with shop.store.write() as tx:
        tx.new_id()
    changed = cost(driver)
    counting = count(shop)
    shop.close()
    return {
        "imports": round(imported - START, 3),
        "opening": round(opened - imported, 3),
        "first": first,
        "process": round(whole, 3),
        "warm": warm,
        "changed": changed,
        "counting": counting,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))) + "\n")
