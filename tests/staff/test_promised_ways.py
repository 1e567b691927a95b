"""Channels in use, a pasted chat, «Fertig zur Abholung», ideas and what came otherwise, as people tap them."""

from __future__ import annotations

from data.booking_records import BookingState
from data.records import Actor, Channel, CloseReason
from services import closing, ideas, noting, pasted, wrap_ups
from services.bookings import mark_booking
from services.channels import CHANNELS, save_channels
from services.inquiry_form import ask as ask_by_form
from services.own_inquiries import add_to_inquiry
from services.ready import read_ready
from services.settings import put_settings
from services.shop import Shop
from tests.bookable import at, book, open_garage
from tests.builders import FrozenClock, letter, only_inquiry, receive
from tests.services.test_inquiry_form import form
from tests.services.test_wrap_ups import insert_availability
from tests.staff.conftest import Open, ask, spoken
from tests.staff.test_ways_on import troubles
from tests.staff.test_wrap_up import widget

CHAT = """[23.11.26, 08:29:00] Maria Hofer: \u200eBild weggelassen
[23.11.26, 08:30:00] Maria Hofer: Ist er fertig?
[23.11.26, 08:31:00] Kfz Muster: Um drei"""


def channels_in_sight(screen: Open, person: Actor) -> tuple[set[str], set[str]]:
    """What the filter of Anfragen and the drawer «Notieren» offer."""
    driver = ask(screen(person, "anfragen"), "note")
    listed = next(box for box in driver.selectbox if box.key == "kanal")
    noted = driver.segmented_control(key="note-channel")
    return set(listed.options), set(noted.options)


def test_a_channel_switched_off_is_gone_from_every_choice(screen: Open, opened: Shop, sandra: Actor) -> None:
    listed, noted = channels_in_sight(screen, sandra)
    assert {"WhatsApp", "Online-Bewertung", "Website", "E-Mail"} <= listed
    assert {"WhatsApp", "Online-Bewertung", "Website"} <= noted
    driver = screen(sandra, "einstellungen")
    driver.toggle(key="e-ch-chat-True").set_value(False)
    driver.button(key="e-save-channels").click().run()
    listed, noted = channels_in_sight(screen, sandra)
    assert "WhatsApp" not in listed | noted
    assert "Online-Bewertung" in listed & noted


def test_an_inquiry_of_a_channel_that_is_off_keeps_its_word(screen: Open, opened: Shop, sandra: Actor) -> None:
    noting.note_contact(
        opened,
        sandra,
        who="Maria",
        need="Foto",
        reach="",
        channel=Channel.CHAT,
        outcome=noting.Outcome.MESSAGE,
    )
    save_channels(opened, sandra, [one for one in CHANNELS if one is not Channel.CHAT])
    driver = screen(sandra, "gespraech", anfrage=str(only_inquiry(opened).id))
    assert not driver.exception
    assert not screen(sandra, "anfragen", kanal="chat").exception


def test_a_pasted_chat_shows_what_it_is_before_it_is_saved(screen: Open, opened: Shop, sandra: Actor) -> None:
    with opened.store.write() as tx:
        put_settings(tx, {"name": "Kfz Muster"}, opened.now())
    driver = ask(screen(sandra, "heute"), "note")
    driver.segmented_control(key="note-channel").select(Channel.CHAT)
    driver.text_area(key="note-need").set_value(CHAT)
    driver = ask(driver, "note")
    assert "Als Chat erkannt: 3 Nachrichten" in spoken(driver)
    assert "Maria Hofer · heute, 08:29 · (Bild)" in spoken(driver)
    assert driver.segmented_control(key="note-customer").value == "Maria Hofer"
    driver.button(key="note-save").click().run()
    inquiry = only_inquiry(opened)
    assert (inquiry.channel, inquiry.waiting_since, inquiry.first_response_at) == (Channel.CHAT, None, at(23, 8, 31))
    assert inquiry.subject == "Ist er fertig?"


def test_a_settled_chat_is_kept_and_asks_what_was_offered_where_nothing_was(
    screen: Open, opened: Shop, sandra: Actor
) -> None:
    said = "[23.11.26, 08:30:00] Maria Hofer: Ist er da?"
    inquiry = pasted.note_chat(opened, sandra, said, customer="Maria Hofer")
    wrap_ups.note_reason(opened, sandra, inquiry, insert_availability(opened))
    driver = ask(screen(sandra, "heute"), "note")
    driver.segmented_control(key="note-channel").select(Channel.CHAT)
    driver.text_area(key="note-need").set_value(f"{said}\n[23.11.26, 08:40:00] Maria Hofer: Hallo?")
    driver = ask(driver, "note")
    driver.segmented_control(key="note-settled").select(True)
    driver.button(key="note-save").click().run()
    assert (only_inquiry(opened).state, only_inquiry(opened).contacts_waiting) == ("open", 2)
    assert driver.pills(key="of-offered").label == "Was haben wir angeboten?"


def test_ready_in_two_taps_from_the_conversation(screen: Open, opened: Shop, sandra: Actor) -> None:
    receive(opened, letter("Ist mein Auto fertig?"))
    inquiry = only_inquiry(opened)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry.id))
    driver.button(key="s-ready").click().run()
    driver.text_input(key="rd-preis").set_value("120")
    driver = ask(driver, "ready", inquiry.id)
    assert "Gesamtpreis: € 120,00 inkl. USt." in spoken(driver)
    driver.button(key="rd-save").click().run()
    assert not driver.exception
    assert read_ready(opened, sandra, inquiry.id).told


def test_ready_in_one_tap_on_the_booking(screen: Open, opened: Shop, sandra: Actor, clock: FrozenClock) -> None:
    open_garage(opened)
    job = book(opened, at(23, 14))
    clock.now = at(23, 15)
    mark_booking(opened, sandra, job.id, BookingState.DONE)
    driver = ask(screen(sandra, "kalender"), "booking", job.id)
    driver.button(key="t-ready").click().run()
    assert not driver.exception
    told = read_ready(opened, sandra, job.inquiry_id, job.id).told
    assert told is not None
    assert told.is_queued


def test_an_idea_is_decided_and_ticked_off(screen: Open, opened: Shop, sandra: Actor) -> None:
    receive(opened, letter("Eine Klingel wäre gut."))
    inquiry = only_inquiry(opened)
    idea = ideas.mark_idea(opened, sandra, inquiry.id)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry.id))
    driver.button(key=f"idea-no-{idea}").click().run()
    driver.text_area(key="id-why").set_value("Es gibt schon eine")
    driver.button(key="id-save").click().run()
    assert "Machen wir nicht: Es gibt schon eine" in spoken(driver)
    driver.button(key=f"idea-told-{idea}").click().run()
    assert "Kunde informiert:" in spoken(driver)
    closing.close_inquiry(opened, sandra, inquiry.id, CloseReason.DOUBLE)


def test_otherwise_asks_for_one_line(screen: Open, opened: Shop, sandra: Actor) -> None:
    receive(opened, letter())
    inquiry = only_inquiry(opened)
    noting.log_call(opened, sandra, inquiry.id, reached=True)
    closing.close_inquiry(opened, sandra, inquiry.id, CloseReason.ANSWERED)
    driver = screen(sandra, "gespraech", anfrage=str(inquiry.id))
    widget(driver, "button_group", "kept", inquiry.id).set_value("otherwise").run()
    line = widget(driver, "text_input", "deal-delivered", inquiry.id)
    assert line.label == "Was kam stattdessen?"
    line.set_value("Leihwagen statt Reparatur").run()
    driver.button(key=str(widget(driver, "button", "deal-wished", inquiry.id).key)).click().run()
    known = wrap_ups.read_wrap_up(opened, sandra, inquiry.id)
    assert (known.promise_kept, known.otherwise) == (False, True)
    assert (known.wished, known.delivered) == ("Guten Tag, wann ist mein Golf fertig?", "Leihwagen statt Reparatur")
    assert not troubles(driver)


def test_an_idea_that_nobody_has_decided_stands_on_heute(screen: Open, opened: Shop, sandra: Actor) -> None:
    page = ask_by_form(opened, form(name="Maria Huber"))
    add_to_inquiry(opened, page.secret, "Öffnen Sie doch samstags.", idea=True)
    links = [str(link.proto) for link in screen(sandra, "heute").get("page_link")]
    assert any("1 Idee vom Kunden ist zu entscheiden" in link and str(page.inquiry_id) in link for link in links)


def test_the_promised_answer_stands_on_the_card_until_it_was_given(screen: Open, opened: Shop, sandra: Actor) -> None:
    page = ask_by_form(opened, form(name="Maria Huber"))
    driver = screen(sandra, "gespraech", anfrage=str(page.inquiry_id))
    assert "Antwort zugesagt bis" in spoken(driver)
    noting.log_call(opened, sandra, page.inquiry_id, reached=True)
    assert "Antwort zugesagt bis" not in spoken(driver.run())
