"""Einstellungen, the mailbox: how it does, connecting one of any provider, choosing its folders, letting it go."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data.records import MailAccount, MailServer
from pages.parts import state
from pages.parts.acting import action, dialog_action, do, show_dialog
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import ago, stored
from services import jobs, senders, settings
from services.errors import InvalidInputError
from services.mail.account_check import AccountCheck, check_account
from services.mail.problems import LOCAL_HOSTS
from services.mail.providers import guess, suggest
from services.typed import port_number, server_name, short_line

_RESULT, _FOLDERS = "theke/mail-check", "mb-folders"


def draw_mailbox(desk: Desk) -> None:
    """The connected mailbox: when it was read last, a test, fetching now, another one."""
    _ = desk.say
    account = settings.mail_account(desk.shop.store)
    with st.container(key="karte-postfach", gap="small"):
        st.subheader(_("Postfach"), anchor=False)
        if account is None:
            st.caption(_("Noch ist kein Postfach verbunden. Theke liest nur mit und verändert dort nichts."))
            label = _("Postfach verbinden")
            st.button(label, key="e-connect", icon=":material/mail:", on_click=state.ask, args=("mailbox",))
        else:
            _draw_account(desk, account)
            with st.container(horizontal=True, key="postfach-taten"):
                _draw_actions(desk)
        _draw_result(desk)


def draw_senders(desk: Desk) -> None:
    """Who is never taken for a customer («Immer von diesem Absender»), each with the way back."""
    _ = desk.say
    ignored = senders.list_ignored_senders(desk.shop, desk.actor)
    if not ignored:
        return
    with st.container(key="karte-absender", gap="small"):
        st.subheader(_("Keine Kunden"), anchor=False)
        st.caption(_("Mails dieser Absender kommen nicht in die Liste. Im Postfach bleiben sie, wo sie sind."))
        for address in ignored:
            with st.container(horizontal=True, vertical_alignment="center", key=f"leise-absender-{address}"):
                st.text(address, width="stretch")
                action(_("Wieder zulassen"), partial(_allow, address), key=f"e-allow-{address}", type="tertiary")


def _allow(address: str, desk: Desk) -> str:
    _ = desk.say
    senders.allow_sender(desk.shop, desk.actor, address)
    return _("Neue Mails dieses Absenders kommen wieder in die Liste.")


def _draw_account(desk: Desk, account: MailAccount) -> None:
    _ = desk.say
    health = jobs.job_health(desk.shop)
    with st.container(key="leise-postfach", gap=None):
        st.text(account.address)
        for label, server in ((_("Empfang"), account.imap), (_("Senden"), account.smtp)):
            st.text(f"{label}: {server.host}, {server.port}, {tls_word(desk, server.tls)}")
        if account.sent_folder:
            st.text(_("Gesendete Mails: {folder}").format(folder=account.sent_folder))
        if health.mail_fetched_at:
            st.text(_("Letzter Abruf {ago}").format(ago=ago(health.mail_fetched_at, desk.speech)))
    if health.mail_problem:
        st.error(plain(stored(health.mail_problem, _)), icon=":material/error:")


def _draw_actions(desk: Desk) -> None:
    _ = desk.say
    action(_("Jetzt abrufen"), _fetch, key="e-fetch", icon=":material/sync:")
    check = _("Verbindung prüfen")
    st.button(check, key="e-check", icon=":material/wifi_tethering:", on_click=do, args=(_check,))
    st.button(_("Postfach ändern"), key="e-connect", icon=":material/edit:", on_click=state.ask, args=("mailbox",))
    st.button(_("Postfach trennen"), key="e-leave", type="tertiary", on_click=state.ask, args=("unplug",))


def tls_word(desk: Desk, tls: str) -> str:
    """How people call an encryption."""
    _ = desk.say
    return {"ssl": "SSL/TLS", "starttls": "STARTTLS", "none": _("ohne (nur dieser Computer)")}[tls]


def _fetch(desk: Desk) -> str:
    _ = desk.say
    if not jobs.fetch_now(desk.shop):
        raise InvalidInputError(jobs.job_health(desk.shop).mail_problem or "Der Abruf ist nicht gelungen.")
    return _("Abgerufen.")


def _check(desk: Desk) -> None:
    account = settings.mail_account(desk.shop.store)
    if account is not None:
        st.session_state[_RESULT] = check_account(account, desk.shop.secrets.get("mail_password"))


def _draw_result(desk: Desk) -> None:
    result: AccountCheck | None = st.session_state.pop(_RESULT, None)
    if result is None:
        return
    show = st.success if result.ok else st.error
    show(plain(result_words(desk, result)), icon=":material/check_circle:" if result.ok else ":material/error:")


def result_words(desk: Desk, result: AccountCheck) -> str:
    """What came of a check, both sides in a sentence each."""
    _ = desk.say
    imap, smtp = _(result.imap_sentence), _(result.smtp_sentence)
    return f"{imap.format(**result.imap_values)} {smtp.format(**result.smtp_values)}"


def open_mailbox_dialog(title: str) -> None:
    """Connect a mailbox; nothing is kept before both of its sides let us in."""

    def body(desk: Desk) -> None:
        _ = desk.say
        connected = settings.mail_account(desk.shop.store)
        address = connected.address if connected else ""
        st.text_input(_("E-Mail-Adresse"), address, key="mb-address", placeholder="info@beispiel.at")
        typed = st.session_state["mb-address"].strip()
        known, same = suggest(typed), bool(connected and connected.address == typed)
        if known:
            st.caption(plain(_(known.hint).format(name=known.name)))
        kept = _("bleibt, wie es ist") if same else ""
        label = _("Passwort")
        st.text_input(
            label, type="password", key="mb-password", autocomplete="off", placeholder=kept, on_change="ignore"
        )
        unknown = "@" in typed and not known
        with st.expander(_("Server selbst eintragen"), expanded=unknown and not same):
            _draw_servers(desk, proposed_account(desk, typed))
        _choose_folder(desk)
        dialog_action(_("Prüfen und verbinden"), _connect, key="mb-save", forget="mb-")

    st.session_state.pop(_FOLDERS, None)
    show_dialog(title, body, holds="mb-", position="right")


def _draw_servers(desk: Desk, start: MailAccount) -> None:
    """The fields carry the address in their keys, so that another address brings its own proposals."""
    _ = desk.say
    st.text_input(_("Benutzername"), start.user, key=_key(start, "user"), on_change="ignore")
    sides = (("imap", _("Server für den Empfang (IMAP)"), start.imap), ("smtp", _("Server zum Senden"), start.smtp))
    for side, label, server in sides:
        host = st.text_input(label, server.host, key=_key(start, f"{side}-host"))
        port, tls = st.columns([2, 3], vertical_alignment="bottom")
        port.text_input(_("Anschluss"), str(server.port), key=_key(start, f"{side}-port"), on_change="ignore")
        choices = ["ssl", "starttls", *(["none"] if host.strip() in LOCAL_HOSTS else [])]
        tls.selectbox(
            _("Verschlüsselung"),
            choices,
            choices.index(server.tls) if server.tls in choices else 0,
            format_func=lambda choice: tls_word(desk, choice),
            placeholder=_("Bitte wählen"),
            key=_key(start, f"{side}-tls"),
            on_change="ignore",
        )
    st.text_input(
        _("Ordner für gesendete Mails"),
        start.sent_folder,
        placeholder=_("findet Theke selbst"),
        key=_key(start, "sent"),
        on_change="ignore",
    )


def _choose_folder(desk: Desk) -> None:
    _ = desk.say
    folders = st.session_state.get(_FOLDERS, ())
    if folders:
        label, hint = _("Wo liegen gesendete Mails?"), _("Bitte wählen")
        st.selectbox(label, folders, key="mb-choice", placeholder=hint, on_change="ignore")


def _key(start: MailAccount, part: str) -> str:
    return f"mb-{start.address}-{part}"


def proposed_account(desk: Desk, address: str) -> MailAccount:
    """What the form begins with: the connected account, a known provider's servers, else the usual names."""
    connected = settings.mail_account(desk.shop.store)
    if connected and connected.address == address:
        return connected
    known = suggest(address)
    imap, smtp = (known.imap, known.smtp) if known else guess(address)
    return MailAccount(address, known.user if known else address, imap, smtp, "", desk.shop.now())


def typed_account(desk: Desk, address: str) -> MailAccount:
    """The account as the form has it; raises InvalidInputError, also for providers that want what we cannot do."""
    if "@" not in address:
        raise InvalidInputError("Bitte schreiben Sie die ganze E-Mail-Adresse.")
    start, known = proposed_account(desk, address), suggest(address)
    imap, smtp = _typed_server(start, "imap", start.imap), _typed_server(start, "smtp", start.smtp)
    if known and known.auth == "oauth2" and (imap, smtp) == (known.imap, known.smtp):
        raise InvalidInputError(known.hint, name=known.name)
    user = short_line(_typed(start, "user", start.user)) or address
    sent = st.session_state.get("mb-choice") or short_line(_typed(start, "sent", start.sent_folder))
    return MailAccount(address, user, imap, smtp, sent, desk.shop.now())


def _typed_server(start: MailAccount, side: str, server: MailServer) -> MailServer:
    host = server_name(_typed(start, f"{side}-host", server.host))
    port = port_number(_typed(start, f"{side}-port", str(server.port)))
    return MailServer(host, port, _typed(start, f"{side}-tls", server.tls))


def _typed(start: MailAccount, part: str, untouched: str) -> str:
    return str(st.session_state.get(_key(start, part), untouched))


def _connect(desk: Desk) -> str:
    _ = desk.say
    address, password = st.session_state["mb-address"].strip(), st.session_state["mb-password"]
    account, connected = typed_account(desk, address), settings.mail_account(desk.shop.store)
    if not password and connected and connected.address == address:
        password = desk.shop.secrets.get("mail_password")
    if not password:
        raise InvalidInputError("Das Passwort Ihres Mailkontos fehlt noch.")
    result = check_account(account, password)
    if not result.ok:
        raise InvalidInputError("{result}", result=result_words(desk, result))
    if not result.sent_folder:
        st.session_state[_FOLDERS] = result.folders
        raise InvalidInputError(result.imap_sentence if result.folders else _NO_FOLDER)
    settings.connect_mail(desk.shop, desk.actor, account, password)
    return _("Verbunden. Die Mails kommen gleich.")


_NO_FOLDER = (
    "In diesem Postfach gibt es keinen Ordner für gesendete Mails. Bitte legen Sie dort einen Ordner «Gesendet» an."
)


def open_unplug(title: str) -> None:
    """Let the mailbox go, after one question."""

    def body(desk: Desk) -> None:
        _ = desk.say
        st.markdown(_("Theke ruft dann keine Mails mehr ab und sendet keine. Was schon da ist, bleibt in Theke."))
        dialog_action(_("Ja, trennen"), work, key="up-save")

    def work(desk: Desk) -> str:
        _ = desk.say
        settings.disconnect_mail(desk.shop, desk.actor)
        return _("Das Postfach ist getrennt.")

    show_dialog(title, body)
