"""Records as rows of the list component: what stands where, in which words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.promises import Call
from data.records import Dismissed, InquiryRow, InquiryState, PromiseState
from pages.parts.words import (
    CHANNEL_ICONS,
    Speech,
    channel_word,
    clock_time,
    coming_time,
    day_and_time,
    day_word,
    due_time,
    due_word,
    name_or,
    open_span,
    outbox_problem_word,
    past_time,
    urgency_badge,
    wait_figure,
)
from services.customers import FoundCustomer
from services.inquiries import InquiryLine
from services.promises import TOPIC_LENGTH
from services.rules.phones import show_phone
from services.typed import shorten

Item = dict[str, Any]
_WAYS = {"phone": "call", "mail": "mail"}
_QUIET: Item = {"lead": "", "unit": "", "rest": "", "tone": "ok", "badge": None, "flag": "", "alert": "", "owner": ""}


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
    if row.unsent:
        return {"icon": "edit_note", "word": _("Entwurf")}
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
        return _("Zurückrufen bis {time}").format(time=due_time(row.promise_due_at, speech))
    if row.next_step:
        return f"{row.next_step}, {due_time(row.next_step_at, speech)}" if row.next_step_at else row.next_step
    if line.answer_by and line.answer_by < speech.now:
        return _("Fällig seit {time}").format(time=past_time(line.answer_by, speech))
    return _("Antworten bis {time}").format(time=due_time(line.answer_by, speech)) if line.answer_by else ""


def promise_item(call: Call, speech: Speech, country: str, *, with_wait: bool = False) -> Item:
    """A row of «Heute versprochen» and of Rückrufe: the time, who, why, what was tried, the number; with the wait of
    the inquiry where there is room."""
    _ = speech.say
    minutes = (call.due_at - speech.now).total_seconds() / 60
    today = call.due_at.astimezone(speech.zone).date() == speech.now.astimezone(speech.zone).date()
    return {
        **_QUIET,
        "id": call.id,
        "target": call.inquiry_id,
        "lead": clock_time(call.due_at, speech),
        "rest": due_word(call.due_at, speech) if today or minutes < 0 else day_word(call.due_at, speech),
        "tone": "late" if minutes < 0 else "soon" if minutes < 60 else "ok",
        "badge": {"icon": "error", "word": _("Überfällig")} if minutes < 0 else None,
        "title": name_or(call.customer_name, speech.say),
        "text": shorten(call.topic, TOPIC_LENGTH),
        "meta": _call_facts(call, speech, with_wait=with_wait),
        "owner": call.staff_name.split(" ")[0] or _("Wer frei ist"),
        "unowned": not call.staff_name,
        "call": {"number": call.phone, "word": show_phone(call.phone, country)} if call.phone else None,
        "acts": _call_acts(call, speech),
        "more": {"word": _("Mehr"), "acts": _call_ends(speech)},
        "afterwards": {_("Erreicht"): [{"name": "undo", "icon": "undo", "word": _("Doch nicht erreicht")}]},
    }


def _call_acts(call: Call, speech: Speech) -> list[dict[str, str]]:
    _ = speech.say
    write = {"name": "write", "icon": "mail", "word": _("Nachricht schreiben")}
    return [
        {"name": "kept", "icon": "check", "word": _("Erreicht")},
        {"name": "tried", "icon": "phone_missed", "word": _("Niemand da")},
        {"name": "mailbox", "icon": "voicemail", "word": _("Mailbox")},
        *([write] if call.tries and call.has_mail else []),
    ]


def _call_ends(speech: Speech) -> list[dict[str, str]]:
    """What is wanted seldom, behind one button."""
    _ = speech.say
    return [
        {"name": "move", "icon": "update", "word": _("Verschieben")},
        {"name": "withdraw", "icon": "event_busy", "word": _("Zurücknehmen")},
    ]


def _call_facts(call: Call, speech: Speech, *, with_wait: bool) -> list[dict[str, str]]:
    _ = speech.say
    facts = []
    if call.from_at is not None:
        window = f"{clock_time(call.from_at, speech)}–{clock_time(call.due_at, speech)}"
        facts.append({"icon": "schedule", "text": window})
    if call.source != "shop":
        facts.append({"icon": "language", "text": _("selbst gewünscht")})
    if not call.on_card:
        facts.append({"icon": "warning", "text": _("Nummer auf keiner Karte")})
    if with_wait and call.waiting_since is not None:
        span = wait_figure(int((speech.now - call.waiting_since).total_seconds() // 60), speech)
        facts.append({"icon": "hourglass_empty", "text": _("wartet {span}").format(span=span)})
    icons = ("phone_missed", "event_repeat")
    return facts + [{"icon": icon, "text": text} for icon, text in zip(icons, tries_words(call, speech), strict=False)]


def tries_words(call: Call, speech: Speech) -> list[str]:
    """«2-mal versucht, zuletzt 10:20, Mailbox» and «Nächster Versuch heute, 15:30»; nothing before the first try."""
    _ = speech.say
    if not call.tries or call.last_try_at is None:
        return []
    outcome = _("Mailbox") if call.last_outcome == "mailbox" else _("nicht erreicht")
    last = past_time(call.last_try_at, speech)
    told = _("{count}-mal versucht, zuletzt\xa0{time}, {outcome}")
    words = [told.format(count=call.tries, time=last, outcome=outcome)]
    if call.next_try_at is not None:
        words.append(_plan_words(call.next_try_at, speech))
    return words


def _plan_words(planned: datetime, speech: Speech) -> str:
    _ = speech.say
    if planned > speech.now:
        return _("Nächster Versuch {time}").format(time=coming_time(planned, speech))
    words, time = _("Nächster Versuch war um {time} dran"), clock_time(planned, speech)
    if past_time(planned, speech) != time:
        words, time = _("Nächster Versuch war dran: {time}"), past_time(planned, speech)
    return words.format(time=time)


def promise_end(state: PromiseState, speech: Speech) -> str:
    """What came of a promise that is not among those of today any more."""
    _ = speech.say
    words = {PromiseState.KEPT: _("Erreicht"), PromiseState.WITHDRAWN: _("Zurückgenommen")}
    return words.get(state, _("Verschoben"))


def dismissed_item(row: Dismissed, speech: Speech) -> Item:
    """A row of «Keine Kundenanfragen», with its way back."""
    _ = speech.say
    return {
        **_QUIET,
        "id": row.id,
        "tone": "customer",
        "title": name_or(row.customer_name, speech.say),
        "text": row.subject or row.snippet,
        "meta": [{"icon": CHANNEL_ICONS[row.channel], "text": day_and_time(row.dismissed_at, speech)}],
        "still": True,
        "acts": [{"name": "restore", "icon": "undo", "word": _("Doch eine Kundenanfrage")}],
    }


def customer_item(found: FoundCustomer, speech: Speech) -> Item:
    """A row of Kunden: with the newest number and mail address, by which namesakes are told apart."""
    _ = speech.say
    customer = found.customer
    newest = {contact.kind: contact.shown for contact in reversed(found.contacts)}
    facts = [{"icon": icon, "text": newest[kind]} for kind, icon in _WAYS.items() if kind in newest]
    if customer.form_of_address == "du":
        facts.append({"icon": "person", "text": _("Per Du")})
    title = name_or(customer.name, speech.say)
    return {**_QUIET, "id": customer.id, "title": title, "text": customer.note, "meta": facts}


def history_item(row: InquiryRow, speech: Speech) -> Item:
    """A row of a customer's history: the day, the matter, how it stands."""
    _ = speech.say
    return {
        **_QUIET,
        "id": row.id,
        "tone": "customer" if row.state is InquiryState.CLOSED else "ok",
        "badge": _badge(row, "chat_bubble", _("Offen"), speech),
        "title": row.subject or channel_word(row.channel, speech.say),
        "text": row.snippet,
        "alert": outbox_problem_word(row.outbox_problem, speech.say),
        "meta": [{"icon": CHANNEL_ICONS[row.channel], "text": day_and_time(row.last_message_at, speech)}],
    }
