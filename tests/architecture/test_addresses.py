"""One list of addresses: an own route silently wins over a page of its name, so none may collide."""

from __future__ import annotations

import re

from pages.login.backup_route import BACKUP_ROUTES
from pages.login.gate import PUBLIC_PREFIXES, STAFF_PAGES, is_within
from pages.login.internal import INTERNAL_ROUTES
from pages.login.routes import ROUTES
from pages.web.figure_tables import TABLE_ROUTES
from pages.web.fonts import FONT_ROUTES
from pages.web.health import WEB_ROUTES
from pages.web.personal_file import FILE_ROUTES
from pages.web.printing import PRINT_ROUTES
from tests.architecture.house import ROOT


def _pages() -> set[str]:
    return {f"/{f.stem}" for f in (ROOT / "pages/staff").glob("*.py") if f.stem != "__init__"}


def test_every_screen_has_its_address_and_stands_in_the_shell() -> None:
    shell = (ROOT / "pages/shell.py").read_text(encoding="utf-8")
    assert _pages() == set(STAFF_PAGES)
    assert {f"/{name}" for name in re.findall(r"staff/(\w+)\.py", shell)} == _pages()


def test_no_route_hides_a_screen() -> None:
    ours = [
        *ROUTES,
        *INTERNAL_ROUTES,
        *PRINT_ROUTES,
        *TABLE_ROUTES,
        *FILE_ROUTES,
        *BACKUP_ROUTES,
        *FONT_ROUTES,
        *WEB_ROUTES,
    ]
    paths = [route.path for route in ours]
    assert not [path for path in paths if is_within(path, STAFF_PAGES)]
    assert not [page for page in STAFF_PAGES if is_within(page, PUBLIC_PREFIXES)]


def test_every_screen_has_a_test() -> None:
    tests = "".join(f.read_text(encoding="utf-8") for f in (ROOT / "tests/staff").glob("test_*.py"))
    assert not [page for page in STAFF_PAGES if page.strip("/") not in tests]
