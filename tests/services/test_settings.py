from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import data.mails
from data.records import Actor, Bookmark, Closure, MailAccount, MailFolder, MailServer, OpeningHours, StaffRole
from services.errors import InvalidInputError, NotAllowedError
from services.intake import mailbox_name
from services.rules.holiday_calendar import regions_of
from services.settings import (
    COUNTRIES,
    account_from_json,
    account_to_json,
    add_closure,
    choose_sent_folder,
    connect_mail,
    disconnect_mail,
    drop_closure,
    holidays_for,
    is_set_up,
    mail_account,
    save_settings,
    shop_settings,
)
from services.shop import Shop
from services.typed import one_line, phone_line
from tests.builders import MONDAY, account

OWNER = Actor(1, "Sandra Kofler", StaffRole.OWNER, "de", "s" * 64)
AMIR = Actor(2, "Amir Haddad", StaffRole.STAFF, "de", "a" * 64)
CLOSED: tuple[tuple[int, int], ...] = ()


def hours(*days: tuple[tuple[int, int], ...], closures: tuple[Closure, ...] = ()) -> OpeningHours:
    return OpeningHours("Europe/Vienna", days + (CLOSED,) * (7 - len(days)), closures)


def keep_bookmark(shop: Shop, mailbox: MailAccount) -> Bookmark:
    """The inbox of a mailbox, read up to its 99th mail."""
    bookmark = Bookmark(MailFolder.INBOX, 1, 99, MONDAY)
    with shop.store.write() as tx:
        data.mails.move_bookmark(tx, mailbox_name(mailbox), bookmark)
    return bookmark


def test_an_empty_shop_has_the_usual_settings_of_austria(shop: Shop) -> None:
    kept = shop_settings(shop.store)
    assert (kept.country, kept.hours.zone, kept.answer_goal_minutes) == ("AT", "Europe/Vienna", 240)
    assert kept.hours.week[0] == ((480, 720), (780, 1080))
    assert kept.hours.week[5] == CLOSED
    assert not is_set_up(shop.store)


def test_what_is_saved_comes_back_as_it_was(shop: Shop) -> None:
    days = ((450, 720), (780, 1440)), CLOSED, ((0, 1440),)
    holiday = Closure(date(2026, 12, 24), date(2026, 12, 26), "Weihnachten", ((480, 720),))
    save_settings(shop, OWNER, name="Żółć & Söhne", hours=hours(*days, closures=(holiday,)), closed_on_holidays=False)
    kept = shop_settings(shop.store)
    assert kept.name == "Żółć & Söhne"
    assert kept.hours == hours(*days, closures=(holiday,))
    assert not kept.closed_on_holidays


def test_only_an_owner_changes_settings(shop: Shop) -> None:
    with pytest.raises(NotAllowedError):
        save_settings(shop, AMIR, name="Meins")
    assert shop_settings(shop.store).name == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"name": "x" * 121},
        {"country": "FR"},
        {"region": "ZZ"},
        {"country": "DE", "region": "6"},
        {"trade": "bank"},
        {"answer_goal_minutes": 0},
        {"answer_goal_minutes": "240"},
        {"hours": hours(((720, 480),))},
        {"hours": hours(((480, 720), (700, 800)))},
        {"hours": hours(((480, 1441),))},
        {"hours": OpeningHours("Europe/Vienna", ())},
        {"hours": OpeningHours("Europe/Nowhere", (CLOSED,) * 7)},
        {"hours": hours(closures=(Closure(date(2026, 2, 2), date(2026, 2, 1), "x"),))},
        {"public_url": "javascript:alert(1)"},
        {"public_url": "http://[::1"},
        {"trusted_proxies": "localhost"},
        {"language": "xx"},
        {"legal_footer": "x" * 1001},
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_kept(shop: Shop, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        save_settings(shop, OWNER, phone="1", **wrong)
    assert shop_settings(shop.store).phone == ""


def test_a_setting_nobody_knows_is_a_mistake_of_ours(shop: Shop) -> None:
    with pytest.raises(TypeError):
        save_settings(shop, OWNER, colour="red")


def test_another_country_brings_its_zone_and_keeps_the_hours(shop: Shop) -> None:
    save_settings(shop, OWNER, hours=hours(((480, 720),)))
    save_settings(shop, OWNER, country="CH", region="ZH")
    assert shop_settings(shop.store).hours == replace(hours(((480, 720),)), zone="Europe/Zurich")


def test_a_region_of_the_old_country_does_not_survive_a_new_one(shop: Shop) -> None:
    save_settings(shop, OWNER, region="6")
    with pytest.raises(InvalidInputError):
        save_settings(shop, OWNER, country="DE")


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_land_and_canton_has_holidays(country: str) -> None:
    for region, _ in regions_of(country):
        kept = replace(shop_settings(EMPTY), country=country, region=region)
        assert date(2027, 1, 1) in holidays_for(kept, date(2026, 11, 23))


def test_holidays_reach_far_enough_for_a_goal_over_new_year(shop: Shop) -> None:
    days = holidays_for(shop_settings(shop.store), date(2026, 12, 31))
    assert {date(2025, 12, 25), date(2028, 1, 6)} <= days


def test_a_shop_that_opens_on_holidays_has_none(shop: Shop) -> None:
    save_settings(shop, OWNER, closed_on_holidays=False)
    assert holidays_for(shop_settings(shop.store), MONDAY.date()) == frozenset()


def test_the_mailbox_comes_back_and_its_password_lies_in_the_secrets_only(shop: Shop) -> None:
    connect_mail(shop, OWNER, account(), "geheim-7")
    assert mail_account(shop.store) == account()
    assert shop.secrets.get("mail_password") == "geheim-7"
    assert all("geheim-7" not in str(row) for row in shop.store.read("SELECT value FROM setting"))


def test_a_new_password_for_the_same_mailbox_keeps_the_moment_it_was_connected(shop: Shop) -> None:
    connect_mail(shop, OWNER, account(MONDAY), "alt")
    connect_mail(shop, OWNER, account(shop.clock.forward(days=9)), "neu")
    assert mail_account(shop.store).connected_at == MONDAY


def test_another_mailbox_is_read_from_its_own_beginning(shop: Shop) -> None:
    other = replace(account(MONDAY), address="neu@kfz.example", user="neu")
    connect_mail(shop, OWNER, account(MONDAY), "x")
    keep_bookmark(shop, account())
    connect_mail(shop, OWNER, other, "y")
    assert data.mails.read_bookmark(shop.store, mailbox_name(other), MailFolder.INBOX) is None


def test_a_mailbox_that_was_disconnected_comes_back_as_if_it_had_never_gone(shop: Shop) -> None:
    connect_mail(shop, OWNER, account(MONDAY), "x")
    kept = keep_bookmark(shop, account())
    disconnect_mail(shop, OWNER)
    again = account(shop.clock.forward(days=3))
    connect_mail(shop, OWNER, replace(again, address=again.address.upper()), "x")
    assert mail_account(shop.store).connected_at == MONDAY
    assert data.mails.read_bookmark(shop.store, mailbox_name(again), MailFolder.INBOX) == kept


@pytest.mark.parametrize("leave", [True, False])
def test_the_way_over_another_mailbox_loses_nobody_who_wrote_meanwhile(shop: Shop, leave: bool) -> None:
    connect_mail(shop, OWNER, account(MONDAY), "x")
    if leave:
        disconnect_mail(shop, OWNER)
    tuesday = shop.clock.forward(days=1)
    connect_mail(shop, OWNER, replace(account(tuesday), address="neu@kfz.example", user="neu"), "y")
    assert mail_account(shop.store).connected_at == tuesday
    connect_mail(shop, OWNER, account(shop.clock.forward(days=1)), "x")
    assert mail_account(shop.store).connected_at == MONDAY


def test_the_same_address_on_another_server_is_another_mailbox(shop: Shop) -> None:
    connect_mail(shop, OWNER, account(MONDAY), "x")
    disconnect_mail(shop, OWNER)
    moved = replace(account(shop.clock.forward(days=1)), imap=MailServer("imap.neu.example", 993, "ssl"))
    connect_mail(shop, OWNER, moved, "x")
    assert mail_account(shop.store).connected_at == shop.now()


def test_a_disconnected_mailbox_is_forgotten_with_its_password(shop: Shop) -> None:
    connect_mail(shop, OWNER, account(), "geheim-7")
    disconnect_mail(shop, OWNER)
    assert mail_account(shop.store) is None
    assert shop.secrets.get("mail_password") == ""


def test_only_an_owner_connects_a_mailbox(shop: Shop) -> None:
    for work in (lambda: connect_mail(shop, AMIR, account(), "x"), lambda: disconnect_mail(shop, AMIR)):
        with pytest.raises(NotAllowedError):
            work()
    assert shop.secrets.get("mail_password") == ""


def test_a_moment_without_zone_never_enters_the_store() -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001 that is the mistake
    with pytest.raises(ValueError, match="zone"):
        account_to_json(account(naive))


def test_a_mailbox_survives_being_written_as_text() -> None:
    assert account_from_json(account_to_json(account())) == account()


@given(st.text(st.characters(exclude_categories=())))
@hypothesis_settings(deadline=None, max_examples=200)
def test_a_line_is_one_line_and_cleaning_it_again_changes_nothing(text: str) -> None:
    line = one_line(text)
    assert line == one_line(line)
    assert line.splitlines() in ([], [line])
    assert line.encode().decode() == line


def test_a_line_keeps_joined_emoji_and_drops_what_turns_it_around() -> None:
    assert one_line("👩\u200d🔧 Anna\u202e\x07\n Muster ") == "👩\u200d🔧 Anna Muster"


class Empty:
    """A reader of an empty store."""

    def read(self, sql: str, params: object = None) -> list[tuple[object, ...]]:
        return []


EMPTY = Empty()


@pytest.mark.parametrize("number", ["", "0512 555 870", "+43 (0) 512 / 555870-12", "0512 555 870 DW 12", "04212 23456"])
def test_a_phone_number_is_kept_as_written(number: str) -> None:
    assert phone_line(number) == number


@pytest.mark.parametrize("text", ["kein Telefon 😀", "abc", "0", "12/34", "<b>0512 555870</b>", "0512 555 oder 0664"])
def test_what_nobody_can_dial_is_no_phone_number(text: str) -> None:
    with pytest.raises(InvalidInputError, match="Telefonnummer"):
        phone_line(text)


HOLIDAY = Closure(date(2026, 12, 24), date(2026, 12, 26), "Weihnachten", ())


def test_a_day_that_differs_is_kept_in_order_and_dropped_again(shop: Shop) -> None:
    earlier = Closure(date(2026, 12, 8), date(2026, 12, 8), "Fest", ((480, 720),))
    add_closure(shop, OWNER, HOLIDAY)
    add_closure(shop, OWNER, earlier)
    assert shop_settings(shop.store).hours.closures == (earlier, HOLIDAY)
    drop_closure(shop, OWNER, earlier)
    assert shop_settings(shop.store).hours.closures == (HOLIDAY,)


def test_the_same_days_twice_are_refused(shop: Shop) -> None:
    add_closure(shop, OWNER, HOLIDAY)
    with pytest.raises(InvalidInputError, match="stehen schon da"):
        add_closure(shop, OWNER, replace(HOLIDAY, label="noch einmal"))
    assert shop_settings(shop.store).hours.closures == (HOLIDAY,)


def test_only_an_owner_changes_days_and_folders(shop: Shop) -> None:
    connect_mail(shop, OWNER, account(MONDAY), "x")
    for work in (
        lambda: add_closure(shop, AMIR, HOLIDAY),
        lambda: drop_closure(shop, AMIR, HOLIDAY),
        lambda: choose_sent_folder(shop, AMIR, "Ablage"),
    ):
        with pytest.raises(NotAllowedError):
            work()
    assert shop_settings(shop.store).hours.closures == ()


def test_the_folder_for_sent_mail_is_chosen_afterwards(shop: Shop) -> None:
    connect_mail(shop, OWNER, account(MONDAY), "geheim")
    choose_sent_folder(shop, OWNER, "Hinausgegangen")
    assert mail_account(shop.store) == replace(account(MONDAY), sent_folder="Hinausgegangen")
    assert shop.secrets.get("mail_password") == "geheim"
