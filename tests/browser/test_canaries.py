"""Words from outside on every screen: there they stand letter by letter, and nothing else comes of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from data.records import Actor
from services.staff import list_staff
from tests.browser.canaries import PLAIN, CanaryServer, bare, canaries, canary_server, keep_canary, name_shop, start_of
from tests.browser.conftest import Come, staged
from tests.browser.theke import Theke, Visitor, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
LONG = 29
TITLES = {"Theke", "Anmelden", "Heute", "Anfragen", "Gespräch", "Kunden", "Vorlagen", "Team", "Einstellungen"} | {
    "Rückrufe"
}
PLACES = 7  # title, subject, text, note, note on the card, file name, draft
# Elements of a page that words from outside might add to; all pages of one kind have the same number of each.
RISKY = (
    "a, b, i, em, strong, del, s, code, pre, table, ul, ol, li, blockquote, hr, mark, sub, sup, img, svg, video, audio,"
    " iframe, object, embed, script, style, form, h1, h2, h3, h4, h5, h6, [role=img], .katex, .stMarkdownBadge,"
    " .stMarkdownColoredText"
)
ALL = """const all = (root) =>
  [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
"""
COUNT = f"""(risky) => {{ {ALL}
  const nodes = all(document.querySelector("[data-testid=stMain]"));
  return nodes.filter((node) => node.matches(risky)).map((node) => node.tagName.toLowerCase());
}}"""
# What no page may ever have, however many rows it has.
CAUGHT = f"""() => {{ {ALL}
  const never = ".katex, code, del, sub, sup, table, blockquote, hr, mark, iframe, object, embed, #kanari, .kanari";
  const leads = /kanari|\\/k(\\.png)?$|^javascript:/i;
  const places = ["src", "href", "action", "onload", "onerror"];
  return all(document.body)
    .filter((node) => node.matches(never) || places.some((name) => leads.test(node.getAttribute(name) ?? "")))
    .map((node) => node.outerHTML.slice(0, 200));
}}"""


@dataclass(frozen=True)
class Aviary:
    """A running shop full of canaries."""

    theke: Theke
    server: CanaryServer
    words: list[str]
    inquiries: list[int]
    customers: list[int]
    plain: tuple[int, int]


@pytest.fixture(scope="module")
def aviary(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aviary]:
    folder = tmp_path_factory.mktemp("aviary") / "data"
    with canary_server() as server:
        words = canaries(server.port)
        with staged(folder) as shop:
            sandra = next(person for person in list_staff(shop.store) if person.name == "Sandra Kofler")
            owner = Actor(sandra.id, sandra.name, sandra.role, "de", "s")
            plain = keep_canary(shop, owner, 999, PLAIN)
            kept = [keep_canary(shop, owner, number, text) for number, text in enumerate(words)]
            name_shop(shop, words[2])
        with running(folder) as theke:
            yield Aviary(theke, server, words, [row[0] for row in kept], [row[1] for row in kept], plain)


def missing(visitor: Visitor, words: list[str], *, times: int = 1, length: int = 45) -> list[str]:
    """The words that do not stand on the page so many times, letter by letter; it has ten seconds to draw them."""
    end = time.monotonic() + 10
    while True:
        shown = bare(visitor.text())
        absent = [text[:60] for text in words if shown.count(start_of(text, length)) < times]
        if not absent or time.monotonic() > end:
            return absent
        visitor.page.wait_for_timeout(200)


def nothing_came_of_it(visitor: Visitor, aviary: Aviary) -> None:
    assert visitor.page.evaluate(CAUGHT) == []
    assert aviary.server.asked == []
    assert visitor.foreign == []
    assert visitor.errors == []
    assert visitor.page.title().removesuffix(" – Theke") in TITLES


def counted(visitor: Visitor) -> Counter[str]:
    return Counter(visitor.page.evaluate(COUNT, RISKY))


def grown(visitor: Visitor, usual: Counter[str]) -> Counter[str]:
    """What the page has more of than a usual one; looked at twice, because a page draws itself bit by bit."""
    more = counted(visitor) - usual
    if more:
        visitor.page.wait_for_timeout(1000)
        more = counted(visitor) - usual
    return more


@pytest.mark.parametrize("address", ["/rueckrufe", "/anfragen", "/kunden", "/team", "/vorlagen"])
def test_a_list_shows_every_canary_as_it_is(aviary: Aviary, come: Come, address: str) -> None:
    sandra = come(aviary.theke, "Sandra Kofler")
    sandra.open(address)
    assert missing(sandra, aviary.words) == []
    nothing_came_of_it(sandra, aviary)


def test_heute_shows_the_first_of_them_and_runs_none(aviary: Aviary, come: Come) -> None:
    sandra = come(aviary.theke, "Sandra Kofler")
    sandra.open("/heute")
    expect(sandra.page.locator("button.row").first).to_be_visible()
    nothing_came_of_it(sandra, aviary)


def test_the_sign_in_page_shows_every_colleague_as_they_are_called(aviary: Aviary, come: Come) -> None:
    visitor = come(aviary.theke)
    visitor.open("/anmelden")
    assert missing(visitor, aviary.words) == []
    nothing_came_of_it(visitor, aviary)


def test_a_conversation_shows_every_canary_and_grows_no_element(aviary: Aviary, come: Come) -> None:
    sandra = come(aviary.theke, "Sandra Kofler")
    sandra.open(f"/gespraech?anfrage={aviary.plain[0]}")
    assert missing(sandra, [PLAIN], times=PLACES) == []
    sandra.page.wait_for_timeout(1500)  # all of it is drawn
    usual = counted(sandra)
    troubles: list[str] = []
    for number, (inquiry, words) in enumerate(zip(aviary.inquiries, aviary.words, strict=True)):
        sandra.open(f"/gespraech?anfrage={inquiry}")
        troubles += missing(sandra, [words], times=PLACES, length=30)
        if number != LONG and (more := grown(sandra, usual)):
            troubles.append(f"{number} {words[:40]!r}: new {dict(more)}")
    assert not troubles, "\n".join(troubles)
    nothing_came_of_it(sandra, aviary)


def test_the_preview_shows_every_canary_as_it_is(aviary: Aviary, come: Come) -> None:
    sandra = come(aviary.theke, "Sandra Kofler")
    troubles: list[str] = []
    for number in (0, 5, 10, 15, 17, 18):
        sandra.open(f"/gespraech?anfrage={aviary.inquiries[number]}")
        sandra.button("Vorschau").click()
        dialog = sandra.page.locator("[data-testid=stDialog]")
        dialog.get_by_text("Betreff: ").wait_for()
        shown = bare(dialog.inner_text())
        if (times := shown.count(start_of(aviary.words[number], 30))) < 3:  # recipient, subject, text
            troubles.append(f"{number} {aviary.words[number]!r}: {times} times in {dialog.inner_text()[:300]!r}")
    assert not troubles, "\n".join(troubles)
    nothing_came_of_it(sandra, aviary)


def test_a_customers_card_shows_every_canary_as_it_is(aviary: Aviary, come: Come) -> None:
    sandra = come(aviary.theke, "Sandra Kofler")
    troubles: list[str] = []
    for customer, words in zip(aviary.customers[::3], aviary.words[::3], strict=True):
        sandra.open(f"/kunden?kunde={customer}")
        troubles += missing(sandra, [words], times=5, length=30)  # list, title, note, history
    assert not troubles, "\n".join(troubles)
    nothing_came_of_it(sandra, aviary)


@pytest.mark.parametrize("number", [5, 18, 28])
def test_a_search_for_a_canary_finds_it(aviary: Aviary, come: Come, number: int) -> None:
    sandra = come(aviary.theke, "Sandra Kofler")
    sandra.open(f"/anfragen?q={quote(aviary.words[number], safe='')}")
    sandra.page.locator("button.row").first.wait_for()
    assert missing(sandra, [aviary.words[number]]) == []
    nothing_came_of_it(sandra, aviary)
