"""Folds the quoted part of a mail's text away. Lines are only ever moved behind the fold, never dropped."""

from __future__ import annotations

import re

from mailparser_reply import EmailReplyParser

FOLD_LIMIT = 100_000  # characters; behind it nothing is looked at
_LINE_LIMIT = 300  # what the parser sees of a line: its patterns need quadratic time on long ones
_SIGNATURE_LINES = 8  # a longer signature is a legal text
_TRIGGER = re.compile(r"schrieb|wrote|Von:|From:|Gesendet:|Sent:|Original", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"^[>\s]*-{2,}\s*(?:Ursprüngliche Nachricht|Urspr\. Nachricht|Original[- ]?Nachricht|Original Message|"
    r"Weitergeleitete Nachricht|Forwarded message|Original-Nachricht)\b.*-{2,}\s*$",
    re.IGNORECASE,
)
_WROTE = re.compile(r"\b(?:schrieb|wrote)\b.{0,160}:\s*$", re.IGNORECASE)
_YAHOO = re.compile(r"^.{1,160}\b(?:schrieb am|wrote on)\b.{0,40}\d.{0,120}:\s*$", re.IGNORECASE)
_SOURCE = re.compile(r"@|<[^>]*>|\b\d{1,2}:\d{2}\b")
_LABEL = re.compile(r"^[>*\s]*(Von|Gesendet|Datum|An|Betreff|From|Sent|Date|To|Subject)\s*:\*?", re.IGNORECASE)
_DATE_LABELS = {"gesendet", "datum", "sent", "date"}
_SENDER_LABELS = {"von", "from"}
_ADVERTISEMENT = re.compile(
    r"^\s*(?:Von meine[mr] .{1,60} gesendet\.?|Gesendet (?:von|mit) .{1,80}|Sent from my .{1,60}|"
    r"Sent (?:from|with) .{1,60}|Diese Nachricht wurde von meine[mr] .{1,80} gesendet\.?|"
    r"(?:Get |Holen Sie sich )?Outlook (?:für|for) (?:Android|iOS|Mac)\b.{0,120}|Von Outlook für .{1,60} gesendet\.?|"
    r"Yahoo Mail[:\s].{0,120}|<?https://aka\.ms/\S+>?)\s*$",
    re.IGNORECASE,
)


def fold_quotes(text: str) -> tuple[str, str]:
    """(what the customer wrote now, what was folded away); together every line of `text`.

    Inline answers are never folded, and where nothing would stay visible nothing is folded.
    """
    lines = text[:FOLD_LIMIT].split("\n")
    cut = _trim(lines, _quote_start(lines))
    visible = "\n".join(lines[:cut]).strip("\n")
    if cut >= len(lines) or not visible.strip():
        return text.strip("\n").rstrip(), ""
    quoted = "\n".join(lines[cut:]) + text[FOLD_LIMIT:]
    return visible.rstrip(), quoted.strip("\n")


def _quote_start(lines: list[str]) -> int:
    """Index of the first line of the quote; len(lines) if there is none."""
    candidates = [*_own_starts(lines), *_parser_start(lines)]
    for start in sorted(candidates):
        if _text_before(lines, start) and not _has_inline_answers(lines, start):
            return start
    return _trailing_quote(lines)


def _own_starts(lines: list[str]) -> list[int]:
    return [
        number
        for number, line in enumerate(lines)
        if _SEPARATOR.match(line[:_LINE_LIMIT])
        or (_YAHOO.match(line[:_LINE_LIMIT]) and _SOURCE.search(line[:_LINE_LIMIT]))
        or (line[:1] in "*VvFfGgSs_" and _is_header_block(lines, number))
    ][:20]


def _is_header_block(lines: list[str], start: int) -> bool:
    """Outlook's and GMX's block; a sender *and* a date, because contact forms also write «Von:» and «Betreff:»."""
    first = start + 1 if re.match(r"^_{20,}\s*$", lines[start][:_LINE_LIMIT]) else start
    matches = [_LABEL.match(line[:_LINE_LIMIT]) for line in lines[first : first + 6]]
    if not matches or matches[0] is None:
        return False
    labels = {match.group(1).lower() for match in matches if match}
    return bool(labels & _DATE_LABELS) and bool(labels & _SENDER_LABELS)


def _parser_start(lines: list[str]) -> list[int]:
    """Where mail-parser-reply ends the latest reply, if a look at that place confirms it."""
    shown = _squeezed(lines)
    if not _TRIGGER.search(shown):
        return []
    reply = EmailReplyParser(languages=["de", "en"]).parse_reply(shown) or ""
    kept = sum(1 for line in reply.split("\n") if line.strip())
    start = _line_after(lines, kept)
    return [start] if start < len(lines) and _is_quote_head(lines, start) else []


def _squeezed(lines: list[str]) -> str:
    """The lines, shortened, with one blank line where there were many."""
    squeezed: list[str] = []
    for line in lines:
        short = line[:_LINE_LIMIT].strip()
        if short or (squeezed and squeezed[-1]):
            squeezed.append(short)
    return "\n".join(squeezed)


def _line_after(lines: list[str], kept: int) -> int:
    """Index of the line that follows the first `kept` lines with text, blank lines skipped."""
    for number, line in enumerate(lines):
        if line[:_LINE_LIMIT].strip():
            if kept == 0:
                return number
            kept -= 1
    return len(lines)


def _is_quote_head(lines: list[str], start: int) -> bool:
    """«Am Montag schrieb ich Ihnen schon:» is the customer's own; a quote names its source or is marked by «>»."""
    head = " ".join(line.strip()[:_LINE_LIMIT] for line in lines[start : start + 3])
    if _is_header_block(lines, start) or _SEPARATOR.match(lines[start][:_LINE_LIMIT]):
        return True
    if not re.search(r"schrieb|wrote", head, re.IGNORECASE):
        return False
    return bool(_SOURCE.search(head)) or any(line.lstrip().startswith(">") for line in lines[start : start + 5])


def _text_before(lines: list[str], start: int) -> bool:
    heads = (line[:_LINE_LIMIT] for line in lines[:start] if line.strip())
    return any(not _ADVERTISEMENT.match(head) and not _SEPARATOR.match(head) for head in heads)


def _has_inline_answers(lines: list[str], start: int) -> bool:
    """Text between or below marked quotes: the customer answered point by point."""
    marked = False
    for line in lines[start:]:
        text = line.strip()
        if text.startswith(">"):
            marked = True
        elif marked and text and not _ADVERTISEMENT.match(text[:_LINE_LIMIT]) and text != "--":
            return True
    return False


def _trailing_quote(lines: list[str]) -> int:
    """A run of «>» lines at the very end, without a line that says who wrote."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    quoted = any(line.lstrip().startswith(">") for line in lines[end:])
    return end if quoted and end else len(lines)


def _trim(lines: list[str], cut: int) -> int:
    """Move the fold up over advertisements of phones and over a long signature."""
    cut = _without_advertisement(lines, cut)
    signatures = [number for number in range(cut) if lines[number].rstrip() == "--"]
    if signatures:
        below = [line for line in lines[signatures[-1] + 1 : cut] if line.strip()]
        if len(below) > _SIGNATURE_LINES:
            cut = signatures[-1]
    return cut


def _without_advertisement(lines: list[str], cut: int) -> int:
    end = cut
    while end:
        line = lines[end - 1].strip()
        if line and not _ADVERTISEMENT.match(line[:_LINE_LIMIT]):
            break
        end -= 1
    return end if any(line.strip() for line in lines[end:cut]) else cut
