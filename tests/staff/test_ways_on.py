"""«Wie weiter»: every way on from an inquiry, as a person takes it from its dialog."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from data.records import Actor, Channel, CloseReason, InquiryState, MessageRole
from pages.parts.reply_box import open_questions
from pages.parts.session import Desk
from pages.parts.times import shop_time, usual_times
from services import closing, inquiries, noting, promises, senders
from services.conversations import open_conversation
from services.noting import Outcome
from services.shop import Shop
from tests.builders import FrozenClock, letter, only_inquiry, receive
from tests.staff.conftest import Open, ask, data_of, sign_in, words
from tests.staff.test_conversation import answer


@pytest.fixture
def inquiry(opened: Shop) -> int:
    receive(opened, letter())
    return only_inquiry(opened).id


@pytest.fixture
def page(screen: Open, sandra: Actor, inquiry: int) -> AppTest:
    return screen(sandra, "gespraech", anfrage=str(inquiry))


def troubles(driver: AppTest) -> str:
    return "".join(error.value for error in driver.error).replace("\\", "").replace("\u2060", "")


def toasts(driver: AppTest) -> str:
    return "".join(toast.value for toast in driver.toast).replace("\\", "").replace("\u2060", "")


def offered(shop: Shop, person: Actor, *, soon: bool = False) -> list[datetime]:
    """The times that the dialogs offer."""
    return usual_times(shop_time(Desk(shop, person)), soon=soon)


def state_of(shop: Shop, inquiry_id: int) -> InquiryState:
    return inquiries.require_inquiry(shop.store, inquiry_id).state


def test_two_inquiries_of_a_customer_become_one_with_the_older_wait(
    screen: Open, opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    began = inquiries.require_inquiry(opened.store, inquiry).waiting_since
    clock.forward(hours=3)
    receive(opened, letter("Noch etwas: Haben Sie Winterreifen?", subject="Reifen", message_id="<reifen@example.org>"))
    newer = next(line.row.id for line in inquiries.list_inquiries(opened, sandra).waiting if line.row.id != inquiry)
    driver = ask(screen(sandra, "gespraech", anfrage=str(newer)), "merge", newer)
    driver.button(key="mg-save").click().run()
    (line,) = inquiries.list_inquiries(opened, sandra).waiting
    assert line.row.waiting_since == began


@pytest.mark.parametrize(("always", "later"), [(False, 1), (True, 0)])
def test_no_inquiry_of_a_customer_once_or_always(
    page: AppTest, opened: Shop, sandra: Actor, inquiry: int, always: bool, later: int
) -> None:
    driver = ask(page, "dismiss", inquiry)
    driver.radio(key="ds-always").set_value(always)
    driver.button(key="ds-save").click().run()
    assert not inquiries.list_inquiries(opened, sandra).waiting
    assert driver.title[0].value == "Anfragen"
    assert "Der Weg zurück steht ganz unten" in toasts(driver)
    receive(opened, letter("Und noch eine Werbung", subject="Werbung", message_id="<werbung@example.org>"))
    assert len(inquiries.list_inquiries(opened, sandra).waiting) == later


def test_a_forwarded_mail_leaves_and_the_customer_still_waits(page: AppTest, opened: Shop, inquiry: int) -> None:
    driver = ask(page, "forward", inquiry)
    driver.text_input(key="fw-to").set_value("karosserie@example.org")
    driver.text_area(key="fw-note").set_value("Kannst du das übernehmen?")
    driver.button(key="fw-save").click().run()
    assert opened.store.read("SELECT recipient FROM outbox") == [("karosserie@example.org",)]
    assert inquiries.require_inquiry(opened.store, inquiry).waiting_since is not None


def test_a_wrong_address_is_refused_in_the_dialog(page: AppTest, opened: Shop, inquiry: int) -> None:
    driver = ask(page, "forward", inquiry)
    driver.text_input(key="fw-to").set_value("kein Postfach")
    driver.button(key="fw-save").click().run()
    assert troubles(driver)
    assert not opened.store.read("SELECT recipient FROM outbox")


def test_the_next_step_stands_in_the_list_with_its_time(
    screen: Open, page: AppTest, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    driver = ask(page, "plan", inquiry)
    driver.text_input(key="pl-text").set_value("Preis nennen")
    driver.pills(key="pl-time").select(offered(opened, sandra)[0].isoformat())
    driver.button(key="pl-save").click().run()
    (item,) = data_of(screen(sandra, "anfragen"), "theke_rows")["items"]
    assert item["meta"][-1]["text"] == "Preis nennen, 16:00"


def test_a_promise_is_moved_from_its_card(page: AppTest, opened: Shop, sandra: Actor, inquiry: int) -> None:
    soon = opened.now() + timedelta(hours=1)
    call = {"staff_id": sandra.staff_id, "phone": "0664 555 01 43", "due_at": soon}
    ident = promises.promise_callback(opened, sandra, inquiry, **call)
    driver = page.run().button(key=f"move-{ident}").click().run()
    window = promises.call_windows(opened.store, opened.now())[1]
    driver.pills(key="mv-time").select(f"{window.from_at.isoformat()}/{window.due_at.isoformat()}")
    driver.button(key="mv-save").click().run()
    (promise,) = open_conversation(opened, sandra, inquiry).promises
    assert (promise.from_at, promise.due_at) == (window.from_at, window.due_at)


@pytest.mark.parametrize(("reached", "waits"), [(True, False), (False, True)])
def test_only_a_call_that_reached_ends_the_wait(
    page: AppTest, opened: Shop, inquiry: int, reached: bool, waits: bool
) -> None:
    driver = ask(page, "call", inquiry)
    driver.segmented_control(key="cl-reached").select(reached)
    driver.text_area(key="cl-words").set_value("Kommt am Freitag")
    driver.button(key="cl-save").click().run()
    assert (inquiries.require_inquiry(opened.store, inquiry).waiting_since is not None) is waits
    assert data_of(driver, "theke_thread")["entries"][-1]["text"] == "Kommt am Freitag"


@pytest.mark.parametrize("choice", [0, 1])
def test_snoozed_it_hides_and_the_clock_goes_on(
    page: AppTest, opened: Shop, sandra: Actor, inquiry: int, choice: int
) -> None:
    driver = ask(page, "later", inquiry)
    until = offered(opened, sandra)[choice]
    driver.pills(key="lt-time").select(until.isoformat())
    driver.button(key="lt-save").click().run()
    found = inquiries.list_inquiries(opened, sandra)
    assert ([line.row.id for line in found.snoozed], found.waiting) == ([inquiry], [])
    row = found.snoozed[0].row
    assert row.snoozed_until_at == until
    assert row.waiting_since is not None


def test_a_reason_closes_and_an_untrue_one_is_refused(page: AppTest, opened: Shop, sandra: Actor, inquiry: int) -> None:
    refused = choose_to_close(opened, sandra, inquiry, CloseReason.ANSWERED)
    assert "Hier wartet noch jemand auf Antwort" in troubles(refused)
    assert state_of(opened, inquiry) is InquiryState.OPEN
    assert not troubles(choose_to_close(opened, sandra, inquiry, CloseReason.THANKS_ONLY))
    assert state_of(opened, inquiry) is InquiryState.CLOSED
    page.run().button(key="reopen").click().run()
    assert state_of(opened, inquiry) is InquiryState.OPEN


def choose_to_close(shop: Shop, person: Actor, inquiry_id: int, reason: CloseReason) -> AppTest:
    """What the menu «Schließen» does, which Streamlit's test driver cannot open."""

    def script(inquiry_id: int, reason: str) -> None:
        from data.records import CloseReason
        from pages.parts.acting import show_trouble
        from pages.parts.steps import close_as

        close_as(inquiry_id, CloseReason(reason), "s-close")
        show_trouble("s-close")

    driver = AppTest.from_function(script, args=(inquiry_id, str(reason)), default_timeout=30)
    driver.user = {"session": sign_in(shop, person), "name": person.name, "language": "de"}
    return driver.run()


def test_handed_over_by_one_choice_and_back_to_all(page: AppTest, opened: Shop, amir: Actor, inquiry: int) -> None:
    driver = page.run().selectbox(key=f"owner-{inquiry}-None").select(amir.staff_id).run()
    assert inquiries.require_inquiry(opened.store, inquiry).owner_id == amir.staff_id
    driver.selectbox(key=f"owner-{inquiry}-{amir.staff_id}").select(0).run()
    assert inquiries.require_inquiry(opened.store, inquiry).owner_id is None


def test_what_stood_there_before_the_set_up_is_done_after_one_question(
    screen: Open, opened: Shop, sandra: Actor
) -> None:
    receive(opened, letter(subject="Alt"), at=opened.now() - timedelta(days=9))
    driver = screen(sandra, "anfragen")
    assert "Vorher" in words(driver)
    driver.button(key="close-earlier").click().run()
    assert only_inquiry(opened).close_reason == ""
    driver.button(key="ce-save").click().run()
    assert only_inquiry(opened).close_reason == CloseReason.EARLIER
    assert [toast.value for toast in driver.toast] == ["1 geschlossen\\.\u2060"]


def test_all_done_is_not_offered_under_a_filter(screen: Open, opened: Shop, sandra: Actor) -> None:
    receive(opened, letter(subject="Alt"), at=opened.now() - timedelta(days=9))
    driver = screen(sandra, "anfragen")
    driver.text_input(key="q").set_value("Golf").run()
    assert "close-earlier" not in [button.key for button in driver.button]


def test_a_tab_follows_its_inquiry_into_the_one_it_was_joined_with(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    receive(opened, letter("Noch etwas", subject="Reifen", message_id="<reifen@example.org>"))
    newer = next(line.row.id for line in inquiries.list_inquiries(opened, sandra).waiting if line.row.id != inquiry)
    driver = screen(sandra, "gespraech", anfrage=str(newer))
    closing.merge_inquiries(opened, sandra, inquiry, newer)
    driver.run()
    assert driver.query_params["anfrage"] in (str(inquiry), [str(inquiry)])


def test_a_dialog_with_text_closes_only_by_its_own_buttons(page: AppTest, opened: Shop, inquiry: int) -> None:
    driver = ask(page, "remark", inquiry)
    assert [block.proto.dialog.dismissible for block in driver.get("dialog")] == [False]
    driver.text_area(key="rm-text").set_value("Doch nicht")
    driver.button(key="rm-drop").click().run()
    assert "rm-save" not in [button.key for button in driver.button]
    assert not [event for event in data_of(driver, "theke_thread")["entries"] if event.get("text") == "Doch nicht"]


def test_a_dialog_that_cannot_be_drawn_can_still_be_left(page: AppTest) -> None:
    driver = ask(page, "customer", 999)
    assert "Diesen Kunden gibt es nicht mehr" in troubles(driver)
    driver.button(key="cu-drop").click().run()
    assert not driver.get("dialog")


def test_a_refusal_is_told_where_nobody_can_be_written_to(screen: Open, opened: Shop, sandra: Actor) -> None:
    call = {"who": "Josef", "need": "Reifen", "reach": "0664 555 01 43", "channel": Channel.CALL}
    ident = noting.note_contact(opened, sandra, **call, outcome=Outcome.MESSAGE)
    driver = screen(sandra, "gespraech", anfrage=str(ident))
    driver.session_state["theke/trouble"] = ("", "Das geht nicht")
    assert "Das geht nicht" in troubles(driver.run())
    assert not troubles(driver.switch_page("staff/heute.py").run())


def test_the_list_tells_opening_time_beside_the_wait(
    screen: Open, opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    assert "Öffnungszeit" not in str(data_of(screen(sandra, "anfragen"), "theke_rows"))
    clock.forward(days=2)
    assert "Std Öffnungszeit" in data_of(screen(sandra, "anfragen"), "theke_rows")["items"][0]["meta"][1]["text"]
    assert "Std Öffnungszeit" in words(screen(sandra, "gespraech", anfrage=str(inquiry)))


def test_a_sender_is_allowed_again(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    closing.dismiss_inquiry(opened, sandra, inquiry, always=True)
    (address,) = senders.list_ignored_senders(opened, sandra)
    driver = screen(sandra, "einstellungen", teil="postfach")
    driver.button(key=f"e-allow-{address}").click().run()
    assert senders.list_ignored_senders(opened, sandra) == []
    assert address not in words(driver)


def machine_mail(shop: Shop) -> int:
    receive(
        shop, letter("Unsere Angebote", sender="Reifen <news@example.org>", Precedence="bulk", List_Id="<n.example>")
    )
    return only_inquiry(shop).id


def test_automatic_post_lies_folded_below_the_list(screen: Open, opened: Shop, sandra: Actor) -> None:
    machine_mail(opened)
    driver = screen(sandra, "anfragen")
    assert [expander.label for expander in driver.expander] == ["Automatische Post (1)"]
    assert not [element for element in driver.get("bidi_component") if element.proto.component_name == "theke_rows"]
    driver.session_state["machine"] = True
    assert data_of(driver.run(), "theke_rows")["items"][0]["badge"]["word"] == "Automatisch"


def test_automatic_post_can_be_a_customers_inquiry_after_all(screen: Open, opened: Shop, sandra: Actor) -> None:
    ident = machine_mail(opened)
    driver = screen(sandra, "gespraech", anfrage=str(ident))
    driver.button(key="s-treat").click().run()
    found = inquiries.require_inquiry(opened.store, ident)
    assert (found.state, found.waiting_since) == (InquiryState.OPEN, opened.now())
    assert "s-treat" not in [button.key for button in driver.button]


def test_the_box_lists_what_was_asked_since_our_last_answer(
    page: AppTest, opened: Shop, clock: FrozenClock, sandra: Actor, inquiry: int
) -> None:
    assert [q["text"] for q in data_of(page, "theke_reply")["questions"]] == ["Guten Tag, wann ist mein Golf fertig?"]
    answer(opened, sandra, inquiry)
    clock.forward(hours=1)
    assert open_questions(open_conversation(opened, sandra, inquiry)) == []
    receive(
        opened, letter("Danke. Bleibt es bei den 412 Euro?\nUnd geht Karte?", subject=f"Re: Mein Golf [#{inquiry}]")
    )
    talk = open_conversation(opened, sandra, inquiry)
    asked = open_questions(talk)
    assert [question["text"] for question in asked] == ["Bleibt es bei den 412 Euro?", "Und geht Karte?"]
    assert {question["id"].split("/")[0] for question in asked} == {str(talk.messages[-1].id)}
    assert talk.messages[-1].role is MessageRole.CUSTOMER


def test_the_preview_says_what_a_careful_colleague_would(page: AppTest, inquiry: int) -> None:
    driver = ask(page, "preview", inquiry, "Guten Tag,\n\nich melde mich schnellstmöglich bei dir.", "")
    said = words(driver)
    assert "«schnellstmöglich»: Wann genau? Ein Tag oder eine Uhrzeit hilft mehr." in said
    assert "per Sie, hier steht «dir»" in said


def test_the_preview_knows_the_customer_and_the_calendar(page: AppTest, inquiry: int) -> None:
    driver = ask(page, "preview", inquiry, "Guten Tag Frau Moser,\n\nkommen Sie am 29.11.2026 um 10 Uhr.", "")
    said = words(driver)
    assert "Die Anrede nennt «Moser», der Name ist Hofer." in said
    assert "«29.11.2026»: An diesem Tag ist geschlossen. Stimmt das Datum?" in said


def test_a_good_reply_gets_no_remark(page: AppTest, inquiry: int) -> None:
    driver = ask(page, "preview", inquiry, "Guten Tag Frau Hofer,\n\nIhr Golf ist um 16 Uhr fertig.", "")
    assert "Vielleicht noch einmal lesen" not in words(driver)
