"""What a copied chat says in place of a picture, a voice message or a file, told in one word each.

Notations seen: Android «<Medien ausgeschlossen>», «<Media omitted>», «IMG-20261122-WA0001.jpg (Datei angehängt)»; iOS
«Bild weggelassen» and «Angebot.pdf • 2 Seiten Dokument weggelassen» behind a mark that no keyboard has, and
«<Anhang: 00000012-PHOTO-2026-11-22-17-51-02.jpg>». A name that a person gave a file stays, one that the app made goes.
"""

from __future__ import annotations

import re

PICTURE, VIDEO, VOICE, FILE = "(Bild)", "(Video)", "(Sprachnachricht)", "(Datei)"
MEDIA = (PICTURE, VIDEO, VOICE, FILE)
_LEFT_TO_RIGHT = "\u200e"
_KINDS = {
    PICTURE: r"Bild|Foto|GIF|Sticker|image|photo|immagine",
    VIDEO: r"Video(?:nachricht|notiz)?|video (?:message|note)|vidéo",
    VOICE: r"Sprachnachricht|Audio|voice message",
    FILE: r"Medien|Dokument|Kontaktkarte|media|médias?|document|documento|contact card",
}
_LEFT_OUT = r"(?:weggelassen|ausgeschlossen|ausgelassen|omitted|omise?s?|absente?|omess[aoei]|non inclus[ao])"
_WHAT = "|".join(f"(?P<k{at}>{words})" for at, words in enumerate(_KINDS.values()))
_OMITTED = re.compile(rf"(?:{_WHAT}) {_LEFT_OUT}\.?", re.I)
_IN_BRACKETS = re.compile(rf"<(?:view once )?(?:{_WHAT}) {_LEFT_OUT}\.?>", re.I)
_ATTACHED = (
    re.compile(r"<(?:Anhang|attached|pièce jointe|allegato)\s?: (?P<file>[^<>]+)>", re.I),
    re.compile(r"^(?P<file>\S.*\.\w{2,5}) \((?:Datei angehängt|file attached|fichier joint|file allegato)\)", re.I),
)
_ENDINGS = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "gif", "heic"), PICTURE),
    **dict.fromkeys(("mp4", "mov", "m4v", "3gp"), VIDEO),
    **dict.fromkeys(("opus", "ogg", "m4a", "mp3", "aac", "amr"), VOICE),
}
_BY_THE_APP = re.compile(r"[A-Z]{3}-\d{8}-WA\d+\.\w+|\d{8}-[A-Z]+-[\d-]+\.\w+")
_NUMBERED = re.compile(r"^\d{8}-")  # so iPhones begin every name


def tell_media(row: str, marked: str) -> str:
    """A line of a chat with «(Bild)», «(Video)», «(Sprachnachricht)» or «(Datei)» for what the app says in their place.

    `marked` is the line with its marks: words that anybody may write, such as «Bild weggelassen», are the app's where
    they are the whole line, or end it behind a mark or behind a file's name and pages.
    """
    row = _IN_BRACKETS.sub(_kind, row)
    for pattern in _ATTACHED:
        row = pattern.sub(_named, row)
    last = next((match for match in _OMITTED.finditer(row) if match.end() == len(row.rstrip())), None)
    if last is None:
        return row
    before = row[: last.start()]
    is_the_apps = not before.strip() or " • " in before or f"{_LEFT_TO_RIGHT}{last[0]}" in marked
    return f"{before}{_kind(last)}" if is_the_apps else row


def _kind(match: re.Match[str]) -> str:
    return next(kind for at, kind in enumerate(_KINDS) if match[f"k{at}"])


def _named(match: re.Match[str]) -> str:
    name = match["file"].strip()
    kind = _ENDINGS.get(name.rpartition(".")[2].lower(), FILE)
    return kind if _BY_THE_APP.fullmatch(name) else f"{_NUMBERED.sub('', name)} {kind}"
