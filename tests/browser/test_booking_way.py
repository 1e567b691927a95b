"""A customer books, or asks, on a phone: few taps and fields, on a slow line; axe-core finds no serious fault there."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.inquiry_form import InquiryForm, ask
from services.noting import log_call
from services.shop import Shop
from tests.bookable import offer, open_garage
from tests.browser.conftest import GARAGE, Come, staged
from tests.browser.theke import Theke, Visitor, running
from tests.builders import hire
from tests.mail_servers import account_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
MOST_TAPS, MOST_FIELDS, MOST_BYTES, MOST_MS = 3, 2, 15_000, 1000
PAGES: dict[str, str] = {}  # where the pages of two inquiries are: one is open, one answered
AXE = os.environ.get("THEKE_AXE", "")  # path of axe.min.js (npm axe-core); without it that check says so
_LARGEST_PAINT = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true}))"""
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}


@pytest.fixture(scope="module")
def bookable(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theke]:
    folder = tmp_path_factory.mktemp("bookable") / "data"
    with staged(folder, replace(account_for(GARAGE))) as shop:
        open_garage(shop)
        offer(shop, 50, "Reifenwechsel mit Frage", ((1, 2),), question="Wo sind Ihre Räder?", choices="Hier\nBei Ihnen")
        PAGES.update(open=_asked(shop, "one"), answered=_asked(shop, "two"))
        log_call(shop, hire(shop, "Anna Muster"), only_answered(shop), reached=True)
    with running(folder) as theke:
        yield theke


def _asked(shop: Shop, key: str) -> str:
    """Where the page of an inquiry is that came by the form."""
    form = InquiryForm("Mein Golf quietscht.", "Maria Huber", f"{key}@example.org", "", False, None, key, "de")
    return f"/s/{ask(shop, form).secret}"


def only_answered(shop: Shop) -> int:
    """The inquiry that is to be answered: the newest."""
    return int(shop.store.read("SELECT max(id) FROM inquiry")[0][0])


def slow_down(page: Page) -> None:
    """1.6 Mbit/s, 150 ms, a processor four times slower."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    line.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def until_tappable(page: Page, address: str, target: str) -> float:
    """Milliseconds from opening an address until its largest part is painted, as the browser itself notes it.

    The page is plain HTML: what is painted can be tapped, and `target` stands on it.
    """
    page.goto(address)
    assert page.locator(target).first.is_visible()
    return float(page.evaluate(_LARGEST_PAINT))


def weigh(page: Page, address: str) -> int:
    """Bytes of a page and all it loads, as they are before compression."""
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())) if answer.status == 200 else None)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return sum(sizes)


def type_into(guest: Visitor, name: str, text: str) -> int:
    guest.page.locator(f"#{name}").fill(text)
    return 1


def test_three_taps_and_two_fields(bookable: Theke, come: Come) -> None:
    guest = come(bookable, **PHONE, java_script_enabled=False)
    guest.page.goto(f"{bookable.url}/termin")
    guest.tap(guest.page.locator(".list a", has_text="Reifenwechsel").first)
    guest.tap(guest.page.get_by_role("link", name="Diesen Termin nehmen"))
    fields = type_into(guest, "name", "Maria Huber") + type_into(guest, "mail", "maria.huber@example.org")
    guest.tap(guest.page.get_by_role("button", name="Termin buchen"))
    guest.page.wait_for_url("**/t/*")
    assert "Ihr Termin steht" in guest.page.locator("h1").inner_text()
    assert re.search(r"K-[2-9A-Z]{4}", guest.page.locator("main").inner_text())
    print(f"\n{guest.taps} taps, {fields} fields")
    assert (guest.taps, fields) == (MOST_TAPS, MOST_FIELDS)
    assert guest.errors == []


def test_ask_and_add_and_be_called_and_rate_without_a_script(bookable: Theke, come: Come) -> None:
    guest = come(bookable, **PHONE, java_script_enabled=False)
    page = guest.page
    page.goto(f"{bookable.url}/anfrage")
    assert not page.locator("#call_by").is_visible()  # until the box is ticked, by the stylesheet alone
    type_into(guest, "words", "Mein Golf quietscht beim Bremsen. Was kostet das?")
    type_into(guest, "phone", "0664 123 45 67")
    guest.tap(page.get_by_text("Bitte rufen Sie mich zurück"))
    page.locator("#call_by").select_option(index=2)
    guest.tap(page.get_by_role("button", name="Anfrage senden"))
    page.wait_for_url("**/s/*?da")
    expect(page.locator("h1")).to_contain_text("Ihre Anfrage ist da")
    guest.tap(page.get_by_role("link", name="Meine Anfrage ansehen"))
    type_into(guest, "words", "Er ist von 2016.")
    guest.tap(page.get_by_role("button", name="Nachricht senden"))
    page.locator("#call_by").select_option(index=3)
    guest.tap(page.get_by_role("button", name="Rückruf erbitten"))
    expect(page.locator(".talk li")).to_have_count(3)
    expect(page.locator(".note", has_text="Rückruf zugesagt: ")).to_have_count(1)
    page.goto(bookable.url + PAGES["answered"])
    guest.tap(page.get_by_role("button", name="Sehr zufrieden"))
    type_into(guest, "why", "Schnell und freundlich.")
    guest.tap(page.get_by_role("button", name="Senden", exact=True))
    expect(page.locator("#why")).to_have_value("Schnell und freundlich.")  # there to be changed
    assert guest.errors == []


@pytest.mark.skipif(not os.environ.get("THEKE_MEASURE"), reason="for a quiet machine: THEKE_MEASURE=1")
def test_the_first_time_can_be_tapped_within_a_second_on_a_slow_line(bookable: Theke, come: Come) -> None:
    targets = {"/termin": ".list a", "/termin/11": ".go", "/anfrage": "#words"}
    targets |= {PAGES["open"]: "#words", PAGES["answered"]: ".rate button"}
    took: dict[str, list[float]] = {address: [] for address in targets}
    for _ in range(3):
        for address, target in targets.items():
            guest = come(bookable, **PHONE)
            slow_down(guest.page)
            took[address].append(until_tappable(guest.page, bookable.url + address, target))
            guest.context.close()
    medians = {address: sorted(each)[1] for address, each in took.items()}
    print(f"\nms until it can be tapped: {medians}")
    assert max(medians.values()) <= MOST_MS


def test_every_page_weighs_little(bookable: Theke, come: Come) -> None:
    guest = come(bookable, **PHONE)
    page = guest.page
    page.goto(f"{bookable.url}/termin/11")
    times = page.get_by_role("link", name="Diesen Termin nehmen").get_attribute("href") or ""
    day = page.locator(".days a").first.get_attribute("href") or ""
    addresses = ["/termin", "/termin/11", _whole(day, "/termin/11"), _whole(times, "/termin/11")]
    addresses += [_book(come(bookable, **PHONE), bookable), "/impressum", "/datenschutz", "/anfrage", *PAGES.values()]
    weights = {
        address.split("?")[0]: weigh(come(bookable, **PHONE).page, bookable.url + address) for address in addresses
    }
    print("".join(f"\n{weight:>6} bytes {re.sub('/t/.*', '/t/…', address)}" for address, weight in weights.items()))
    assert max(weights.values()) <= MOST_BYTES


def _whole(href: str, base: str) -> str:
    return href if href.startswith("/") else f"{base}{href}" if href.startswith("?") else f"/termin/{href}"


def _book(guest: Visitor, theke: Theke) -> str:
    page = guest.page
    page.goto(f"{theke.url}/termin/11")
    page.get_by_role("link", name="Diesen Termin nehmen").click()
    page.locator("#name").fill("Elif Yıldız")
    page.locator("#mail").fill("elif@example.org")
    page.get_by_role("button", name="Termin buchen").click()
    page.wait_for_url("**/t/*")
    return page.url.removeprefix(theke.url).split("?")[0]


def test_by_keyboard_alone(bookable: Theke, come: Come) -> None:
    page = come(bookable).page
    page.goto(f"{bookable.url}/termin")
    for target in (".list a", ".go", "#name"):
        _tab_to(page, target)
        if target != "#name":
            with page.expect_navigation():
                page.keyboard.press("Enter")
    page.keyboard.type("Ivana Petrović")
    _tab_to(page, "#mail")
    page.keyboard.type("ivana@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/t/*")
    assert "Ihr Termin steht" in page.locator("h1").inner_text()


def _tab_to(page: Page, target: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
    raise AssertionError(f"{target} cannot be reached by Tab")


@pytest.mark.skipif(not Path(AXE).is_file(), reason="THEKE_AXE names no axe.min.js (npm package axe-core)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(bookable: Theke, come: Come, scheme: str) -> None:
    own = _book(come(bookable, **PHONE), bookable)
    page = come(bookable, **PHONE, color_scheme=scheme).page
    page.goto(f"{bookable.url}/termin/50")
    form = _whole(page.get_by_role("link", name="Diesen Termin nehmen").get_attribute("href") or "", "/termin/50")
    pages = ["/termin", "/termin/11", form, own, f"{own}/verschieben", f"{own}/adresse", "/impressum", "/datenschutz"]
    pages += ["/anfrage", *PAGES.values(), f"{PAGES['open']}?da", f"{PAGES['answered']}/verlauf"]
    faults: dict[str, list[str]] = {}
    wrong = {form: "Termin buchen", "/anfrage": "Anfrage senden", PAGES["open"]: "Rückruf erbitten"}
    for address in [*pages, *(f"{each}#falsch" for each in wrong)]:
        page.goto(bookable.url + address.removesuffix("#falsch"))
        if address.endswith("#falsch"):
            page.get_by_role("button", name=wrong[address.removesuffix("#falsch")]).click()
            page.wait_for_load_state()
        faults |= {address: found} if (found := _axe(page)) else {}
    assert faults == {}


def _axe(page: Page) -> list[str]:
    """Faults of WCAG 2.0 to 2.2 A and AA and of best practice; run in a world of its own, past the page's policy."""
    session = page.context.new_cdp_session(page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
    script = Path(AXE).read_text(encoding="utf-8")
    session.send("Runtime.evaluate", {"expression": script, "contextId": world})
    run = "axe.run().then(found => JSON.stringify(found.violations.map(v => `${v.impact} ${v.id} ${v.nodes[0].html}`)))"
    told = session.send(
        "Runtime.evaluate", {"expression": run, "contextId": world, "awaitPromise": True, "returnByValue": True}
    )
    return list(json.loads(told["result"]["value"]))
