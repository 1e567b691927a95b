"""What became of an idea, on the page of who had it."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from data.records import Actor, StaffRole
from data.status_pages import StatusPage
from services.ideas import Fate, decide_idea, ideas_of
from services.inquiry_form import ask
from services.shop import Shop
from tests.bookable import open_garage
from tests.builders import FrozenClock, connect, hire
from tests.services.test_inquiry_form import form
from tests.services.test_status_pages import reply
from tests.web.conftest import browser
from tests.web.test_inquiry_pages import light
from tests.web.test_status_page import by_mail, post, show


@pytest.fixture
def anna(shop: Shop) -> Actor:
    open_garage(shop)
    connect(shop)
    return hire(shop, "Anna Muster", StaffRole.OWNER)


@pytest.fixture
def page(shop: Shop, anna: Actor) -> StatusPage:
    made = ask(shop, form(name="Maria Huber"))
    reply(shop, anna, made.inquiry_id)
    return made


def test_an_idea_is_left_decided_and_told(shop: Shop, anna: Actor, page: StatusPage, clock: FrozenClock) -> None:
    client: TestClient = browser()
    left = post(client, page, "nachricht", words="Eine Klingel wäre gut.", idea="ja")
    assert left.headers["location"].endswith("?idee")
    thanks = "Danke für Ihre Idee. Wir schauen sie uns an."
    assert f"<h2>{thanks}</h2>" in show(client, page, "?idee").text
    still = show(client, page).text
    assert thanks in still
    assert "Beantwortet" in still
    assert "Wie zufrieden" in still
    (idea,) = ideas_of(shop.store, page.inquiry_id)
    decide_idea(shop, anna, idea.id, Fate.DECLINED, "<b>Es gibt</b> schon eine")
    assert "Unsere Antwort liegt in Ihrem E-Mail-Postfach." in show(client, page).text
    page = by_mail(page)
    declined = show(client, page).text
    assert "Wir machen es nicht" in declined
    assert "&lt;b&gt;Es gibt&lt;/b&gt; schon eine" in declined
    decide_idea(shop, anna, idea.id, Fate.DONE)
    done = show(client, page)
    assert re.search(r'<div class="note done"><svg.*?</svg><div><p>Ihre Idee: umgesetzt, danke!</p>', done.text)
    assert light(done, 0)
