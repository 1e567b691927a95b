"""The reply box: drafts save themselves, a template fills it, a send can be taken back, typed text is never lost."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex
from typing import Any

import streamlit as st

from data.records import InquiryState, Message, MessageRole, OutboxState
from pages.login.tokens import TOKEN_HEADER, form_token
from pages.parts import state
from pages.parts.acting import do, show_trouble
from pages.parts.dom import script
from pages.parts.session import Desk
from pages.parts.thread import file_size
from pages.parts.words import clock_time
from services import drafts, replies, templates
from services.conversations import Conversation
from services.letters import usual_subject
from services.rules.placeholders import UNFILLED, below_own_line
from services.rules.text_check import questions_in

_HERE = Path(__file__).parent
_REPLY = st.components.v2.component(
    "theke_reply",
    css=(_HERE / "reply.css").read_text(encoding="utf-8"),
    js=script(
        "reply_draft.js",
        "reply_subject.js",
        "reply_templates.js",
        "reply_holes.js",
        "reply_own_line.js",
        "reply_questions.js",
        "reply_files.js",
        "reply.js",
    ),
    html="<div class='reply'>\n</div>",
)
_KEY = "reply"
MOST_QUESTIONS = 6


def draw_reply_box(desk: Desk, talk: Conversation) -> None:
    """The box with this person's draft, and right under it the trouble of a tap beside it."""
    inquiry_id = talk.inquiry.id
    data = {**box_data(desk, talk), **_places(desk, inquiry_id), "words": _words(desk, talk.customer.name)}
    _REPLY(
        key=_KEY,
        data=data,
        on_send_change=lambda: _send(inquiry_id),
        on_template_change=lambda: _fill(inquiry_id),
        on_preview_change=lambda: _ask("preview", inquiry_id),
        on_later_change=lambda: _ask("later", inquiry_id),
    )
    show_trouble()


def box_data(desk: Desk, talk: Conversation) -> dict[str, Any]:
    """The draft, the templates and the files as the component takes them."""
    inquiry_id, draft = talk.inquiry.id, talk.draft
    _ = desk.say
    return {
        "inquiry": inquiry_id,
        "can_wait": talk.inquiry.state is InquiryState.OPEN,
        "revision": state.revision(inquiry_id),
        "body": draft.body if draft else "",
        "stamp": drafts.stamp(draft),
        "subject": draft.subject if draft else "",
        "cc": draft.cc if draft else "",
        "saved": _("Gespeichert {time}").format(time=clock_time(draft.saved_at, desk.speech)) if draft else "",
        "seen_version": talk.inquiry.version,
        "form_key": state.form_key(f"reply/{inquiry_id}/{state.revision(inquiry_id)}"),
        "sent_form": state.sent_form(inquiry_id),
        "templates": [
            {"id": t.id, "name": t.name, "below_own_line": below_own_line(t.body)}
            for t in templates.list_templates(desk.shop, desk.actor)
        ],
        "chosen": state.chosen_template(inquiry_id),
        "files": [{"id": f.id, "name": f.file_name, "note": file_size(f.size, desk.speech)} for f in talk.draft_files],
        "folded": nothing_to_say(talk),
        "questions": open_questions(talk),
        "hole": UNFILLED.pattern,
        "usual_subject": usual_subject(talk.inquiry),
        "number": f"[#{inquiry_id}]",
        "closes": replies.may_close_with(desk.shop.store, talk.inquiry),
        "trouble": {"text": trouble, "id": token_hex(4)} if (trouble := state.take_trouble(_KEY)) else None,
    }


def open_questions(talk: Conversation) -> list[dict[str, str]]:
    """What the customer asked since our last answer, in their words; a person ticks what the reply covers (C5)."""
    answered = max((place for place, m in enumerate(talk.messages) if _is_answer(m)), default=-1)
    asked = {
        question: f"{message.id}/{number}"
        for message in talk.messages[answered + 1 :]
        if message.role in {MessageRole.CUSTOMER, MessageRole.EARLIER_CUSTOMER}
        for number, question in enumerate(questions_in(message.body))
    }
    return [{"id": ident, "text": question} for question, ident in asked.items()][:MOST_QUESTIONS]


def _is_answer(message: Message) -> bool:
    undone = message.bounced_at or message.outbox_state in {OutboxState.TAKEN_BACK, OutboxState.FAILED}
    return message.role in {MessageRole.ANSWER, MessageRole.EARLIER_ANSWER} and not undone


def nothing_to_say(talk: Conversation) -> bool:
    """Nobody waits for words of ours and none are begun: the box stays small."""
    on_its_way = any(message.outbox_state in {"queued", "sending"} for message in talk.outgoing)
    if talk.line.row.unsent:
        return False
    return not (talk.draft and talk.draft.body) and (on_its_way or talk.inquiry.waiting_since is None)


def _places(desk: Desk, inquiry_id: int) -> dict[str, str]:
    return {
        "draft_url": "/intern/entwurf",
        "file_url": "/intern/anhang",
        "zone": desk.settings.hours.zone,
        "token_header": TOKEN_HEADER,
        "token": form_token(desk.shop, desk.actor.session),
    }


def _send(inquiry_id: int) -> None:
    sent = st.session_state[_KEY].send
    if not sent:
        return

    def work(desk: Desk) -> str | None:
        replies.send_reply(
            desk.shop,
            desk.actor,
            inquiry_id,
            body=str(sent["body"]),
            subject=str(sent["subject"]),
            cc=str(sent["cc"]),
            seen_version=int(sent["seen_version"]),
            form_key=str(sent["form_key"]),
            close=bool(sent["close"]),
            template_id=state.chosen_template(inquiry_id),
        )
        state.sent_form(inquiry_id, str(sent["form_key"]))
        state.renew_draft(inquiry_id)
        state.chosen_template(inquiry_id, 0)
        return None

    do(work, place=_KEY)


def _fill(inquiry_id: int) -> None:
    template_id = st.session_state[_KEY].template
    if template_id is None:
        return

    def work(desk: Desk) -> str | None:
        drafts.use_template(desk.shop, desk.actor, inquiry_id, int(template_id))
        state.renew_draft(inquiry_id)
        state.chosen_template(inquiry_id, int(template_id))
        return None

    do(work, place=_KEY)


def _ask(name: str, inquiry_id: int) -> None:
    typed = getattr(st.session_state[_KEY], name)
    if typed:
        state.ask(name, inquiry_id, str(typed["body"]), str(typed["subject"]), str(typed["cc"]))


def _words(desk: Desk, customer: str) -> dict[str, str]:
    _ = desk.say
    return {
        "label": _("Antwort an {name}").format(name=customer),
        "placeholder": _("Antwort schreiben"),
        "write": _("Antwort schreiben"),
        "preview": _("Vorschau"),
        "attach": _("Datei"),
        "extra": _("Betreff, Kopie"),
        "subject": _("Betreff"),
        "cc": _("Kopie an"),
        "later": _("Später"),
        "send": _("Antwort senden"),
        "send_more": _("Anders senden"),
        "send_close": _("Senden und schließen"),
        "subject_line": _("Betreff: {subject}"),
        "no_subject": _("noch keiner"),
        "more": _("Mehr"),
        "fewer": _("Weniger"),
        "missing": _("Fehlt noch:"),
        "own_line": _("Eigene Zeile"),
        "own_gap": "{" + _("Ihre eigene Zeile") + "}",
        "question": _("1 Frage offen"),
        "questions": _("{count} Fragen offen"),
        "all_covered": _("Alle Fragen abgehakt"),
        "replaces": _("Die Vorlage ersetzt Ihren Text."),
        "replace": _("Ersetzen"),
        "keep": _("Behalten"),
        "saved": _("Gespeichert {time}"),
        "signed_out": _("Sie sind abgemeldet. Kopieren Sie Ihren Text, dann melden Sie sich neu an."),
        "not_saved": _("Noch nicht gespeichert, ich versuche es weiter."),
        "uploading": _("wird geladen …"),
        "not_uploaded": _("Die Datei konnte nicht geladen werden."),
        "remove": _("Entfernen:"),
        "size": "{kb} KB",
    }
