"""Records as rows of the list component: what stands where, in which words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.records import Customer, InquiryRow, InquiryState, Promise
from pages.parts.plain import shorten
from pages.parts.words import (
    CHANNEL_ICONS,
    Speech,
    channel_word,
    clock_time,
    day_and_time,
    day_word,
    due_word,
    name_or,
    open_span,
    outbox_problem_word,
    urgency_badge,
    wait_figure,
)
from services.inquiries import InquiryLine
from services.rules.phones import show_phone

Item = dict[str, Any]
TOPIC = 79  # a topic is cut at 80 signs when it is noted; one that long ends at a word


def inquiry_item(line: InquiryLine, speech: Speech, *, with_owner: bool = True) -> Item:
    """A row of Anfragen: the wait, who, their words, channel and what comes next."""
    row = line.row
    figure = wait_figure(line.wall_minutes, speech)
    icon, word = urgency_badge(line.urgency, speech.say)
    return {
        "id": row.id,
        "lead": figure.lead,
        "unit": figure.unit,
        "rest": figure.rest,
        "tone": str(line.urgency),
        "badge": _badge(row, icon, word, speech),
        "title": name_or(row.customer_name, speech.say),
        "flag": _again(row.contacts_waiting, speech),
        "text": row.snippet or row.subject,
        "alert": outbox_problem_word(row.outbox_problem, speech.say),
        "meta": _facts(line, speech),
        "owner": (row.owner_name.split(" ")[0] or _nobody(row, speech)) if with_owner else None,
        "unowned": not row.owner_name,
    }


def _nobody(row: InquiryRow, speech: Speech) -> str:
    """A gap that one sees, while somebody waits."""
    return speech.say("noch niemand") if row.waiting_since else ""


def _badge(row: InquiryRow, icon: str, word: str, speech: Speech) -> dict[str, str]:
    _ = speech.say
    quiet = {
        InquiryState.CLOSED: {"icon": "check", "word": _("Erledigt")},
        InquiryState.EARLIER: {"icon": "history", "word": _("Vorher")},
        InquiryState.MACHINE: {"icon": "smart_toy", "word": _("Automatisch")},
    }
    return quiet.get(row.state, {"icon": icon, "word": word})


def _again(contacts: int, speech: Speech) -> str:
    _ = speech.say
    return _("fragt zum {count}. Mal").format(count=contacts) if contacts > 1 else ""


def _facts(line: InquiryLine, speech: Speech) -> list[dict[str, str]]:
    row = line.row
    facts = [{"icon": CHANNEL_ICONS[row.channel], "text": channel_word(row.channel, speech.say)}]
    if span := open_span(line, speech):
        facts.append({"icon": "schedule", "text": span})
    if step := next_step(line, speech):
        facts.append({"icon": "arrow_forward", "text": step})
    return facts


def next_step(line: InquiryLine, speech: Speech) -> str:
    """What comes next, the promise before the plan before the goal."""
    _ = speech.say
    row = line.row
    if row.snoozed_until_at and row.snoozed_until_at > speech.now:
        day, at = day_word(row.snoozed_until_at, speech), clock_time(row.snoozed_until_at, speech)
        return _("Steht {day} um {time} wieder da").format(day=day, time=at)
    if row.promise_due_at:
        return _("Zurückrufen bis {time}").format(time=_by(row.promise_due_at, speech))
    if row.next_step:
        return f"{row.next_step}, {_by(row.next_step_at, speech)}" if row.next_step_at else row.next_step
    if line.answer_by:
        due = _("Fällig seit {time}") if line.answer_by < speech.now else _("Antworten bis {time}")
        return due.format(time=_by(line.answer_by, speech))
    return ""


def _by(at: datetime, speech: Speech) -> str:
    """«11:30» today, «Freitag, 11:30» else."""
    same = at.astimezone(speech.zone).date() == speech.now.astimezone(speech.zone).date()
    return clock_time(at, speech) if same else day_and_time(at, speech)


def promise_item(promise: Promise, speech: Speech, country: str) -> Item:
    """A row of «Heute versprochen»: the time, who, why, the number."""
    _ = speech.say
    minutes = (promise.due_at - speech.now).total_seconds() / 60
    tone = "late" if minutes < 0 else "soon" if minutes < 60 else "ok"
    facts = [{"icon": "call", "text": show_phone(promise.phone, country)}] if promise.phone else []
    if promise.tries:
        tries = _("{count}-mal nicht erreicht").format(count=promise.tries)
        facts.append({"icon": "phone_missed", "text": tries})
    return {
        "id": promise.id,
        "target": promise.inquiry_id,
        "lead": clock_time(promise.due_at, speech),
        "unit": "",
        "rest": due_word(promise.due_at, speech),
        "tone": tone,
        "badge": None,
        "title": name_or(promise.customer_name, speech.say),
        "flag": "",
        "text": shorten(promise.topic, TOPIC),
        "alert": "",
        "meta": facts,
        "owner": promise.staff_name.split(" ")[0],
    }


def customer_item(customer: Customer, speech: Speech) -> Item:
    """A row of Kunden."""
    _ = speech.say
    informal = [{"icon": "person", "text": _("Per Du")}] if customer.form_of_address == "du" else []
    return {
        "id": customer.id,
        "lead": "",
        "unit": "",
        "rest": "",
        "tone": "ok",
        "badge": None,
        "title": name_or(customer.name, speech.say),
        "flag": "",
        "text": customer.note,
        "alert": "",
        "meta": informal,
        "owner": "",
    }


def history_item(row: InquiryRow, speech: Speech) -> Item:
    """A row of a customer's history: the day, the matter, how it stands."""
    _ = speech.say
    open_badge = {"icon": "chat_bubble", "word": _("Offen")}
    return {
        "id": row.id,
        "lead": "",
        "unit": "",
        "rest": "",
        "tone": "customer" if row.state is InquiryState.CLOSED else "ok",
        "badge": _badge(row, open_badge["icon"], open_badge["word"], speech),
        "title": row.subject or channel_word(row.channel, speech.say),
        "flag": "",
        "text": row.snippet,
        "alert": outbox_problem_word(row.outbox_problem, speech.say),
        "meta": [{"icon": CHANNEL_ICONS[row.channel], "text": day_and_time(row.last_message_at, speech)}],
        "owner": "",
    }
