"""Two people at the same inquiry: each sees the other, and nobody answers past what came meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import GARAGE, Come
from tests.browser.test_drafts import expect_reply, open_inquiry, type_reply
from tests.browser.theke import Theke, Visitor
from tests.builders import letter
from tests.mail_servers import MailServers

pytestmark = pytest.mark.browser
STOPPED = "Inzwischen"


def no_reply_is_on_its_way(visitor: Visitor) -> bool:
    return visitor.page.get_by_text("geht in").count() == 0


def test_the_second_at_an_inquiry_sees_the_first(garage: Theke, come: Come) -> None:
    sandra, amir = come(garage, "Sandra Kofler"), come(garage, "Amir Haddad")
    open_inquiry(sandra, 6)
    open_inquiry(amir, 6)
    amir.sees("Sandra ist auch hier")
    sandra.sees("Amir ist auch hier")
    assert sandra.errors + amir.errors == []


def test_a_send_is_stopped_when_a_colleague_answered_meanwhile(garage: Theke, come: Come) -> None:
    sandra, amir = come(garage, "Sandra Kofler"), come(garage, "Amir Haddad")
    open_inquiry(sandra, 7)
    open_inquiry(amir, 7)
    type_reply(amir, "Morgen um 9 Uhr.")
    type_reply(sandra, "Heute um 16 Uhr.")
    sandra.button("Antwort senden").click()
    sandra.sees("geht in")
    amir.button("Antwort senden").click()
    amir.sees(STOPPED)
    expect_reply(amir, "Morgen um 9 Uhr.")
    amir.sees("Heute um 16 Uhr.")


def test_a_send_is_stopped_when_the_customer_wrote_meanwhile(garage: Theke, servers: MailServers, come: Come) -> None:
    amir = come(garage, "Amir Haddad")
    open_inquiry(amir, 8)
    type_reply(amir, "Ja, das passt.")
    again = letter(
        "Hat sich erledigt, danke!",
        sender="Maria Hofer 8 <maria.8@example.org>",
        subject="Re: Anliegen 8",
        In_Reply_To="<anliegen-8@example.org>",
    )
    servers.put(GARAGE, again)
    amir.sees("Hat sich erledigt, danke!", seconds=45)
    amir.button("Antwort senden").click()
    amir.sees(STOPPED)
    assert no_reply_is_on_its_way(amir)
    expect_reply(amir, "Ja, das passt.")
    amir.page.wait_for_timeout(1600)  # sooner it would count as a double tap
    amir.button("Antwort senden").click()  # read now, and meant all the same
    amir.sees("geht in")
    expect(amir.page.get_by_text(STOPPED)).to_be_hidden()


def test_a_reply_taken_back_stands_in_the_box_again(garage: Theke, come: Come) -> None:
    sandra = come(garage, "Sandra Kofler")
    open_inquiry(sandra, 9)
    type_reply(sandra, "Zu schnell getippt")
    sandra.button("Antwort senden").click()
    sandra.sees("geht in")
    sandra.button("Zurückholen").click()
    expect_reply(sandra, "Zu schnell getippt")
    assert no_reply_is_on_its_way(sandra)
