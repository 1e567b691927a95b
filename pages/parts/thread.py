"""The course of an inquiry as one component: their words, ours, notes, attempts, and what became of each reply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from data.records import Attachment, Channel, CloseReason, Event, Message, MessageRole, OutboxState
from pages.parts.dom import script
from pages.parts.rating import rating_entry
from pages.parts.words import CHANNEL_ICONS, Speech, chat_words, close_word, day_and_time, due_time, stored
from services.conversations import Conversation
from services.drafts import SIGNATURE
from services.filing import UNREADABLE
from services.letters import usual_subject
from services.rules.folding import fold
from services.rules.threads import plain_subject

_HERE = Path(__file__).parent
_THREAD = st.components.v2.component(
    "theke_thread",
    css=(_HERE / "thread.css").read_text(encoding="utf-8"),
    js=script("thread.js"),
    html="<div class='thread'>\n</div>",
)
_OURS = {MessageRole.ANSWER, MessageRole.EARLIER_ANSWER, MessageRole.FORWARD}
_SIDES = {
    MessageRole.NOTE: "note",
    MessageRole.ATTEMPT: "note",
    MessageRole.MACHINE: "quiet",
    MessageRole.THIRD_PERSON: "quiet",
}
LONG = 1400  # signs after which a message is cut until «Ganze Nachricht zeigen»

Entry = dict[str, Any]


def draw_thread(talk: Conversation, speech: Speech, *, key: str, on_act: Callable[[str, int], None]) -> bool:
    """The thread; `on_act(name, message id)` runs before the page does. Whether a button in it was tapped."""

    def acted() -> None:
        act = st.session_state[key].act
        if act:
            on_act(str(act["name"]), int(act["id"]))

    entries = thread_entries(talk, speech)
    now = speech.now.isoformat()  # beside the entries: an entry that is the same is not drawn again
    data = {"entries": entries, "folded": _folded(entries), "now": now, "words": _words(speech)}
    return bool(_THREAD(key=key, data=data, on_act_change=acted).act)


def thread_entries(talk: Conversation, speech: Speech) -> list[Entry]:
    """Messages and the events worth reading, oldest first."""
    shown = [m for m in talk.messages if m.outbox_state != OutboxState.TAKEN_BACK]
    timed = [(m.happened_at, m.id, _message(m, talk, speech)) for m in shown]
    timed += [(e.happened_at, e.id, entry) for e in talk.events if (entry := _event(e, talk, speech))]
    if talk.rating:
        timed.append((talk.rating.rated_at, 0, rating_entry(talk.rating, speech)))
    return [entry for _at, _id, entry in sorted(timed, key=lambda row: row[:2])]


def _folded(entries: list[Entry]) -> int:
    """How many of the oldest stay folded: what came before the customer's last words; the reply box stays in sight.

    Two entries are always shown, and nothing that still needs a person is ever hidden.
    """
    spoken = [place for place, entry in enumerate(entries) if entry["side"] == "customer"]
    undone = [place for place, entry in enumerate(entries) if entry["state"]]
    return max(0, min(len(entries) - 2, *(spoken[-1:] or [0]), *undone[:1]))


def _message(message: Message, talk: Conversation, speech: Speech) -> Entry:
    side = "us" if message.role in _OURS else _SIDES.get(message.role, "customer")
    text = speech.say(UNREADABLE) if message.body == UNREADABLE else message.body.strip()
    if side == "us":
        text = text.rpartition(SIGNATURE)[0] or text
    if message.kind is Channel.CHAT:
        text = chat_words(text, speech.say)
    return {
        "id": message.id,
        "side": side,
        "icon": _icon(message),
        "head": _head(message, side, talk, speech),
        "text": text,
        "long": len(text) > LONG or text.count("\n") > 14,
        "to": _to(message, talk, speech),
        "quoted": message.quoted.strip(),
        "files": [_file(file, speech) for file in talk.attachments.get(message.id, [])],
        "state": _state(message, speech),
    }


def _to(message: Message, talk: Conversation, speech: Speech) -> str:
    """Where a mail of ours goes, as far as it is not what everybody takes for granted: address, copies, subject."""
    _ = speech.say
    if not message.recipient:
        return ""
    known = [contact.address for contact in talk.contacts if contact.kind == "mail"]
    matter = plain_subject(message.subject)
    parts = [
        _("An {address}").format(address=message.recipient) if known != [message.recipient.lower()] else "",
        _("Kopie an {address}").format(address=message.cc) if message.cc else "",
        _("Betreff: {subject}").format(subject=matter) if matter != plain_subject(usual_subject(talk.inquiry)) else "",
    ]
    return " · ".join(part for part in parts if part)


def _icon(message: Message) -> str:
    special = {
        MessageRole.MACHINE: "smart_toy",
        MessageRole.ATTEMPT: "phone_missed",
        MessageRole.FORWARD: "forward",
        MessageRole.THIRD_PERSON: "reply",
    }
    return special.get(message.role, CHANNEL_ICONS[message.kind])


def _other_speaker(message: Message, talk: Conversation) -> str:
    """Whose words a colleague wrote down, where it is somebody else than the customer; '' else."""
    noted = message.staff_id is not None and message.kind is not Channel.MAIL
    return message.sender_name if noted and fold(message.sender_name) != fold(talk.customer.name) else ""


def _head(message: Message, side: str, talk: Conversation, speech: Speech) -> str:
    _, speaker = speech.say, _other_speaker(message, talk)
    when = day_and_time(message.happened_at, speech)
    name = message.staff_name or message.sender_name or message.sender_address
    missed = _("{name} hat angerufen, nicht erreicht · {time}")
    spoken = _("{name} hat angerufen, auf die Mailbox gesprochen · {time}")
    special = {
        MessageRole.NOTE: _("Notiz von {name} · {time} · nur für uns"),
        MessageRole.ATTEMPT: spoken if message.id in talk.on_mailbox else missed,
        MessageRole.FORWARD: _("{name} hat weitergeleitet · {time}"),
        MessageRole.THIRD_PERSON: _("{name} antwortet auf unsere Weiterleitung · {time}"),
        MessageRole.MACHINE: _("Automatische Nachricht · {name} · {time}"),
    }
    noted = side == "customer" and message.staff_name
    usual = _("Notiert von {name} · {time}") if noted else "{name} · {time}" if name else "{time}"
    usual = _("{speaker}, notiert von {name} · {time}") if speaker else usual
    return special.get(message.role, usual).format(name=name, time=when, speaker=speaker)


def _file(file: Attachment, speech: Speech) -> dict[str, str]:
    href = "" if file.refusal else f"/intern/datei/{file.id}"
    return {
        "name": file.file_name,
        "href": href,
        "note": stored(file.refusal, speech.say) or file_size(file.size, speech),
    }


def file_size(size: int, speech: Speech) -> str:
    """«312 KB», «1,4 MB»."""
    if size < 1_000_000:
        return f"{max(1, size // 1000)} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".", "," if speech.locale.language == "de" else ".")


def _state(message: Message, speech: Speech) -> dict[str, Any] | None:
    """What became of a reply: on its way, failed, unsure, came back; None when it is simply there."""
    _ = speech.say
    if message.bounced_at:
        came_back = _("Kam zurück, der Empfänger ist nicht erreichbar. {problem}").format(
            problem=stored(message.problem, _)
        )
        way_on = _("Rufen Sie an, oder schreiben Sie an eine andere Adresse.")
        return _notice("bad", "undo", f"{came_back.strip()} {way_on}")
    if message.outbox_state == OutboxState.QUEUED and message.due_at:
        back = {"name": "take_back", "label": _("Zurückholen"), "icon": "undo"}
        if message.problem:
            text = _("Noch nicht hinausgegangen, nächster Versuch {time}. {problem}")
            reason, due = stored(message.problem, _), due_time(message.due_at, speech)
            return _notice("warn", "hourglass_top", text.format(time=due, problem=reason), back)
        return {**_notice("wait", "schedule_send", "", back), "until": message.due_at.isoformat()}
    if message.outbox_state == OutboxState.SENDING:
        return _notice("wait", "schedule_send", _("geht gerade hinaus"))
    if message.outbox_state in {OutboxState.FAILED, OutboxState.UNSURE}:
        return _undelivered(message, speech)
    return _notice("warn", "hourglass_top", _("Kommt verspätet an")) if message.delayed_at else None


def _notice(tone: str, icon: str, text: str, *actions: dict[str, str]) -> dict[str, Any]:
    return {"tone": tone, "icon": icon, "text": text, "actions": list(actions)}


def _undelivered(message: Message, speech: Speech) -> dict[str, Any]:
    """Failed or unsure: what went wrong, and the two ways on."""
    _ = speech.say
    again = {"name": "send_again", "label": _("Noch einmal senden"), "icon": "refresh"}
    if message.outbox_state == OutboxState.FAILED:
        icon, text = "error", _("Nicht hinausgegangen. {problem}")
        other = {"name": "give_up", "label": _("Aufgeben"), "icon": "undo"}
    else:
        icon, text = "help", _("Unsicher, ob sie angekommen ist. {problem}")
        other = {"name": "confirm", "label": _("Kam an"), "icon": "check"}
    return _notice("bad", icon, text.format(problem=stored(message.problem, _)).strip(), again, other)


def _event(event: Event, talk: Conversation, speech: Speech) -> Entry | None:
    _ = speech.say
    words: dict[str, tuple[str, str]] = {
        "closed": ("check_circle", _("Geschlossen: {reason}")),
        "reopened": ("undo", _("Wieder geöffnet")),
        "wished": ("bookmark_add", _("Wunsch notiert")),
        "idea": ("lightbulb", _("Idee vom Kunden")),
        "merged": ("merge", _("Zwei Anfragen zusammengeführt")),
        "confirmed_sent": ("check", _("Als angekommen bestätigt")),
        "closing": ("check_circle", _("Wird geschlossen, sobald die Antwort hinausgegangen ist")),
    }
    kind, reason = _close_with(event, talk) if event.kind == "closed_with" else (event.kind, event.detail)
    if kind not in words:
        return None
    icon, text = words[kind]
    if kind == "closed":
        text = text.format(reason=close_word(reason, speech.say))
    head = f"{text} · {day_and_time(event.happened_at, speech)}"
    return {
        "id": -event.id,
        "side": "event",
        "icon": icon,
        "head": head,
        "text": "",
        "long": False,
        "to": "",
        "quoted": "",
        "files": [],
        "state": None,
    }


def _close_with(event: Event, talk: Conversation) -> tuple[str, str]:
    """(kind, reason) of a close that went along with a reply; ("", "") where that reply never left like that."""
    replies = {message.id: message for message in talk.messages if message.happened_at <= event.happened_at}
    reply = replies.get(int(event.detail))
    if reply is None or reply.bounced_at:
        return "", ""
    kinds = {OutboxState.SENT: "closed", OutboxState.QUEUED: "closing", OutboxState.SENDING: "closing"}
    return kinds.get(OutboxState(reply.outbox_state), ""), CloseReason.ANSWERED


def _words(speech: Speech) -> dict[str, str]:
    _ = speech.say
    return {
        "more": _("Ganze Nachricht zeigen"),
        "less": _("Weniger zeigen"),
        "earlier": _("{count} frühere Nachrichten zeigen"),
        "earlierOne": _("Eine frühere Nachricht zeigen"),
        "leaves_in": _("geht in {seconds} s hinaus"),
        "leaves_now": _("geht gerade hinaus"),
    }
