"""Attachments of mails, handed out to people of the shop."""

from __future__ import annotations

import data.messages
from data.records import Actor, Attachment
from services.errors import NotFoundError
from services.shop import Shop

_LARGEST_ID = 2**63 - 1


def open_attachment(shop: Shop, actor: Actor, attachment_id: int) -> tuple[Attachment, bytes]:
    """An attachment and its content; anybody of the shop may read it.

    Raises NotFoundError when it was never kept, was refused on arrival, or when its file is gone.
    """
    known = 0 < attachment_id <= _LARGEST_ID
    found = data.messages.read_attachment(shop.store, attachment_id) if known else None
    if found is None or found.refusal:
        raise NotFoundError("Diesen Anhang gibt es nicht.")
    try:
        return found, shop.files.read(found.sha256)
    except FileNotFoundError as error:
        raise NotFoundError("Diese Datei fehlt im Datenordner.") from error
