"""Einstellungen, the mailbox: how it does, connecting one of any provider, choosing its folders, letting it go."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data.records import MailAccount, MailServer
from pages.parts.acting import action, calling, dialog_button, show_form
from pages.parts.choices import choose_from_list
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import ago, stored
from services import jobs, senders, settings
from services.errors import InvalidInputError
from services.mail.account_check import IMAP_WORKS, AccountCheck, check_account
from services.mail.problems import LOCAL_HOSTS
from services.mail.providers import guess, suggest
from services.typed import port_number, server_name, short_line

_RESULT, _FOLDERS, _SENT_FOLDERS = "theke/mail-check", "mb-folders", "theke/sent-folders"


def draw_mailbox(desk: Desk) -> None:
    """The connected mailbox: when it was read last, a test, fetching now, another one."""
    _ = desk.say
    account = settings.mail_account(desk.shop.store)
    with st.container(key="karte-postfach", gap="small"):
        st.subheader(_("Postfach"), anchor=False)
        if account is None:
            st.caption(_("Noch ist kein Postfach verbunden. Theke liest nur mit und verändert dort nichts."))
            dialog_button(_("Postfach verbinden"), "mailbox", key="e-connect", icon=":material/mail:")
        else:
            _draw_account(desk, account)
            _draw_sent(desk)
            _draw_result(desk)
            with st.container(horizontal=True, key="postfach-taten"):
                _draw_actions(desk)


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
                allow, key = calling(senders.allow_sender, address), f"e-allow-{address}"
                said = _("Neue Mails dieses Absenders kommen wieder in die Liste.")
                action(_("Wieder zulassen"), allow, key=key, said=said, type="tertiary")


def _draw_account(desk: Desk, account: MailAccount) -> None:
    _ = desk.say
    health = jobs.job_health(desk.shop)
    with st.container(key="leise-postfach", gap=None):
        st.text(account.address)
        for label, server in ((_("Empfang"), account.imap), (_("Versand"), account.smtp)):
            st.text(f"{label}: {server.host}, {server.port}, {tls_word(desk, server.tls)}")
        if account.sent_folder:
            st.text(_("Gesendete Mails: {folder}").format(folder=account.sent_folder))
        if health.mail_fetched_at:
            st.text(_("Letzter Abruf {ago}").format(ago=ago(health.mail_fetched_at, desk.speech)))


def _draw_sent(desk: Desk) -> None:
    """That the folder for sent mail cannot be read, and the choice of another one."""
    _ = desk.say
    problem = jobs.job_health(desk.shop).sent_problem
    if not problem:
        return
    st.warning(plain(stored(problem, _)), icon=":material/warning:")
    folders: tuple[str, ...] = st.session_state.get(_SENT_FOLDERS, ())
    if not folders:
        action(_("Ordner wählen"), _list_folders, key="e-sent", icon=":material/folder_open:")
        return
    label, names = _("Wo liegen gesendete Mails?"), {folder: folder for folder in folders}
    choose_from_list(desk, label, names, folders[0], key="e-sent-folder", on_change="ignore", width=320)
    action(_("Diesen Ordner lesen"), _take_folder, key="e-sent-save")


def _list_folders(desk: Desk) -> None:
    account = settings.mail_account(desk.shop.store)
    if account is None:
        return
    result = check_account(account, desk.shop.secrets.get("mail_password"))
    if not result.folders and not result.sent_folder:
        told = desk.say(_NO_FOLDER) if result.ok else result_words(desk, result)
        raise InvalidInputError("{result}", result=told)
    st.session_state[_SENT_FOLDERS] = result.folders
    if result.sent_folder:
        jobs.fetch_now(desk.shop)


def _take_folder(desk: Desk) -> str:
    _ = desk.say
    settings.choose_sent_folder(desk.shop, desk.actor, st.session_state["e-sent-folder"])
    st.session_state.pop(_SENT_FOLDERS, None)
    jobs.fetch_now(desk.shop)
    return _("Gespeichert.")


def _draw_actions(desk: Desk) -> None:
    _ = desk.say
    action(_("Jetzt abrufen"), _fetch, key="e-fetch", icon=":material/sync:")
    action(_("Verbindung prüfen"), _check, key="e-check", icon=":material/wifi_tethering:")
    dialog_button(_("Postfach ändern"), "mailbox", key="e-connect", icon=":material/edit:")
    dialog_button(_("Postfach trennen"), "unplug", key="e-leave", type="tertiary")


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
        jobs.try_again(desk.shop)


def _draw_result(desk: Desk) -> None:
    result: AccountCheck | None = st.session_state.pop(_RESULT, None)
    if result is None:
        return
    show, icon = (st.success, "check_circle") if result.ok else (st.error, "error")
    if result.ok and not result.sent_folder:
        if jobs.job_health(desk.shop).sent_problem:  # stands above already
            result = replace(result, imap_sentence=IMAP_WORKS)
        else:
            show, icon = st.warning, "warning"
    show(plain(result_words(desk, result)), icon=f":material/{icon}:")


def result_words(desk: Desk, result: AccountCheck) -> str:
    """What came of a check, both sides in a sentence each, or in one if both say the same."""
    _ = desk.say
    imap = _(result.imap_sentence).format(**result.imap_values)
    smtp = _(result.smtp_sentence).format(**result.smtp_values)
    return " ".join(dict.fromkeys((imap, smtp)))


def open_mailbox_dialog(desk: Desk) -> None:
    """Connect a mailbox; nothing is kept before both of its sides let us in."""
    _ = desk.say

    def fields(now: Desk) -> None:
        connected = settings.mail_account(now.shop.store)
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
            _draw_servers(now, proposed_account(now, typed))
        _choose_folder(now)

    st.session_state.pop(_FOLDERS, None)
    label = _("Prüfen und verbinden")
    show_form(_("Postfach verbinden"), fields, label, _connect, keys="mb-", typed=True, position="right")


def _draw_servers(desk: Desk, start: MailAccount) -> None:
    """The fields carry the address in their keys, so that another address brings its own proposals."""
    _ = desk.say
    st.text_input(_("Benutzername"), start.user, key=_key(start, "user"), on_change="ignore")
    sides = (("imap", _("Server für den Empfang (IMAP)"), start.imap), ("smtp", _("Server zum Senden"), start.smtp))
    for side, label, server in sides:
        host = st.text_input(label, server.host, key=_key(start, f"{side}-host"))
        port, beside = st.columns([2, 3], vertical_alignment="bottom")
        port.text_input(_("Anschluss"), str(server.port), key=_key(start, f"{side}-port"), on_change="ignore")
        choices = ["ssl", "starttls", *(["none"] if host.strip() in LOCAL_HOSTS else [])]
        words, key = {choice: tls_word(desk, choice) for choice in choices}, _key(start, f"{side}-tls")
        with beside:
            choose_from_list(desk, _("Verschlüsselung"), words, server.tls, key=key, on_change="ignore")
    st.text_input(
        _("Ordner für gesendete Mails"),
        start.sent_folder,
        placeholder=_("findet Theke selbst"),
        key=_key(start, "sent"),
        on_change="ignore",
    )


def _choose_folder(desk: Desk) -> None:
    _ = desk.say
    if folders := st.session_state.get(_FOLDERS, ()):
        names, label = {folder: folder for folder in folders}, _("Wo liegen gesendete Mails?")
        choose_from_list(desk, label, names, folders[0], key="mb-choice", on_change="ignore")


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


def open_unplug(desk: Desk) -> None:
    """Let the mailbox go, after one question."""
    _ = desk.say

    def question(now: Desk) -> None:
        st.markdown(_("Theke ruft dann keine Mails mehr ab und sendet keine. Was schon da ist, bleibt in Theke."))

    leave, said = calling(settings.disconnect_mail), _("Das Postfach ist getrennt.")
    show_form(_("Postfach trennen"), question, _("Ja, trennen"), leave, keys="up-", said=said)
