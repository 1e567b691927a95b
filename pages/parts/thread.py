"""The course of an inquiry as one component: their words, ours, notes, attempts, and what became of each reply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from data.records import Attachment, Event, Message, MessageRole, OutboxState
from pages.parts.dom import script
from pages.parts.words import CHANNEL_ICONS, Speech, close_word, day_and_time, stored
from services.conversations import Conversation
from services.drafts import SIGNATURE
from services.filing import UNREADABLE

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
    timed = [(m.happened_at, m.id, _message(m, talk.attachments.get(m.id, []), speech)) for m in shown]
    timed += [(e.happened_at, e.id, entry) for e in talk.events if (entry := _event(e, talk, speech))]
    return [entry for _at, _id, entry in sorted(timed, key=lambda row: row[:2])]


def _folded(entries: list[Entry]) -> int:
    """How many of the oldest stay folded: what came before the customer's last words; the reply box stays in sight.

    Two entries are always shown, and nothing that still needs a person is ever hidden.
    """
    spoken = [place for place, entry in enumerate(entries) if entry["side"] == "customer"]
    undone = [place for place, entry in enumerate(entries) if entry["state"]]
    return max(0, min(len(entries) - 2, *(spoken[-1:] or [0]), *undone[:1]))


def _message(message: Message, files: list[Attachment], speech: Speech) -> Entry:
    side = "us" if message.role in _OURS else _SIDES.get(message.role, "customer")
    text = speech.say(UNREADABLE) if message.body == UNREADABLE else message.body.strip()
    if side == "us":
        text = text.rpartition(SIGNATURE)[0] or text
    return {
        "id": message.id,
        "side": side,
        "icon": _icon(message),
        "head": _head(message, side, speech),
        "text": text,
        "long": len(text) > LONG or text.count("\n") > 14,
        "quoted": message.quoted.strip(),
        "files": [_file(file, speech) for file in files],
        "state": _state(message, speech),
    }


def _icon(message: Message) -> str:
    special = {
        MessageRole.MACHINE: "smart_toy",
        MessageRole.ATTEMPT: "phone_missed",
        MessageRole.FORWARD: "forward",
        MessageRole.THIRD_PERSON: "reply",
    }
    return special.get(message.role, CHANNEL_ICONS[message.kind])


def _head(message: Message, side: str, speech: Speech) -> str:
    _ = speech.say
    when = day_and_time(message.happened_at, speech)
    name = message.staff_name or message.sender_name or message.sender_address
    if message.role is MessageRole.NOTE:
        return _("Notiz von {name} · {time} · nur für uns").format(name=name, time=when)
    if message.role is MessageRole.ATTEMPT:
        return _("{name} hat angerufen, nicht erreicht · {time}").format(name=name, time=when)
    if message.role is MessageRole.FORWARD:
        return _("{name} hat weitergeleitet · {time}").format(name=name, time=when)
    if message.role is MessageRole.THIRD_PERSON:
        return _("{name} antwortet auf unsere Weiterleitung · {time}").format(name=name, time=when)
    if message.role is MessageRole.MACHINE:
        return _("Automatische Nachricht · {name} · {time}").format(name=name, time=when)
    noted = side == "customer" and message.staff_name
    if noted:
        return _("Notiert von {name} · {time}").format(name=name, time=when)
    return f"{name} · {when}" if name else when


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
        return _plain_state("bad", "undo", f"{came_back.strip()} {way_on}")
    if message.outbox_state == OutboxState.QUEUED and message.due_at:
        back = {"name": "take_back", "label": _("Zurückholen"), "icon": "undo"}
        return {
            "tone": "wait",
            "icon": "schedule_send",
            "text": "",
            "until": message.due_at.isoformat(),
            "actions": [back],
        }
    states = {
        OutboxState.SENDING: lambda: _plain_state("wait", "schedule_send", _("geht gerade hinaus")),
        OutboxState.FAILED: lambda: _failed(message, speech),
        OutboxState.UNSURE: lambda: _unsure(message, speech),
    }
    if message.outbox_state in states:
        return states[OutboxState(message.outbox_state)]()
    return _plain_state("warn", "hourglass_top", _("Kommt verspätet an")) if message.delayed_at else None


def _plain_state(tone: str, icon: str, text: str) -> dict[str, Any]:
    return {"tone": tone, "icon": icon, "text": text, "actions": []}


def _failed(message: Message, speech: Speech) -> dict[str, Any]:
    _ = speech.say
    text = _("Nicht hinausgegangen. {problem}").format(problem=stored(message.problem, _)).strip()
    actions = [
        {"name": "send_again", "label": _("Noch einmal senden"), "icon": "refresh"},
        {"name": "give_up", "label": _("Aufgeben"), "icon": "undo"},
    ]
    return {"tone": "bad", "icon": "error", "text": text, "actions": actions}


def _unsure(message: Message, speech: Speech) -> dict[str, Any]:
    _ = speech.say
    actions = [
        {"name": "send_again", "label": _("Noch einmal senden"), "icon": "refresh"},
        {"name": "confirm", "label": _("Kam an"), "icon": "check"},
    ]
    text = _("Unsicher, ob sie angekommen ist. {problem}").format(problem=stored(message.problem, _)).strip()
    return {"tone": "bad", "icon": "help", "text": text, "actions": actions}


def _event(event: Event, talk: Conversation, speech: Speech) -> Entry | None:
    _ = speech.say
    words: dict[str, tuple[str, str]] = {
        "closed": ("check_circle", _("Geschlossen: {reason}")),
        "reopened": ("undo", _("Wieder geöffnet")),
        "merged": ("merge", _("Zwei Anfragen zusammengeführt")),
        "confirmed_sent": ("check", _("Als angekommen bestätigt")),
    }
    if event.kind not in words:
        return None
    icon, text = words[event.kind]
    if event.kind == "closed":
        text = text.format(reason=close_word(event.detail, speech.say))
    head = f"{text} · {day_and_time(event.happened_at, speech)}"
    return {
        "id": -event.id,
        "side": "event",
        "icon": icon,
        "head": head,
        "text": "",
        "long": False,
        "quoted": "",
        "files": [],
        "state": None,
    }


def _words(speech: Speech) -> dict[str, str]:
    _ = speech.say
    return {
        "more": _("Ganze Nachricht zeigen"),
        "less": _("Weniger zeigen"),
        "earlier": _("{count} frühere zeigen"),
        "leaves_in": _("geht in {seconds} s hinaus"),
        "leaves_now": _("geht gerade hinaus"),
    }
