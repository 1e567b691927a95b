"""All addresses of sign-in, sign-out and set-up."""

from __future__ import annotations

from starlette.routing import Route

from pages.login.mail_step import keep_mail, show_mail
from pages.login.render import at_edge, send_mark, send_style
from pages.login.set_up import enter_code, finish, in_set_up, open_set_up, show_end
from pages.login.sign_in import SIGN_IN_ROUTES
from pages.login.steps import keep_hours, keep_shop, keep_team, show_hours, show_shop, show_team

_STEPS = (
    ("betrieb", show_shop, keep_shop),
    ("zeiten", show_hours, keep_hours),
    ("team", show_team, keep_team),
    ("postfach", show_mail, keep_mail),
)

ROUTES: list[Route] = [
    Route("/anmelden/login.css", send_style, methods=["GET"]),
    Route("/anmelden/theke.svg", send_mark, methods=["GET"]),
    *SIGN_IN_ROUTES,
    Route("/einrichten", at_edge(open_set_up), methods=["GET"]),
    Route("/einrichten", at_edge(enter_code), methods=["POST"]),
    Route("/einrichten/fertig", in_set_up(show_end), methods=["GET"]),
    Route("/einrichten/fertig", in_set_up(finish), methods=["POST"]),
    *(Route(f"/einrichten/{step}", in_set_up(shown), methods=["GET"]) for step, shown, _ in _STEPS),
    *(Route(f"/einrichten/{step}", in_set_up(kept), methods=["POST"]) for step, _, kept in _STEPS),
]
