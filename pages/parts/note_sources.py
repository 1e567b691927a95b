"""What can be put into «Notieren» instead of typing it: a chat copied from the phone, mails saved as files."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from data.records import Channel, MailFate
from pages.parts import state
from pages.parts.acting import last_action, sentence
from pages.parts.choices import choose_in_sight
from pages.parts.file_field import worded_file_field
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import chat_words, day_and_time
from services import pasted
from services.channels import used_channels
from services.customers import require_customer
from services.eml import MOST_MEGABYTES, file_emls, own_address, save_own_address
from services.errors import UnofferedError
from services.pasted import PastedChat
from services.typed import shorten

_SHOWN = 4  # messages of a chat that are shown; the rest is counted
_FILES, _KINDS = "note-eml", ["eml"]


def pasted_chat(desk: Desk) -> PastedChat | None:
    """The chat that lies in the drawer's text field, None where another channel is chosen or the text is no chat, also
    because somebody said so."""
    return None if st.session_state.get("note-no-chat") else _recognised(desk)


def draw_no_chat(desk: Desk) -> None:
    """The way out where a note only looks like a chat; nothing where it does not."""
    if _recognised(desk) is not None:
        st.toggle(desk.say("Kein Chat, so notieren"), key="note-no-chat", on_change="rerun")


def _recognised(desk: Desk) -> PastedChat | None:
    if st.session_state.get("note-channel") != Channel.CHAT:
        return None
    return pasted.recognise_chat(desk.shop, str(st.session_state.get("note-need") or ""))


def draw_chat(desk: Desk, chat: PastedChat) -> None:
    """What was recognised, who is the customer, and whether somebody still waits."""
    _ = desk.say
    count = len(chat.lines)
    told = _("Als Chat erkannt: eine Nachricht") if count == 1 else _("Als Chat erkannt: {count} Nachrichten")
    st.markdown(f"**{told.format(count=count)}**")
    with st.container(key="leise-chat", gap="xxsmall"):
        for line in chat.lines[-_SHOWN:]:
            at = day_and_time(line.said_at, desk.speech) if line.said_at else ""
            st.text(" · ".join(filter(None, (line.who, at, shorten(chat_words(line.words, _), 80)))))
    names = {name: plain(name) for name in chat.names}
    choose_in_sight(_("Wer ist der Kunde?"), names, chat.customer, key="note-customer", on_change="rerun")
    _tell_where(desk, chat)
    endings = {False: _("So wie es dasteht"), True: _("Erledigt")}
    choose_in_sight(_("Wie ging es aus?"), endings, False, key="note-settled")
    st.caption(_("Die Uhr läuft ab der ältesten Nachricht, auf die keine Antwort folgt."))


def _tell_where(desk: Desk, chat: PastedChat) -> None:
    """Which conversation it goes on with, so that nobody's chat lands in a stranger's."""
    customer = st.session_state.get("note-customer") or chat.customer
    inquiry = pasted.goes_on_with(desk.shop, chat, customer)
    if inquiry is None:
        return
    name = require_customer(desk.shop.store, inquiry.customer_id).name
    about = " · ".join(filter(None, (name, shorten(inquiry.subject, 60))))
    st.text(desk.say("Gehört zu: {inquiry}").format(inquiry=about))


def keep_chat(desk: Desk) -> str:
    """Save the pasted chat; the sentence to say. Where something has to be offered first it is kept all the same, and
    that is asked next."""
    try:
        inquiry_id = _note_chat(desk, settled=bool(st.session_state["note-settled"]))
    except UnofferedError:
        inquiry_id = _note_chat(desk, settled=False)
        state.ask("offered", inquiry_id)
    state.mark_own(inquiry_id)
    return desk.say("Chat gespeichert.")


def _note_chat(desk: Desk, *, settled: bool) -> int:
    field = st.session_state
    return pasted.note_chat(
        desk.shop,
        desk.actor,
        field["note-need"],
        customer=field["note-customer"],
        who=field["note-who"] or "",
        reach=field["note-reach"] or "",
        settled=settled,
    )


def draw_mail_files(desk: Desk) -> None:
    """Mails that lie here as files."""
    _ = desk.say
    if Channel.MAIL not in used_channels(desk.shop.store):
        return
    with st.expander(_("Oder eine Mail als Datei (.eml)"), key="note-files"):
        with worded_file_field("datei-mails", _("Mails wählen"), _, _KINDS, MOST_MEGABYTES):
            files = st.file_uploader(
                _("Mail-Dateien"),
                _KINDS,
                accept_multiple_files=True,
                key=_FILES,
                max_upload_size=MOST_MEGABYTES,
                label_visibility="collapsed",
            )
        st.caption(_("Sie wird eingeordnet wie eine Mail aus dem Postfach, mit ihrem eigenen Datum."))
        if files and not own_address(desk.shop.store):
            label, look = _("Unsere eigene E-Mail-Adresse"), "name@beispiel.at"
            st.text_input(label, key="note-own-address", placeholder=look, on_change="ignore")
        if files:
            icon = ":material/mail:"
            last_action(_("Mail übernehmen"), _keep_files, key="note-eml-keep", icon=icon, width="stretch")


def _keep_files(desk: Desk) -> str:
    _ = desk.say
    files = st.session_state.get(_FILES) or []
    if not own_address(desk.shop.store):
        save_own_address(desk.shop, desk.actor, st.session_state.get("note-own-address") or "")
    filed, refused = file_emls(desk.shop, desk.actor, [(file.name, file.getvalue()) for file in files])
    for one in filed:
        if one.is_new and one.inquiry_id is not None:
            state.mark_own(one.inquiry_id)
    fresh = sum(one.is_new for one in filed)
    others = Counter(one.fate for one in filed if not one.is_new)
    words = {
        MailFate.DUPLICATE: _("{count} schon da."),
        MailFate.NOT_CUSTOMER: _("{count} als keine Kundenanfrage vermerkt."),
        MailFate.OWN_COPY: _("{count} von uns selbst."),
    }
    if refused and not filed:
        raise refused[0]
    told = [_("{count} übernommen.").format(count=fresh)] if fresh else []
    told += [words.get(fate, _("{count} nicht übernommen.")).format(count=count) for fate, count in others.items()]
    return " ".join([*told, *(sentence(problem, _) for problem in refused)])
