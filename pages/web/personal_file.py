"""What is handed out as a file: one person's data, the list of all customers, the report of a list that was read in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.customer_imports import LineFate, ListedCustomer
from data.records import Actor
from pages.catalogues import translator
from pages.login.internal import address_id, behind_gate, download_headers
from pages.login.render import show
from pages.parts.chart_kinds import Cell, Table
from pages.web.figure_tables import written
from services.customer_import import all_customers, import_lines, require_import
from services.personal_file import give_personal_file
from services.settings import shop_settings
from services.shop import Shop
from services.typed import one_line

_HEADS = ("Name", "Anrede", "Titel", "Ansprache", "Sprache", "E-Mail", "Telefon", "Notiz", "Vorlieben")
_MORE_HEADS = ("Kontakt per", "Werbesperre", "Kunde seit")


def send_personal_page(shop: Shop, actor: Actor, request: Request) -> Response:
    """One person's data to be handed to them: a page without script that stands alone and can be printed."""
    made = give_personal_file(shop, actor, address_id(request.path_params["customer_id"]))
    page = show(shop, "personal_file.html", language="de", made=made, settings=shop_settings(shop.store))
    headers = download_headers(f"Auskunft {one_line(made.name)[:60]}.html")
    return Response(page.body, media_type="text/html; charset=utf-8", headers=headers)


def send_personal_data(shop: Shop, actor: Actor, request: Request) -> Response:
    """The same as JSON, to be taken along to another program (Art. 20)."""
    made = give_personal_file(shop, actor, address_id(request.path_params["customer_id"]))
    headers = download_headers(f"Auskunft {one_line(made.name)[:60]}.json")
    return Response(made.data.encode("utf-8", "replace"), media_type="application/json", headers=headers)


def send_customers(shop: Shop, actor: Actor, request: Request) -> Response:
    """All customers as a table that a spreadsheet opens and that can be read in again."""
    rows = [_customer_row(row) for row in all_customers(shop, actor)]
    return _table(shop, Table((*_HEADS, *_MORE_HEADS), rows), f"theke-kunden-{shop.now():%Y-%m-%d}.csv")


def send_report(shop: Shop, actor: Actor, request: Request) -> Response:
    """What became of each line of a list that was read in."""
    done = require_import(shop, actor, address_id(request.path_params["import_id"]))
    say = translator(actor.language)
    words = {
        LineFate.ADDED: say("neu"),
        LineFate.CHANGED: say("ergänzt"),
        LineFate.KNOWN: say("schon bekannt"),
        LineFate.REFUSED: say("nicht gelesen"),
    }
    lines = import_lines(shop, actor, done.id)
    rows: list[tuple[Cell, ...]] = [
        (line.line, words[line.fate], line.customer_name, say(line.problem) if line.problem else "") for line in lines
    ]
    head = (say("Zeile"), say("Ergebnis"), say("Kunde"), say("Grund"))
    return _table(shop, Table(head, rows), f"theke-einlesen-{done.imported_at:%Y-%m-%d}.csv")


def _customer_row(row: ListedCustomer) -> tuple[Cell, ...]:
    salutation = {"frau": "Frau", "herr": "Herr"}.get(row.salutation, "")
    form, language = "Du" if row.form_of_address == "du" else "Sie", "Englisch" if row.language == "en" else "Deutsch"
    way = {"mail": "E-Mail", "phone": "Telefon"}.get(row.preferred, "")
    told = (row.name, salutation, row.title, form, language, row.mails, row.phones, row.note, row.likes)
    return (*told, way, "ja" if row.no_ads else "", row.created_at.date())


def _table(shop: Shop, table: Table, name: str) -> Response:
    content = written(table, shop_settings(shop.store).country)
    headers = download_headers(name)
    return Response(content.encode("utf-8", "replace"), media_type="text/csv; charset=utf-8", headers=headers)


FILE_ROUTES = [
    Route("/intern/auskunft/{customer_id}.html", behind_gate(send_personal_page, changes=False), methods=["GET"]),
    Route("/intern/auskunft/{customer_id}.json", behind_gate(send_personal_data, changes=False), methods=["GET"]),
    Route("/intern/kunden.csv", behind_gate(send_customers, changes=False), methods=["GET"]),
    Route("/intern/einlesen/{import_id}.csv", behind_gate(send_report, changes=False), methods=["GET"]),
]
