"""Which parts of a mail are its text, which are files, and which are words between machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

_MACHINE_PARTS = {
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "text/rfc822-headers",
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}


@dataclass
class Parts:
    """A mail taken apart; nothing that carries content is in none of the lists but machine parts."""

    plain: list[Message] = field(default_factory=list)
    html: list[Message] = field(default_factory=list)
    files: list[Message] = field(default_factory=list)

    def add(self, other: Parts) -> None:
        """Take in everything of `other`."""
        self.plain += other.plain
        self.html += other.html
        self.files += other.files


def split_parts(message: Message) -> Parts:
    """The parts of `message`; a text with a file name that is all the mail has counts as its text."""
    parts = _split(message)
    if not parts.plain and not parts.html:
        _take_named_text(parts)
    return parts


def leaves(message: Message) -> Iterator[Message]:
    """Every part that holds content, in order; a forwarded mail is one leaf and is not entered."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if _is_container(part):
            waiting += reversed(children(part))
        else:
            yield part


def children(part: Message) -> list[Message]:
    """The parts inside a container."""
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _is_container(part: Message) -> bool:
    return part.get_content_maintype() == "multipart" and part.is_multipart()


def _split(part: Message) -> Parts:
    if not _is_container(part):
        return _sort_leaf(part)
    split = [_split(child) for child in children(part)]
    if part.get_content_type() == "multipart/alternative":
        return _choose(split)
    found = Parts()
    for one in split:
        found.add(one)
    if part.get_content_type() == "multipart/report":
        found.files = [file for file in found.files if file.get_content_type() != "message/rfc822"]
    return found


def _choose(alternatives: list[Parts]) -> Parts:
    """Plain text if it says something, else HTML; files of every alternative stay."""
    chosen = Parts()
    for alternative in alternatives:
        chosen.files += alternative.files
    spoken = [a for a in alternatives if any(_says_something(text) for text in a.plain)]
    marked = [a for a in alternatives if a.html]
    best = spoken[0] if spoken else marked[-1] if marked else (alternatives or [Parts()])[0]
    chosen.plain, chosen.html = best.plain, best.html
    return chosen


def _says_something(part: Message) -> bool:
    raw = part.get_payload(decode=True)
    return isinstance(raw, bytes) and bool(raw.replace(b"\xc2\xa0", b"").strip())


def _sort_leaf(part: Message) -> Parts:
    kind = part.get_content_type()
    if kind in _MACHINE_PARTS:
        return Parts()
    if part.get_content_disposition() == "attachment" or _has_name(part):
        return Parts(files=[part])
    if kind == "text/html":
        return Parts(html=[part])
    # A container without boundary is one piece of raw text: better shown than lost.
    if kind == "text/plain" or part.get_content_maintype() == "multipart":
        return Parts(plain=[part])
    return Parts(files=[part])


def _has_name(part: Message) -> bool:
    try:
        return bool(part.get_filename())
    except (TypeError, ValueError, LookupError):
        # The standard library stumbles over mixed up name*0 and name*.
        return True


def _take_named_text(parts: Parts) -> None:
    for file in parts.files:
        if file.get_content_maintype() == "text" and file.get_content_disposition() != "attachment":
            target = {"text/plain": parts.plain, "text/html": parts.html}.get(file.get_content_type())
            if target is not None:
                target.append(file)
                parts.files.remove(file)
                return
