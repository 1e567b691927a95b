"""Files that come with a mail: names made safe to show, dangerous and oversized ones left in the mail itself."""

from __future__ import annotations

import re
import unicodedata
from email.message import Message
from pathlib import PurePosixPath

from imap_tools.message import MailAttachment

from services.mail.contract import ParsedAttachment

LARGEST_FILE = 15_000_000  # bytes; base64 makes 20 MB of it, what GMX and many hosters carry
MOST_FILES = 25
LONGEST_NAME = 100
CUT_HEADER = "X-Theke-Cut"  # put before a mail that was too large to be fetched whole
CUT = "Diese Mail ist für Theke zu groß. Ihre Dateien finden Sie in Ihrem Mailprogramm."
TOO_LARGE = "Diese Datei ist größer als 15 MB. Sie finden sie in Ihrem Mailprogramm."
TOO_MANY = "Theke zeigt höchstens 25 Dateien einer Mail. Die übrigen finden Sie in Ihrem Mailprogramm."
DAMAGED = "Diese Datei ist beschädigt. Sie finden sie in Ihrem Mailprogramm."
DANGEROUS = "Dateien dieser Art können den Computer beschädigen. Theke öffnet sie nicht."

_DANGEROUS_ENDINGS = (
    "ade adp apk app application appx bat cab chm cmd com cpl dll dmg exe gadget hta img ins inf iso isp jar jnlp js "
    "jse lib lnk mde msc msi msix msp mst nsh pif ps1 ps2 psm1 reg scf scr sct settingcontent-ms sh shb sys url vb vbe "
    "vbs vhd vhdx vxd wsc wsf wsh xll"
)
_ENDINGS = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic",
    "application/pdf": ".pdf", "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv",
    "text/vcard": ".vcf", "text/x-vcard": ".vcf", "message/rfc822": ".eml", "application/zip": ".zip",
}  # fmt: skip
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}$")


def attachments_of(files: list[Message], *, cut: bool = False) -> tuple[ParsedAttachment, ...]:
    """The files of a mail, at most 25 and a last entry that counts the rest. `cut`: the mail was not fetched whole."""
    found = [_attachment(part, number, cut=cut) for number, part in enumerate(files[:MOST_FILES], start=1)]
    if cut and not found:
        found.append(ParsedAttachment("Mail.eml", "message/rfc822", b"", CUT))
    if len(files) > MOST_FILES:
        more = f"{len(files) - MOST_FILES} weitere Dateien"
        found.append(ParsedAttachment(more, "application/octet-stream", b"", TOO_MANY))
    return tuple(found)


def safe_name(raw: str) -> str:
    """A file name fit to be shown and offered: no path, no control or direction characters, at most 100 characters.

    '' when nothing sensible is left.
    """
    name = unicodedata.normalize("NFC", raw.encode("utf-8", "replace").decode())
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(_shown(character) for character in name)
    name = re.sub(r'[<>:"|?*]', "_", " ".join(name.split())).strip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name) if name.strip("_") else ""


def _attachment(part: Message, number: int, *, cut: bool) -> ParsedAttachment:
    file = MailAttachment(part)
    media_type = part.get_content_type().lower()
    media_type = media_type if _MEDIA_TYPE.match(media_type) else "application/octet-stream"
    name = safe_name(_told_name(file)) or _invented(media_type, number)
    content = b"" if cut else _content(file)
    refusal = CUT if cut else _refusal(name, content)
    return ParsedAttachment(name, media_type, b"" if refusal else content or b"", refusal)


def _told_name(file: MailAttachment) -> str:
    try:
        return str(file.filename)
    except (TypeError, ValueError, LookupError):
        return ""


def _content(file: MailAttachment) -> bytes | None:
    """None where a forwarded mail is too broken to be written down again."""
    try:
        return bytes(file.payload)
    except (ValueError, LookupError):
        return None


def _refusal(name: str, content: bytes | None) -> str:
    if content is None:
        return DAMAGED
    if PurePosixPath(name).suffix[1:].lower() in _DANGEROUS_ENDINGS.split():
        return DANGEROUS
    return TOO_LARGE if len(content) > LARGEST_FILE else ""


def _invented(media_type: str, number: int) -> str:
    kind = {"image": "Bild", "message": "Nachricht"}.get(media_type.split("/")[0], "Anhang")
    return f"{kind} {number}{_ENDINGS.get(media_type, '')}"


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "Z" or category == "Cc":
        return " "
    return "" if category[0] == "C" else character


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    ending = PurePosixPath(name).suffix[:12]
    return name[: LONGEST_NAME - len(ending)].rstrip(". ") + ending
