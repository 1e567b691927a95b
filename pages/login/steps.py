"""The first three steps of the set-up: the shop, its hours, the people."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from data.records import StaffRole
from pages.catalogues import translator
from pages.login.forms import Form, read_fields
from pages.login.render import see_other, show
from pages.login.set_up import Visit, posted_here, sentences, step_address, step_token
from services.errors import InvalidInputError
from services.rules.holiday_calendar import regions_of
from services.rules.hours_text import parse_intervals, show_intervals
from services.settings import COUNTRIES, TRADES
from services.setup import USUAL_WEEK, read_progress, save_hours, save_people, save_shop
from services.shop import Shop
from services.staff import NewPerson, choose_pin
from services.typed import needed_line, phone_line, short_line

MOST_OTHERS = 5
GOALS = (60, 120, 240, 480, 960)
_DAYS = tuple(f"tag{day}" for day in range(7))
_LONGEST_DAY = 100
_SHOP_FIELDS = ("name", "strasse", "ort", "telefon", "art", "region")


def show_shop(shop: Shop, request: Request, visit: Visit) -> Response:
    """First step: the shop, empty or as it was kept."""
    progress = read_progress(shop.store)
    kept = progress.settings
    known = (kept.name, kept.street, kept.town, kept.phone, kept.trade, f"{kept.country}-{kept.region}")
    fields = dict(zip(_SHOP_FIELDS, known, strict=True)) if progress.shop_known else {}
    return _shop_page(shop, visit, Form(fields))


def keep_shop(shop: Shop, request: Request, visit: Visit) -> Response:
    """First step, posted."""
    fields = read_fields(request)
    form = Form(fields)
    name = form.take("name", lambda text: needed_line(text, "Wie heißt Ihr Betrieb? Der Name fehlt noch."))
    street, town = form.take("strasse", short_line), form.take("ort", short_line)
    phone = form.take("telefon", _phone)
    trade, place = form.take("art", _trade), form.take("region", _place)
    if not posted_here(shop, visit, fields):
        return _shop_page(shop, visit, form, stale=True)
    if name is None or street is None or town is None or phone is None or trade is None or place is None:
        return _shop_page(shop, visit, form)
    country, region = place
    save_shop(shop, name=name, street=street, town=town, phone=phone, trade=trade, country=country, region=region)
    return see_other(step_address("zeiten"))


def show_hours(shop: Shop, request: Request, visit: Visit) -> Response:
    """Second step: opening hours, at first as they are usual in the trade, and the goal."""
    progress = read_progress(shop.store)
    week = progress.settings.hours.week if progress.hours_known else USUAL_WEEK[progress.settings.trade]
    said = translator(visit.language)
    fields = {name: show_intervals(day, said) for name, day in zip(_DAYS, week, strict=True)}
    fields["ziel"] = str(progress.settings.answer_goal_minutes)
    fields["feiertage"] = "1" if progress.settings.closed_on_holidays else ""
    return _hours_page(shop, visit, Form(fields))


def keep_hours(shop: Shop, request: Request, visit: Visit) -> Response:
    """Second step, posted."""
    fields = read_fields(request)
    form = Form(fields)
    week = tuple(form.take(name, _intervals) for name in _DAYS)
    goal = form.take("ziel", _goal)
    if not form.errors and not any(week):
        form.errors["tag0"] = InvalidInputError("Tragen Sie mindestens einen offenen Tag ein.")
    if not posted_here(shop, visit, fields):
        return _hours_page(shop, visit, form, stale=True)
    if form.errors or goal is None:
        return _hours_page(shop, visit, form)
    closed = form.text("feiertage") == "1"
    save_hours(shop, week=tuple(day or () for day in week), closed_on_holidays=closed, goal_minutes=goal)
    return see_other(step_address("team"))


@dataclass(frozen=True)
class PersonRow:
    """The two or three fields of one person, and whether their PIN is kept already."""

    name: str
    pin: str
    has_pin: bool


def show_team(shop: Shop, request: Request, visit: Visit) -> Response:
    """Third step: the owner, and who else works here; PINs are never shown again."""
    people = read_progress(shop.store).people
    fields = {f"name{index}": person.name for index, person in enumerate(people)}
    return _team_page(shop, visit, Form(fields | {"aufgabe": people[0].job_title if people else ""}))


def keep_team(shop: Shop, request: Request, visit: Visit) -> Response:
    """Third step, posted."""
    fields = read_fields(request)
    form = Form(fields)
    kept = read_progress(shop.store).people
    people = [_person(form, index, kept) for index in range(MOST_OTHERS + 1)]
    if not posted_here(shop, visit, fields):
        return _team_page(shop, visit, form, stale=True)
    if not form.errors:
        form.take("name0", lambda _: save_people(shop, [person for person in people if person]))
    return _team_page(shop, visit, form) if form.errors else see_other(step_address("postfach"))


def _person(form: Form, index: int, kept: tuple[NewPerson, ...]) -> NewPerson | None:
    role = StaffRole.STAFF if index else StaffRole.OWNER
    pin, known = form.text(f"pin{index}").strip(), kept[index].pin_hash if index < len(kept) else ""
    if index and not form.text(f"name{index}").strip() and not pin:
        return None
    sentence = "Zu dieser PIN fehlt der Name." if index else "Wie heißen Sie? Ihr Name fehlt noch."
    name = form.take(f"name{index}", lambda text: needed_line(text, sentence, 80))
    job = form.take("aufgabe", lambda text: short_line(text, 80)) if not index else ""
    if not pin and not known and not index:
        form.errors["pin0"] = InvalidInputError("Wählen Sie eine PIN mit mindestens sechs Ziffern.")
    pin_hash = form.take(f"pin{index}", lambda text: choose_pin(text, role)) if pin else known
    return NewPerson(name or "", role, pin_hash or "", job or "")


def _shop_page(shop: Shop, visit: Visit, form: Form, *, stale: bool = False) -> Response:
    places = [(country, regions_of(country)) for country in COUNTRIES]
    return _page(shop, visit, "set_up_shop.html", form, stale, places=places, trades=TRADES, folder=str(shop.folder))


def _hours_page(shop: Shop, visit: Visit, form: Form, *, stale: bool = False) -> Response:
    return _page(shop, visit, "set_up_hours.html", form, stale, days=_DAYS, goals=GOALS)


def _team_page(shop: Shop, visit: Visit, form: Form, *, stale: bool = False) -> Response:
    kept = read_progress(shop.store).people
    rows = [
        PersonRow(form.text(f"name{index}"), form.text(f"pin{index}"), index < len(kept) and bool(kept[index].pin_hash))
        for index in range(MOST_OTHERS + 1)
    ]
    return _page(shop, visit, "set_up_team.html", form, stale, rows=rows)


def _page(shop: Shop, visit: Visit, template: str, form: Form, stale: bool, **values: object) -> Response:
    return show(
        shop,
        template,
        language=visit.language,
        status=403 if stale else 422 if form.errors else 200,
        values=form.typed,
        errors={} if stale else sentences(visit, form),
        token=step_token(shop, visit),
        stale=stale,
        **values,
    )


def _phone(text: str) -> str:
    return phone_line(needed_line(text, "Unter welcher Nummer erreichen Kunden Sie?"))


def _trade(text: str) -> str:
    if text not in TRADES:
        raise InvalidInputError("Bitte wählen Sie, was für ein Betrieb es ist.")
    return text


def _place(text: str) -> tuple[str, str]:
    country, _, region = text.partition("-")
    if country not in COUNTRIES or region not in {code for code, _ in regions_of(country)}:
        raise InvalidInputError("Bitte wählen Sie das Bundesland oder den Kanton.")
    return country, region


def _intervals(text: str) -> tuple[tuple[int, int], ...]:
    try:
        return parse_intervals(short_line(text, _LONGEST_DAY))
    except ValueError as error:
        raise InvalidInputError(str(error)) from error


def _goal(text: str) -> int:
    if text not in map(str, GOALS):
        raise InvalidInputError("Bitte wählen Sie, bis wann Sie antworten wollen.")
    return int(text)
