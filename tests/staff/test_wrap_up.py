"""«Für die Auswertung»: each answer is one tap, saved at once; and what the owner sets behind it."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.booking_records import BookingState
from data.records import Actor, CloseReason, InquiryState
from data.report_records import Avoidable, Intent
from data.wrap_ups import Instead, WrapUp
from services import closing, noting, wrap_ups
from services.bookings import mark_booking
from services.reasons import list_reasons, seed_reasons
from services.settings import put_settings, shop_settings
from services.shop import Shop
from services.templates import list_templates
from tests.bookable import at, book, open_garage
from tests.builders import FrozenClock, letter, only_inquiry, receive
from tests.staff.conftest import Open, ask, spoken
from tests.staff.test_ways_on import choose_to_close, toasts, troubles

TITLE = "Für die Auswertung"


@pytest.fixture
def opened(opened: Shop) -> Shop:
    with opened.store.write() as tx:
        seed_reasons(tx, "kfz")
    return opened


@pytest.fixture
def inquiry(opened: Shop) -> int:
    receive(opened, letter())
    return only_inquiry(opened).id


@pytest.fixture
def closed(opened: Shop, sandra: Actor, inquiry: int) -> int:
    noting.log_call(opened, sandra, inquiry, reached=True)
    closing.close_inquiry(opened, sandra, inquiry, CloseReason.ANSWERED)
    return inquiry


def widget(driver: AppTest, kind: str, name: str, inquiry_id: int, place: str = "g") -> Any:
    """The widget of the card that asks for `name`; None where it is not asked."""
    start = f"wu-{place}-{inquiry_id}-{name}"
    return next((one for one in driver.get(kind) if str(one.key).startswith(start)), None)


def reason(shop: Shop, name: str) -> int:
    return next(one.id for one in list_reasons(shop.store) if one.name == name)


def noted(shop: Shop, actor: Actor, inquiry_id: int) -> WrapUp:
    return wrap_ups.read_wrap_up(shop, actor, inquiry_id)


def test_an_open_inquiry_has_the_card_below_the_steps(screen: Open, sandra: Actor, inquiry: int) -> None:
    heads = [head.value for head in screen(sandra, "gespraech", anfrage=str(inquiry)).subheader]
    assert heads.index(TITLE) > heads.index("Wie weiter")


def test_a_closed_one_has_it_above_them_with_the_first_question_in_sight(
    screen: Open, sandra: Actor, closed: int
) -> None:
    driver = screen(sandra, "gespraech", anfrage=str(closed))
    heads = [head.value for head in driver.subheader]
    assert heads.index(TITLE) < heads.index("Wie weiter")
    assert widget(driver, "button_group", "reason", closed)
    assert not widget(driver, "selectbox", "avoidable", closed)


def test_one_tap_after_the_other_answers_all_questions(screen: Open, opened: Shop, amir: Actor, closed: int) -> None:
    driver = screen(amir, "gespraech", anfrage=str(closed))
    status = reason(opened, "Wo ist mein Auto?")
    for name, tapped in (("reason", str(status)), ("avoidable", "status_asked"), ("kept", "no")):
        widget(driver, "button_group", name, closed).set_value(tapped).run()
    assert noted(opened, amir, closed) == WrapUp(status, "status_asked", False)
    assert [one.label for one in driver.selectbox if str(one.key).startswith("wu-")] == [
        "Wie zugesagt?",
        "Worum ging es?",
        "War der Kontakt vermeidbar?",
    ]
    assert not driver.exception


def test_an_answer_is_changed_and_taken_back(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    widget(driver, "selectbox", "avoidable", inquiry).set_value("our_error").run()
    assert noted(opened, sandra, inquiry).avoidable == "our_error"
    widget(driver, "selectbox", "avoidable", inquiry).set_value("").run()
    assert noted(opened, sandra, inquiry) == WrapUp()


def test_what_was_promised_is_asked_only_where_something_was_delivered(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert not widget(driver, "selectbox", "kept", inquiry)
    closing.close_inquiry(opened, sandra, inquiry, CloseReason.DEALT_WITH)
    wrap_ups.note_reason(opened, sandra, inquiry, reason(opened, "Was kostet das?"))
    wrap_ups.note_avoidable(opened, sandra, inquiry, Avoidable.NO)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert not widget(driver, "button_group", "kept", inquiry)


@pytest.mark.parametrize(
    ("offered", "state", "kept"),
    [(Instead.OTHER_SHOP, "closed", "other_shop"), (Instead.WISH, "open", "")],
)
def test_who_asked_whether_it_is_there_does_not_go_before_something_was_offered(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int, offered: Instead, state: str, kept: str
) -> None:
    wrap_ups.note_reason(opened, sandra, inquiry, reason(opened, "Ist es auf Lager?"))
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "offered", inquiry)
    assert driver.button(key="of-save").disabled  # nothing is no choice
    driver.session_state["of-offered"] = offered
    ask(driver, "offered", inquiry)
    assert driver.pills(key="of-offered").options == [
        "Andere Größe, anderer Artikel",
        "Bestellt",
        "Wunsch notiert",
        "Anderes Geschäft genannt",
        "Rückruf",
    ]
    driver.button(key="of-save").click().run()
    assert not driver.exception
    assert (only_inquiry(opened).state, noted(opened, sandra, inquiry).offered) == (state, kept)


@pytest.mark.parametrize(("offered", "kept"), [(Instead.WISH, ""), (Instead.CALLBACK, "callback")])
def test_what_was_noted_first_is_not_asked_for_again(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int, offered: Instead, kept: str
) -> None:
    wrap_ups.note_reason(opened, sandra, inquiry, reason(opened, "Ist es auf Lager?"))
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "offered", inquiry)
    driver.session_state["of-offered"] = offered
    ask(driver, "offered", inquiry).button(key="of-save").click().run()
    if offered is Instead.WISH:
        driver.text_input(key="ws-line").set_value("Felgen, 17")
        driver.button(key="ws-save").click().run()
    else:
        driver.text_input(key="cb-phone").set_value("0664 123 45 67")
        driver.button(key="cb-save").click().run()
    assert not driver.exception
    assert only_inquiry(opened).state == "open"
    closing.close_inquiry(opened, sandra, inquiry, CloseReason.DEALT_WITH)
    assert (only_inquiry(opened).state, noted(opened, sandra, inquiry).offered) == ("closed", kept)


def test_closing_as_dealt_with_asks_what_was_offered(opened: Shop, sandra: Actor, inquiry: int) -> None:
    wrap_ups.note_reason(opened, sandra, inquiry, reason(opened, "Ist es auf Lager?"))
    driver = choose_to_close(opened, sandra, inquiry, CloseReason.DEALT_WITH)
    assert (driver.session_state["theke/asked"], troubles(driver)) == (("offered", (inquiry,)), "")
    assert only_inquiry(opened).state == "open"


@pytest.mark.parametrize("state", [InquiryState.MACHINE, InquiryState.EARLIER])
def test_nothing_is_asked_of_what_figures_do_not_know(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int, state: InquiryState
) -> None:
    with opened.store.write() as tx:
        tx.run("UPDATE inquiry SET state = $state", {"state": state})
    assert TITLE not in spoken(screen(sandra, "gespraech", anfrage=str(inquiry)))


def test_a_reason_that_was_taken_off_is_still_told_where_it_was_noted(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    gone = reason(opened, "Habt ihr offen?")
    wrap_ups.note_reason(opened, sandra, inquiry, gone)
    with opened.store.write() as tx:
        tx.run("UPDATE reason SET active = false WHERE id = $id", {"id": gone})
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    assert widget(driver, "selectbox", "reason", inquiry).value == str(gone)


def test_a_complaint_is_marked_described_and_solved(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    widget(driver, "toggle", "complaint", inquiry).set_value(True).run()
    widget(driver, "button", "more", inquiry).click().run()
    driver.text_input(key="be-cause").set_value("Kratzer ![](http://x)")
    driver.text_input(key="be-cost").set_value("1.200")
    driver.button_group(key="be-lost").set_value("no")
    driver.button(key="be-save").click().run()
    assert "Kratzer ![](http://x), € 1.200,00, Kunde bleibt" in [text.value for text in driver.text]
    widget(driver, "button", "solved", inquiry).click().run()
    assert "Gelöst: 10:42" in spoken(driver)
    kept = wrap_ups.read_complaint(opened, sandra, inquiry)
    assert kept is not None
    assert (kept.cost_cents, kept.lost, kept.solved_at) == (120_000, False, opened.now())


def test_costs_that_are_no_amount_are_explained(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    wrap_ups.mark_complaint(opened, sandra, inquiry)
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "complaint", inquiry)
    driver.text_input(key="be-cause").set_value("Kratzer")
    driver.text_input(key="be-cost").set_value("viel")
    driver.button(key="be-save").click().run()
    assert "als Zahl, zum Beispiel 25" in troubles(driver)
    kept = wrap_ups.read_complaint(opened, sandra, inquiry)
    assert kept is not None
    assert kept.cause == ""


def test_a_described_complaint_does_not_vanish_by_one_tap(
    screen: Open, opened: Shop, sandra: Actor, inquiry: int
) -> None:
    words: Any = {"cause": "Kratzer", "cost_cents": 0, "solution": "", "lost": None}
    wrap_ups.describe_complaint(opened, sandra, inquiry, **words)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry))
    widget(driver, "toggle", "complaint", inquiry).set_value(False).run()
    assert "schon etwas festgehalten" in troubles(driver)
    assert widget(driver, "toggle", "complaint", inquiry).value
    driver = ask(driver, "complaint", inquiry)
    driver.button(key="be-out").click().run()
    assert wrap_ups.read_complaint(opened, sandra, inquiry) is None


def test_praise_is_passed_on_by_one_tap(screen: Open, opened: Shop, amir: Actor, inquiry: int) -> None:
    driver = screen(amir, "gespraech", anfrage=str(inquiry))
    widget(driver, "toggle", "praise", inquiry).set_value(True).run()
    widget(driver, "button", "passed", inquiry).click().run()
    assert "An das Team weitergegeben: 10:42" in spoken(driver)
    widget(driver, "toggle", "praise", inquiry).set_value(False).run()
    assert wrap_ups.read_noted(opened, amir, inquiry).praise is None


def test_a_booking_that_is_done_asks_in_its_drawer(
    screen: Open, opened: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    open_garage(opened)
    booking = book(opened, at(24, 9))
    clock.now = at(24, 10)
    driver = ask(screen(sandra, "kalender"), "booking", booking.id)
    assert not widget(driver, "button_group", "reason", booking.inquiry_id, "t")
    driver.button(key="t-done").click().run()
    tyres = str(reason(opened, "Termin vereinbaren"))
    widget(driver, "button_group", "reason", booking.inquiry_id, "t").set_value(tyres).run()
    assert noted(opened, sandra, booking.inquiry_id).reason_id == int(tyres)


def test_the_drawer_of_a_booking_whose_conversation_was_put_aside_asks_nothing(
    screen: Open, opened: Shop, sandra: Actor, clock: FrozenClock
) -> None:
    open_garage(opened)
    booking = book(opened, at(24, 9))
    clock.now = at(24, 10)
    mark_booking(opened, sandra, booking.id, BookingState.DONE)
    closing.dismiss_inquiry(opened, sandra, booking.inquiry_id, always=False)
    driver = ask(screen(sandra, "kalender"), "booking", booking.id)
    assert TITLE not in spoken(driver)
    assert not driver.error
    assert "Verlauf" in spoken(driver)


def test_the_template_behind_a_reply_is_kept_with_it(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    template = list_templates(opened, sandra)[0].id

    def script(inquiry_id: int, template_id: int) -> None:
        import streamlit as st

        from pages.parts import reply_box, state
        from services.inquiries import require_inquiry
        from services.shop import the_shop

        state.chosen_template(inquiry_id, template_id)
        seen = require_inquiry(the_shop().store, inquiry_id).version
        sent = {"body": "Ja.", "subject": "", "cc": "", "seen_version": seen, "form_key": "f", "close": False}
        st.session_state["reply"] = type("Sent", (), {"send": sent})()
        reply_box._send(inquiry_id)

    driver = AppTest.from_function(script, args=(inquiry, template), default_timeout=30)
    driver.user = dict(screen(sandra, "heute").user)
    driver.run()
    assert not driver.exception
    assert opened.store.read("SELECT template_id FROM outbox") == [(template,)]


@pytest.fixture
def settings(screen: Open, sandra: Actor) -> AppTest:
    return screen(sandra, "einstellungen").segmented_control(key="teil").select("auswertung").run()


def test_the_owner_adds_and_changes_a_reason(settings: AppTest, opened: Shop) -> None:
    driver = ask(settings, "reason")
    driver.text_input(key="gr-neu-name").set_value("Ist ein Leihwagen frei?")
    driver.selectbox(key="gr-neu-intent").set_value(Intent.AVAILABILITY)
    driver.selectbox(key="gr-neu-minutes").set_value(3)
    driver.button(key="gr-neu-save").click().run()
    added = list_reasons(opened.store)[-1]
    assert (added.name, added.intent, added.minutes) == ("Ist ein Leihwagen frei?", Intent.AVAILABILITY, 3)
    driver = ask(driver, "reason", added.id)
    driver.text_input(key=f"gr-{added.id}-name").set_value("Leihwagen")
    driver.button(key=f"gr-{added.id}-save").click().run()
    assert list_reasons(opened.store)[-1].name == "Leihwagen"


def test_a_reason_is_taken_off_in_its_dialog(settings: AppTest, opened: Shop) -> None:
    gone = reason(opened, "Habt ihr offen?")
    driver = ask(settings, "reason", gone)
    driver.button(key=f"gr-{gone}-out").click().run()
    assert gone not in [one.id for one in list_reasons(opened.store)]
    assert "Von der Liste genommen" in toasts(driver)


def test_a_reason_without_a_name_is_refused_in_words(settings: AppTest) -> None:
    driver = ask(settings, "reason")
    driver.button(key="gr-neu-save").click().run()
    assert "Name fehlt noch" in troubles(driver)


def test_the_assumptions_are_kept_as_people_write_them(settings: AppTest, opened: Shop) -> None:
    settings.text_input(key="e-hour").set_value("42,50 €")
    settings.text_input(key="e-missed").set_value("1.200")
    settings.selectbox(key="e-template").set_value(5)
    settings.button(key="e-save-figures").click().run()
    kept = shop_settings(opened.store)
    assert (kept.hourly_rate_cents, kept.missed_visit_cents, kept.template_minutes) == (4250, 120_000, 5)


@pytest.mark.parametrize(("typed", "sentence"), [("viel", "als Zahl"), ("900000", "kann nicht stimmen")])
def test_an_assumption_that_cannot_be_is_explained(settings: AppTest, opened: Shop, typed: str, sentence: str) -> None:
    settings.text_input(key="e-hour").set_value(typed)
    settings.button(key="e-save-figures").click().run()
    assert sentence in troubles(settings)
    assert shop_settings(opened.store).hourly_rate_cents == 3500


def test_a_swiss_shop_is_asked_in_francs(screen: Open, opened: Shop, sandra: Actor, inquiry: int) -> None:
    with opened.store.write() as tx:
        put_settings(tx, {"country": "CH", "region": ""}, opened.now())
    driver = ask(screen(sandra, "gespraech", anfrage=str(inquiry)), "complaint", inquiry)
    assert driver.text_input(key="be-cost").label == "Kosten in CHF"
