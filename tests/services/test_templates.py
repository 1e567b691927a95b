from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from data.records import (
    Actor,
    Channel,
    Closure,
    Customer,
    Inquiry,
    InquiryState,
    OpeningHours,
    ShopSettings,
    Staff,
    StaffRole,
    Template,
)
from services.agreed import agreed_values
from services.errors import InvalidInputError, NotFoundError
from services.rules.placeholders import broken_brace, unfilled
from services.rules.text_check import check_reply
from services.settings import put_settings
from services.setup import mark_set_up
from services.shop import Shop
from services.staff import require_staff
from services.template_texts import earlier_templates, starting_templates
from services.templates import (
    FilledTemplate,
    delete_template,
    fill_template,
    give_templates,
    known_values,
    list_templates,
    preview_template,
    require_template,
    sample_values,
    save_template,
    seed_templates,
    signature,
)
from tests.builders import KFZ_MUSTER, connect, hire, letter, only_inquiry, receive

NOW = datetime(2026, 11, 24, 8, 41, tzinfo=UTC)  # a Tuesday
ANNA = Staff(1, "Anna Muster", "Inhaberin", "", StaffRole.OWNER, "de", True)
ACTOR = Actor(1, "Anna Muster", StaffRole.STAFF, "de", "")
SHOP = replace(KFZ_MUSTER, legal_footer="FN 123456a, LG Graz\nUID ATU00000000")
HOURS = SHOP.hours
COUNTRIES = {
    "AT": SHOP,
    "DE": replace(SHOP, country="DE", region="BY"),
    "CH": replace(SHOP, country="CH", region="ZH"),
}


def customer(name: str = "Maria Huber", form: str = "sie") -> Customer:
    return Customer(5, name, "frau", "Mag.", form, "de", "", NOW)


def inquiry(subject: str = "AW: Mein Golf [#7]") -> Inquiry:
    nothing = dict.fromkeys(
        ("owner_id", "next_step_at", "snoozed_until_at", "merged_into", "waiting_since", "first_contact_at"), None
    )
    return Inquiry(
        id=7, customer_id=5, subject=subject, channel=Channel.MAIL, started_by="customer", next_step="",
        dismissed=False, created_at=NOW, state=InquiryState.OPEN, contacts_waiting=0, first_response_at=None,
        closed_at=None, close_reason="", reopened=0, last_message_at=NOW, snippet="", version=1, **nothing,
    )  # fmt: skip


def filled(
    body: str,
    *,
    subject: str = "",
    settings: ShopSettings = SHOP,
    to: Customer | None = None,
    about: str = "Mein Golf",
    now: datetime = NOW,
) -> FilledTemplate:
    template = Template(1, "", "x", subject, body, 1, True)
    return fill_template(
        template, customer=to or customer(), staff=ANNA, settings=settings, inquiry=inquiry(about), now=now
    )


def test_the_greeting_has_a_comma_but_not_in_switzerland() -> None:
    assert filled("{anrede}").body == "Guten Tag Frau Mag. Huber,"
    assert filled("{anrede}", settings=COUNTRIES["CH"]).body == "Guten Tag Frau Huber"


def test_what_the_shop_knows_is_filled_and_the_rest_waits_for_a_person() -> None:
    text = filled("{mitarbeiter}, {betrieb}, {strasse}, {ort}, {telefon}, {vorname} {nachname}: {preis}")
    expected = "Anna Muster, Kfz Muster, Musterstraße 12, 8010 Graz, 0316 00 12 34, Maria Huber: {preis}"
    assert (text.body, text.missing) == (expected, ("preis",))


def test_today_is_said_in_the_countrys_words() -> None:
    january = datetime(2027, 1, 4, 23, 30, tzinfo=UTC)  # already Tuesday in Vienna
    assert filled("{heute}", now=january).body == "Dienstag, 5. Jänner 2027"
    assert filled("{heute}", now=january, settings=COUNTRIES["DE"]).body == "Dienstag, 5. Januar 2027"


def test_todays_hours_are_told_and_on_a_closed_day_when_the_shop_opens_again() -> None:
    assert filled("{oeffnung_heute}").body == "8:00–12:00 und 13:00–18:00 Uhr"
    sunday, holiday = datetime(2026, 11, 29, 9, tzinfo=UTC), datetime(2026, 12, 8, 9, tzinfo=UTC)
    assert filled("{oeffnung_heute}", now=sunday).body == "geschlossen, wieder ab Montag, 8:00 Uhr"
    assert filled("{oeffnung_heute}", now=holiday).body == "geschlossen, wieder ab Mittwoch, 8:00 Uhr"
    open_then = replace(SHOP, closed_on_holidays=False)
    assert filled("{oeffnung_heute}", now=holiday, settings=open_then).body == "8:00–12:00 und 13:00–18:00 Uhr"


def test_an_opening_further_away_than_a_week_has_its_date() -> None:
    holidays = Closure(NOW.date(), date(2026, 12, 13), "Betriebsurlaub", ())
    shop = replace(SHOP, hours=replace(HOURS, closures=(holidays,)))
    assert filled("{oeffnung_heute}", settings=shop).body == "geschlossen, wieder ab Montag, 14. Dezember, 8:00 Uhr"


def test_a_shop_without_any_hours_leaves_no_hole_either() -> None:
    shop = replace(SHOP, hours=OpeningHours("Europe/Vienna", ((),) * 7, ()))
    assert filled("{oeffnung_heute}", settings=shop).body == "nach Vereinbarung"


def test_a_preview_reads_as_for_a_customer_and_keeps_what_a_person_has_to_say(shop: Shop) -> None:
    sandra = hire(shop, "Sandra Kofler")
    connect(shop)
    texts = {"subject": "{anliegen_kurz}", "body": "{anrede}\n\n{Ihr/Dein} Preis: {preis}, {nummer des kunden}"}
    formal = preview_template(shop, sandra, **texts, form_of_address="sie")
    assert formal.body.startswith("Guten Tag Frau Huber,\n\nIhr Preis: {preis}, 0664 ")
    assert formal.missing == ("preis",)
    assert "-- \nSandra Kofler" in formal.body
    assert "{" not in formal.subject
    familiar = preview_template(shop, sandra, **texts, form_of_address="du")
    assert familiar.body.startswith("Hallo Maria,\n\nDein Preis")


def test_a_sample_knows_every_value_that_a_reply_may_have(shop: Shop) -> None:
    connect(shop)
    receive(shop, letter())
    mail, sandra = only_inquiry(shop), require_staff(shop.store, hire(shop, "Sandra Kofler").staff_id)
    known = known_values(customer(), sandra, SHOP, "Mein Golf", NOW) | agreed_values(
        shop.store, mail, sandra, SHOP, NOW
    )
    of_wishes = {"artikel", "groesse", "farbe", "voraussichtlich", "reserviert_bis", "spätestens"}
    assert sample_values(sandra, SHOP, NOW, "sie").keys() == known.keys() | of_wishes
    assert all(sample_values(sandra, SHOP, NOW, "sie").values())


def test_a_closure_changes_what_is_told_about_today() -> None:
    half = Closure(NOW.date(), NOW.date(), "Inventur", ((480, 600),))
    shop = replace(SHOP, hours=replace(HOURS, closures=(half,)))
    assert filled("{oeffnung_heute}", settings=shop).body == "8:00–10:00 Uhr"


def test_the_matter_is_the_subject_without_prefixes_and_cut_between_words() -> None:
    assert filled("x", subject="{anliegen_kurz}: fertig", about="Re: AW: Mein Golf [#7]").subject == "Mein Golf: fertig"
    long = filled("x", subject="{anliegen_kurz}", about="Reifen " * 20).subject
    assert len(long) <= 62
    assert long.endswith("Reifen …")


def test_a_subject_that_looks_like_a_template_stays_text() -> None:
    text = filled("{anliegen_kurz}", about="{mitarbeiter} {Sie/Du}")
    assert text.body == "{mitarbeiter} {Sie/Du}"
    assert unfilled(text.body)


def test_swiss_spelling_is_for_our_words_and_not_for_names() -> None:
    text = filled("Große Freude, {nachname}", settings=COUNTRIES["CH"], to=customer("Maria Weiß"))
    assert text.body == "Grosse Freude, Weiß"


def test_the_signature_says_who_where_and_when() -> None:
    assert signature(ANNA, replace(SHOP, public_url="https://kfz.example/")) == (
        "-- \nAnna Muster, Inhaberin\nKfz Muster, Musterstraße 12, 8010 Graz\n"
        "Telefon 0316 00 12 34, Mo–Do 8:00–12:00 und 13:00–18:00 Uhr, Fr 7:30–13:00 Uhr\n"
        "FN 123456a, LG Graz\nUID ATU00000000\nDatenschutz: https://kfz.example/datenschutz"
    )


def test_the_signature_leaves_no_gaps_and_prefers_the_persons_own_phone() -> None:
    bare = replace(SHOP, street="", town="", phone="", legal_footer="")
    assert signature(replace(ANNA, job_title=""), bare) == "-- \nAnna Muster\nKfz Muster"
    assert "Telefon 0664 1," in signature(replace(ANNA, phone="0664 1"), SHOP)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("form", ["sie", "du"])
@pytest.mark.parametrize("code", [text.code for text in starting_templates("AT", "kfz")])
def test_every_template_is_sound_in_every_country_and_form(country: str, form: str, code: str) -> None:
    (text,) = [t for t in starting_templates(country, "kfz") if t.code == code]
    settings = COUNTRIES[country]
    done = filled(text.body, subject=text.subject, settings=settings, to=customer(form=form))
    assert done.missing  # a person always has something to add
    assert unfilled(done.subject) == ()
    assert not broken_brace(done.body)
    finished = done.body
    for place in unfilled(done.body):
        finished = finished.replace(place, "Freitag, 27. November")
    assert check_reply(finished, country=country, form_of_address=form) == []
    assert "Anna Muster" in finished
    assert SHOP.phone in finished
    assert "\n\n\n" not in finished


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_first_word_after_the_greeting_has_a_capital_in_every_country(country: str) -> None:
    for text in starting_templates(country, "mode"):
        first = filled(text.body, settings=COUNTRIES[country]).body.split("\n\n")[1]
        assert first.split()[0] in {"Sie", "Ihr", "Ihre", "Ihren"}


@pytest.mark.parametrize("trade", ["kfz", "mode", "salon", "anderes"])
def test_every_trade_names_what_is_ready(trade: str) -> None:
    bodies = "".join(text.body for text in starting_templates("AT", trade))
    assert "$" not in bodies
    assert ("Fahrzeug" in bodies) == (trade == "kfz")


def seed(shop: Shop) -> int:
    with shop.store.write() as tx:
        return seed_templates(tx, shop.now(), "AT", "kfz")


def test_a_new_shop_gets_the_shipped_templates_once(shop: Shop) -> None:
    assert (seed(shop), seed(shop)) == (10, 0)
    codes = [t.code for t in list_templates(shop, ACTOR)]
    assert codes == ["V2", "V6", "V8a", "V8b", "V9a", "V9b", "V10a", "V10b", "V12a", "V12b"]


def test_a_shop_from_before_a_template_was_shipped_is_given_it_once(shop: Shop) -> None:
    seed(shop)
    with shop.store.write() as tx:
        mark_set_up(tx, shop.now())
        tx.run("DELETE FROM template WHERE code IN ('V9a', 'V9b')")
    save_template(shop, ACTOR, None, name="Ware da", subject="", body="Unser eigener Text.")
    give_templates(shop.store)
    names = [template.name for template in list_templates(shop, ACTOR)]
    assert (names.count("Wunsch notiert"), names.count("Ware da")) == (1, 1)
    given = next(template for template in list_templates(shop, ACTOR) if template.code == "V9a")
    delete_template(shop, ACTOR, given.id)
    give_templates(shop.store)
    assert "V9a" not in {template.code for template in list_templates(shop, ACTOR)}


@pytest.mark.parametrize("country", ["AT", "CH"])
def test_a_template_that_nobody_changed_gets_its_new_words(shop: Shop, country: str) -> None:
    (old,) = earlier_templates(country, "kfz")
    with shop.store.write() as tx:
        mark_set_up(tx, shop.now())
        put_settings(tx, {"country": country, "trade": "kfz"}, shop.now())
        seed_templates(tx, shop.now(), country, "kfz")
    own = next(template for template in list_templates(shop, ACTOR) if template.code == old.code)
    for body, kept in ((old.body, own.body), (changed := f"{old.body}\nPS: Danke", changed)):
        save_template(shop, ACTOR, own.id, name=own.name, subject=own.subject, body=body)
        give_templates(shop.store)
        assert require_template(shop.store, own.id).body == kept
    assert own.body != old.body


def test_a_deleted_template_does_not_come_back(shop: Shop) -> None:
    seed(shop)
    first = list_templates(shop, ACTOR)[0]
    delete_template(shop, ACTOR, first.id)
    assert seed(shop) == 0
    assert first.id not in {t.id for t in list_templates(shop, ACTOR)}


def test_anybody_on_the_team_adds_and_changes_templates(shop: Shop) -> None:
    added = save_template(shop, ACTOR, None, name=" Mein  Text ", subject="", body="Hallo {vorname}\r\n")
    assert save_template(shop, ACTOR, added, name="Mein Text", subject="S", body="Neu") == added
    kept = require_template(shop.store, added)
    assert (kept.name, kept.subject, kept.body) == ("Mein Text", "S", "Neu")


@pytest.mark.parametrize(
    ("name", "subject", "body"),
    [("", "", "Text"), ("Name", "", " \n"), ("Name", "", "{offen"), ("Name", "zu}", "Text"), ("N" * 81, "", "Text")],
)
def test_a_template_that_cannot_work_is_refused(shop: Shop, name: str, subject: str, body: str) -> None:
    with pytest.raises(InvalidInputError):
        save_template(shop, ACTOR, None, name=name, subject=subject, body=body)
    assert list_templates(shop, ACTOR) == []


def test_what_somebody_else_deleted_is_said_to_be_gone(shop: Shop) -> None:
    seed(shop)
    gone = list_templates(shop, ACTOR)[0].id
    delete_template(shop, ACTOR, gone)
    with pytest.raises(NotFoundError):
        save_template(shop, ACTOR, gone, name="N", subject="", body="B")
    with pytest.raises(NotFoundError):
        delete_template(shop, ACTOR, gone)


def test_two_templates_of_one_name_are_refused_and_a_deleted_one_does_not_count(shop: Shop) -> None:
    first = save_template(shop, ACTOR, None, name="Reifen da", subject="", body="A")
    other = save_template(shop, ACTOR, None, name="Reifen bestellt", subject="", body="B")
    for template in (None, other):
        with pytest.raises(InvalidInputError, match="gibt es schon"):
            save_template(shop, ACTOR, template, name="reifen DA", subject="", body="C")
    assert save_template(shop, ACTOR, first, name="Reifen Da", subject="", body="D") == first
    delete_template(shop, ACTOR, first)
    assert save_template(shop, ACTOR, None, name="Reifen da", subject="", body="E")


def test_a_small_business_says_nothing_of_vat_and_leaves_no_gap() -> None:
    small = replace(SHOP, small_business=True)
    shown = filled("Gesamtpreis: {preis|€ 49,00} {steuer}\nDanke", settings=small)
    assert (shown.body, shown.missing) == ("Gesamtpreis: € 49,00\nDanke", ())
