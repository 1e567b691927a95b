"""The last step of the set-up: the shop's mailbox, tried with a real login on both sides, or later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from data.records import MailAccount, MailServer
from pages.catalogues import translator
from pages.login.forms import Form, read_fields
from pages.login.held import Held
from pages.login.language import say
from pages.login.render import see_other, show
from pages.login.set_up import Visit, posted_here, sentences, step_address, step_token
from services.errors import InvalidInputError
from services.mail.account_check import IMAP_WORKS, AccountCheck, check_account
from services.mail.problems import NO_SENT_FOLDER
from services.mail.providers import Suggestion, guess, suggest
from services.setup import read_progress, save_account
from services.shop import Shop
from services.typed import check_address, port_number, server_name, short_line

_LONGEST_PASSWORD = 500
_HERE = frozenset({"127.0.0.1", "localhost"})
_passwords = Held()


@dataclass(frozen=True)
class Try:
    """What came of one try; empty on a fresh page."""

    check: AccountCheck | None = None
    suggestion: Suggestion | None = None
    guessed: bool = False


def show_mail(shop: Shop, request: Request, visit: Visit) -> Response:
    """Fourth step: the form, or the mailbox that is connected."""
    return _page(shop, visit, Form({}), Try())


def keep_mail(shop: Shop, request: Request, visit: Visit) -> Response:
    """Fourth step, posted: log in to both servers, keep the account if both let us in, say plainly what happened."""
    fields = read_fields(request)
    form = Form(fields)
    if not posted_here(shop, visit, fields):
        return _page(shop, visit, form, Try(), status=403)
    if "anderes" in fields:
        save_account(shop, None)
        return see_other(step_address("postfach"))
    address, password = form.take("adresse", _address), form.take("passwort", _password(form))
    suggestion = suggest(address) if address else None
    own_servers = bool(form.text("imap_host").strip() or form.text("smtp_host").strip())
    if suggestion and suggestion.auth == "oauth2" and not own_servers:
        form.errors = {"adresse": InvalidInputError(suggestion.hint, name=suggestion.name)}
    if form.errors or address is None or password is None:
        return _page(shop, visit, form, Try(), status=422)
    if not suggestion and not own_servers:
        return _page(shop, visit, Form({**fields, **_guessed(address)}), Try(guessed=True), status=422)
    account = (
        _typed_account(shop, form, address) if own_servers else _suggested_account(shop, form, address, suggestion)
    )
    if form.errors or account is None:
        return _page(shop, visit, form, Try(), status=422)
    check = check_account(account, password)
    if not check.ok:
        return _page(shop, visit, form, Try(check, suggestion), status=422)
    save_account(shop, account, password)
    _passwords.drop(form.text("gemerkt"))
    return _page(shop, visit, Form({}), Try(check))


def _page(shop: Shop, visit: Visit, form: Form, tried: Try, *, status: int = 200) -> Response:
    account = read_progress(shop.store).account
    return show(
        shop,
        "set_up_mail.html",
        language=visit.language,
        status=status,
        values=form.typed,
        errors=sentences(visit, form),
        stale=status == 403,
        token=step_token(shop, visit),
        account=account if status == 200 else None,
        results=_results(visit, tried.check),
        failed=bool(tried.check and not tried.check.ok),
        half=bool(tried.check and tried.check.ok and not tried.check.sent_folder),
        hint=_hint(visit, tried.suggestion),
        guessed=tried.guessed,
        held=_hold_password(form),
    )


def _hold_password(form: Form) -> str:
    password = form.text("passwort")
    if not password or len(password) > _LONGEST_PASSWORD:
        return form.text("gemerkt") if _passwords.get(form.text("gemerkt")) else ""
    return _passwords.put(form.text("gemerkt"), password)


def _password(form: Form) -> Callable[[str], str]:
    def check(text: str) -> str:
        password = text or _passwords.get(form.text("gemerkt"))
        if not password:
            raise InvalidInputError("Das Passwort Ihres Mailkontos fehlt noch.")
        if len(password) > _LONGEST_PASSWORD:
            raise InvalidInputError("Das ist zu lang. Höchstens {limit} Zeichen.", limit=_LONGEST_PASSWORD)
        return password

    return check


def _address(text: str) -> str:
    try:
        return check_address(text)
    except InvalidInputError as error:
        raise InvalidInputError("Diese Adresse ist nicht vollständig. Beispiel: name@example.org") from error


def _guessed(address: str) -> dict[str, str]:
    fields = {"benutzer": address}
    for side, server in zip(("imap", "smtp"), guess(address), strict=True):
        fields |= {f"{side}_host": server.host, f"{side}_port": str(server.port), f"{side}_tls": server.tls}
    return fields


def _suggested_account(shop: Shop, form: Form, address: str, suggestion: Suggestion | None) -> MailAccount | None:
    if suggestion is None:
        return None
    sent = form.take("gesendet", short_line) or ""
    return MailAccount(address, suggestion.user, suggestion.imap, suggestion.smtp, sent, shop.now())


def _typed_account(shop: Shop, form: Form, address: str) -> MailAccount | None:
    user, sent = form.take("benutzer", short_line), form.take("gesendet", short_line)
    imap, smtp = _server(form, "imap"), _server(form, "smtp")
    if imap is None or smtp is None or user is None or sent is None:
        return None
    return MailAccount(address, user or address, imap, smtp, sent, shop.now())


def _server(form: Form, side: str) -> MailServer | None:
    host, port = form.take(f"{side}_host", server_name), form.take(f"{side}_port", port_number)
    tls = form.text(f"{side}_tls")
    if host is None or port is None:
        return None
    if tls not in {"ssl", "starttls"} and not (tls == "none" and host in _HERE):
        form.errors[f"{side}_tls"] = InvalidInputError("Bitte wählen Sie die Verschlüsselung.")
        return None
    return MailServer(host, port, tls)


def _results(visit: Visit, check: AccountCheck | None) -> list[str]:
    if check is None:
        return []
    said = translator(visit.language)
    half = check.ok and not check.sent_folder
    imap = said(IMAP_WORKS if half else check.imap_sentence).format(**check.imap_values)
    smtp = said(check.smtp_sentence).format(**check.smtp_values)
    return [*dict.fromkeys((imap, smtp)), *([said(NO_SENT_FOLDER)] if half else [])]


def _hint(visit: Visit, suggestion: Suggestion | None) -> str:
    return say(visit.language, InvalidInputError(suggestion.hint, name=suggestion.name)) if suggestion else ""
