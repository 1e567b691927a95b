"""Theke's process: settings → shop → one ASGI app with the staff's screens, the routes and the jobs."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from data.store import StoreBrokenError
from pages.catalogues import translator
from pages.login.backup_route import BACKUP_ROUTES
from pages.login.bodies import Bodies
from pages.login.gate import Gate
from pages.login.host_config import HostConfig
from pages.login.internal import INTERNAL_ROUTES
from pages.login.routes import ROUTES
from pages.login.server import end, end_soon, serve
from pages.parts.failures import log_failure
from pages.web.figure_tables import TABLE_ROUTES
from pages.web.fonts import FONT_ROUTES
from pages.web.health import WEB_ROUTES
from pages.web.personal_file import FILE_ROUTES
from pages.web.printing import PRINT_ROUTES
from pages.web.public_app import public_port
from services.demo import build_demo
from services.errors import ShopError
from services.jobs import JobRunner
from services.log_file import keep_log
from services.process import ProcessSettings
from services.settings import is_set_up
from services.shop import use_shop
from services.welcome import greet_when_ready
from services.wiring import open_shop

ROOT = Path(__file__).resolve().parent
ALL_ROUTES = [
    *ROUTES,
    *INTERNAL_ROUTES,
    *PRINT_ROUTES,
    *TABLE_ROUTES,
    *FILE_ROUTES,
    *BACKUP_ROUTES,
    *FONT_ROUTES,
    *WEB_ROUTES,
]
PATIENCE = 5  # seconds for the jobs to finish what they are at

# Who came from where is decided by the gate and the setting «trusted_proxies», never by uvicorn's own default.
os.environ["FORWARDED_ALLOW_IPS"] = ""

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")

process = ProcessSettings.from_environment()
os.chdir(ROOT)  # Streamlit looks for its settings here
try:
    shop = open_shop(process)
    shop.translator = translator
    if process.demo:
        build_demo(shop, process.history)
except ShopError as refusal:
    sys.exit(f"{refusal}\n{translator('en')(str(refusal))}")
except KeyboardInterrupt:  # a long past may be under way
    sys.exit("Abgebrochen; der nächste Start macht hier weiter. / Stopped; the next start goes on from here.")
except (OSError, StoreBrokenError) as error:  # no right to write there, or a full disk
    sys.exit(f"Der Ordner {process.folder} lässt sich nicht benutzen. / The data folder cannot be used. ({error})")
keep_log(process.folder)
use_shop(shop)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[dict[str, Any]]:  # noqa: ANN401 Streamlit's app
    """Jobs and customers' own port run as long as the server does; the store is closed last."""
    runner = JobRunner(shop)
    try:
        async with public_port(shop, ALL_ROUTES):
            greet_when_ready(process, set_up=is_set_up(shop.store), problem=shop.public_port_problem)
            await asyncio.to_thread(runner.start)
            yield {}
    finally:
        # A job may hang at a silent mail server; each may be killed anywhere.
        stopping = threading.Thread(target=runner.stop, daemon=True)
        stopping.start()
        await asyncio.to_thread(stopping.join, PATIENCE)
        shop.close()
        end_soon()


app = st.App(
    ROOT / "pages" / "shell.py",
    routes=ALL_ROUTES,
    middleware=[Middleware(Gate), Middleware(Bodies), Middleware(HostConfig)],
    lifespan=lifespan,
    on_script_error=log_failure,
)

if __name__ == "__main__":
    try:
        serve(app, process.address, process.port)
    except ShopError as refusal:
        shop.close()
        sys.exit(f"{refusal}\n{translator('en')(str(refusal))}")
    end()
