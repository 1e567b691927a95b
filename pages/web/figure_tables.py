"""The numbers behind a chart as a table that a spreadsheet opens: for owners only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from babel import Locale
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.records import Actor, ShopSettings
from pages.catalogues import translator
from pages.login.internal import behind_gate
from pages.parts.chart_kinds import Cell, Table
from pages.parts.charts import Look
from pages.parts.plots import PLOTS
from pages.parts.words import Speech
from services.errors import InvalidInputError, NotFoundError
from services.reports import show_report
from services.rules.periods import Comparison, Period, read_period
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_owner

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARK = "\ufeff"  # by which Excel knows UTF-8


def send_table(shop: Shop, actor: Actor, request: Request) -> Response:
    """The table of a chart for the period of the address, as a download; NotFoundError for no chart of ours."""
    require_owner(actor)
    plot = PLOTS.get(request.path_params["chart"])
    if plot is None:
        raise NotFoundError()
    settings = shop_settings(shop.store)
    look = _look(shop, actor, settings)
    period, comparison = _asked(request, look)
    table = plot.table(show_report(shop, actor, period, comparison), look)
    name = f"theke-{plot.name}-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    content = written(table, settings.country)
    return Response(content.encode("utf-8"), media_type="text/csv; charset=utf-8", headers=headers)


def written(table: Table, country: str) -> str:
    """The table as CSV: semicolons, CRLF, a mark for UTF-8, dates as 23.11.2026, the decimal sign of the country.

    The country is the shop's, whatever language the person reads: the spreadsheet on its computer would take «2.9» for
    a day where numbers have a comma.
    """
    sign = "." if country == "CH" else ","
    lines = [table.head, *([_cell(cell, sign) for cell in row] for row in table.rows)]
    return _MARK + "".join(f"{_line(cells)}\r\n" for cells in lines)


def _line(cells: Iterable[str]) -> str:
    return ";".join(_quoted(cell) for cell in cells)


def _quoted(text: str) -> str:
    """In quotation marks where the sign between columns, a quotation mark or a new line is in it."""
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ';"\n\r') else text


def _cell(value: Cell, sign: str) -> str:
    """Numbers stay numbers; words that a spreadsheet would run as a formula get an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, int | float):
        return str(value).replace(".", sign)
    return f"'{value}" if value.startswith(_BEGINS_A_FORMULA) else value


def _look(shop: Shop, actor: Actor, settings: ShopSettings) -> Look:
    locale = Locale("en", "GB") if actor.language == "en" else Locale("de", settings.country or "AT")
    return Look(Speech(translator(actor.language), locale, ZoneInfo(settings.hours.zone), shop.now()), settings.country)


def _asked(request: Request, look: Look) -> tuple[Period, Comparison]:
    words = {name: request.query_params.get(name, "") for name in ("zeitraum", "von", "bis", "vergleich")}
    today = look.speech.now.astimezone(look.speech.zone).date()
    try:
        period = read_period(words["zeitraum"], words["von"], words["bis"], today)
        return period, Comparison(words["vergleich"] or Comparison.PREVIOUS)
    except ValueError as error:
        raise InvalidInputError() from error


TABLE_ROUTES = [
    Route("/intern/auswertung/{chart}.csv", behind_gate(send_table, changes=False), methods=["GET"]),
]
