"""Drafts: what a person has typed survives sleep, reload, another tab and a restart."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from datetime import datetime, timedelta

import data.inquiries
import data.messages
import data.outbox
import data.templates
from data.records import Actor, Draft
from data.store import Transaction
from services.agreed import agreed_values
from services.arrivals import usual_hold
from services.availability import local_day
from services.customers import require_kept
from services.errors import InvalidInputError
from services.inquiries import require_inquiry, require_written_to
from services.settings import shop_settings
from services.shop import Shop
from services.staff import require_staff
from services.templates import FilledTemplate, fill_template, require_template
from services.typed import one_line
from services.wish_words import wish_values

TEXT_LENGTH = 200_000
SLOW_PAGE = timedelta(seconds=60)
SIGNATURE = data.inquiries.SIGNATURE
FILE_SIZE = 15 * 1024 * 1024
FILES_SIZE = 20 * 1024 * 1024


@dataclass(frozen=True)
class KeptDraft:
    """What was kept and when; `body` is longer than what was typed if another tab had kept a text of its own."""

    saved_at: datetime
    body: str


def save_draft(
    shop: Shop,
    actor: Actor,
    inquiry_id: int,
    *,
    body: str,
    subject: str,
    cc: str,
    seen_version: int,
    known: str | None = None,
) -> KeptDraft:
    """Keep what a person has typed, also for another tab and after a restart.

    `known` is the draft that the page has seen, see `stamp`; one that it has not seen is never written over, but stands
    above the new text. A text that is on its way already is not kept again: a slow page may still be saving it. Raises
    InvalidInputError for a text over 200 000 characters, NotFoundError where the person was erased meanwhile.
    """
    now = shop.now()
    with shop.store.write() as tx:
        inquiry_id = require_written_to(tx, inquiry_id).id
        on_their_way = data.messages.sent_just_now(tx, inquiry_id, actor.staff_id, now - SLOW_PAGE)
        if not any(text.startswith(f"{body.strip()}{SIGNATURE}") for text in on_their_way):
            old = data.outbox.read_draft(tx, inquiry_id, actor.staff_id)
            if old and known is not None and stamp(old) != known:
                body = _joined(old.body, body)
            keep_draft(tx, actor, inquiry_id, body, subject, cc, seen_version, now)
    return KeptDraft(now, body)


def stamp(draft: Draft | None) -> str:
    """What tells one state of a draft from the next; '' when there is none."""
    return draft.saved_at.isoformat() if draft else ""


def _joined(old: str, new: str) -> str:
    """Both texts; one of them where it holds the other already."""
    if not old.strip() or new.startswith(old):
        return new
    if old.startswith(new) or old.endswith(f"\n\n{new}"):
        return old
    return f"{old}\n\n{new}"


def keep_draft(
    tx: Transaction, actor: Actor, inquiry_id: int, body: str, subject: str, cc: str, seen: int, now: datetime
) -> None:
    """Write the draft of this person in the caller's transaction."""
    if len(body) > TEXT_LENGTH:
        raise InvalidInputError("Dieser Text ist zu lang für eine Mail.")
    data.outbox.save_draft(
        tx,
        {
            "inquiry_id": inquiry_id,
            "staff_id": actor.staff_id,
            "subject": one_line(subject),
            "body": body.replace("\x00", ""),
            "cc": one_line(cc),
            "seen_version": seen,
            "saved_at": now,
        },
    )


def attach_file(shop: Shop, actor: Actor, inquiry_id: int, name: str, content: bytes) -> int:
    """Put a file on the draft; its id. Raises InvalidInputError over 15 MB a file or 20 MB together."""
    if not content:
        raise InvalidInputError("Diese Datei ist leer.")
    if len(content) > FILE_SIZE:
        raise InvalidInputError("Diese Datei ist größer als 15 MB. Viele Postfächer nehmen sie nicht an.")
    file_name = one_line(name).replace("/", "_").replace("\\", "_")[-100:] or "Datei"
    require_written_to(shop.store, inquiry_id)
    sha256 = shop.files.keep(content)
    with shop.store.write() as tx:
        inquiry = require_written_to(tx, inquiry_id)
        present = data.outbox.list_draft_files(tx, inquiry.id, actor.staff_id)
        if sum(file.size for file in present) + len(content) > FILES_SIZE:
            raise InvalidInputError("Zusammen sind die Anhänge größer als 20 MB.")
        values = {
            "inquiry_id": inquiry.id,
            "staff_id": actor.staff_id,
            "file_name": file_name,
            "media_type": mimetypes.guess_type(file_name)[0] or "application/octet-stream",
            "size": len(content),
            "sha256": sha256,
        }
        return data.outbox.add_draft_file(tx, values)


def remove_file(shop: Shop, actor: Actor, file_id: int) -> None:
    """Take a file off one's own draft."""
    with shop.store.write() as tx:
        data.outbox.drop_draft_file(tx, file_id, actor.staff_id)


def offer_template(shop: Shop, actor: Actor, inquiry_id: int, code: str) -> int:
    """Make the template with this `code` the draft, unless something is typed already or it is no longer on offer.

    Its id; 0 if the draft stayed as it was. Nothing is sent.
    """
    offered = [template for template in data.templates.list_templates(shop.store) if template.code == code]
    draft = data.outbox.read_draft(shop.store, require_inquiry(shop.store, inquiry_id).id, actor.staff_id)
    if not offered or (draft is not None and draft.body.strip()):
        return 0
    use_template(shop, actor, inquiry_id, offered[0].id)
    return offered[0].id


def use_template(shop: Shop, actor: Actor, inquiry_id: int, template_id: int) -> FilledTemplate:
    """Fill a template for this customer and make it the draft; nothing is sent."""
    now = shop.now()
    with shop.store.write() as tx:
        inquiry, staff, settings = require_inquiry(tx, inquiry_id), require_staff(tx, actor.staff_id), shop_settings(tx)
        template = require_template(tx, template_id)
        agreed = agreed_values(tx, inquiry, staff, settings, now)
        held = usual_hold(tx, local_day(now, settings))
        filled = fill_template(
            template,
            customer=require_kept(tx, inquiry.customer_id),
            staff=staff,
            settings=settings,
            inquiry=inquiry,
            now=now,
            agreed={**agreed, **wish_values(tx, inquiry.id, settings, template.code, held)},
        )
        old = data.outbox.read_draft(tx, inquiry.id, actor.staff_id)
        keep_draft(tx, actor, inquiry.id, filled.body, filled.subject, old.cc if old else "", inquiry.version, now)
    return filled
