"""Who speaks in a mail: a person, or one of the machines that must never move a clock.

Source of the rules: RFC 3834 (automatic answers), RFC 3464 (delivery reports), RFC 8098 (read receipts) and what
German providers really send. One weak sign alone (List-Unsubscribe, a subject, X-Auto-Response-Suppress) hides nobody.
"""

from __future__ import annotations

import re
from email.message import Message

from services.mail.bodies import part_text
from services.mail.charsets import header_words
from services.mail.contract import BounceReport, MailClass
from services.mail.parts import children, leaves

_AUTO_SUBJECT = re.compile(
    r"^\s*(?:automatische (?:antwort|r[üu]ckmeldung)|automatic reply|auto(?:matische)?[- ]?(?:reply|antwort)\b|"
    r"abwesenheit|abwesend|out of (?:the )?office|urlaub\b|vacation)",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"unzustellbar|undeliver|delivery (?:status|failure|has failed)|mail delivery|returned mail|nicht zugestellt|"
    r"failure notice|delayed mail",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|maildaemon)@", re.IGNORECASE)
_MACHINE = re.compile(
    r"^(?:[\w.+-]*[._+-])?(?:no-?reply|do-?not-?reply|nicht-?antworten|keine-?antwort|noreply\w*|wordpress|www-data|"
    r"formular|kontaktformular|webform|mailer)(?:[._+-][\w.+-]*)?@",
    re.IGNORECASE,
)
_HINTS = frozenset(
    {"x-auto-response-suppress", "x-loop", "precedence", "x-precedence", "feedback-id", "x-failed-recipients",
     "x-autoreply", "x-autorespond", "x-autoresponder", "x-mailer-daemon-error", "x-campaign-id"}
)  # fmt: skip
_MAIL_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_OWN_ID_LINE = re.compile(r"^Message-ID:\s*(<[^<>\s]+@[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


def classify(message: Message, sender: str, *, is_form: bool = False) -> MailClass:
    """The class of `message`; `sender` is its From address, `is_form`: a machine carried a customer's words."""
    kinds = {part.get_content_type() for part in leaves(message)}
    if is_bounce(message, sender, kinds):
        return MailClass.BOUNCE
    if "message/disposition-notification" in kinds:
        return MailClass.RECEIPT
    if "text/calendar" in kinds and _is_calendar_reply(message):
        return MailClass.CALENDAR_REPLY
    if _is_spam(message):
        return MailClass.SPAM
    if _is_automatic(message, sender, is_form=is_form):
        return MailClass.AUTO_REPLY
    return MailClass.LIST if _is_list(message, is_form=is_form) else MailClass.PERSON


def has_machine_hint(message: Message, sender: str) -> bool:
    """Whether anything at all speaks of a machine, a list or a forged sender.

    Too little to hide a mail, for web forms and people's programs set such headers too; enough not to answer by itself.
    """
    subject = header_words(_value(message, "Subject"))
    told = any(name.lower() in _HINTS or name.lower().startswith("list-") for name in message.keys())  # noqa: SIM118
    forged = "dmarc=fail" in " ".join(str(one)[:5000] for one in message.get_all("Authentication-Results", [])).lower()
    return told or forged or bool(_weak_signs(message, sender)) or bool(_BOUNCE_SUBJECT.search(subject))


def is_machine_address(address: str) -> bool:
    """Whether nobody reads what is sent to `address` (noreply@, mailer-daemon@, a web form's sender)."""
    return bool(_MACHINE.match(address) or _DAEMON.match(address))


def is_bounce(message: Message, sender: str, kinds: set[str]) -> bool:
    """A delivery report, or an old-fashioned one by the mail daemon."""
    if message.get_content_type() == "multipart/report" and kinds & {
        "message/delivery-status",
        "message/global-delivery-status",
    }:
        return True
    if not _DAEMON.match(sender):
        return False
    told = bool(_value(message, "X-Failed-Recipients")) or bool(
        _BOUNCE_SUBJECT.search(header_words(_value(message, "Subject")))
    )
    return _has_empty_return_path(message) or told


def bounce_report(message: Message) -> BounceReport:
    """What a bounce says about our mail; empty words where it says nothing."""
    action, recipient, status = _delivery_status(message)
    failed = _value(message, "X-Failed-Recipients")
    return BounceReport(
        mail_id=_returned_id(message),
        action=action or ("failed" if failed else ""),
        recipient=recipient or failed.split(",")[0].strip().lower(),
        status=status,
    )


def _delivery_status(message: Message) -> tuple[str, str, str]:
    """Action, recipient and status of the recipient that failed, else of the first one."""
    told: list[tuple[str, str, str]] = []
    for part in leaves(message):
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            told += [_recipient_block(block) for block in children(part) if block.get("Action")]
    failed = [one for one in told if one[0] == "failed"]
    return (failed or told or [("", "", "")])[0]


def _recipient_block(block: Message) -> tuple[str, str, str]:
    recipient = _value(block, "Final-Recipient") or _value(block, "Original-Recipient")
    action = _value(block, "Action").split("(")[0].strip().lower()
    return action, recipient.rpartition(";")[2].strip(" <>").lower(), _value(block, "Status").split(" ")[0]


def _returned_id(message: Message) -> str:
    """The Message-ID of the mail that came back: from its copy, its headers or the text, else from References."""
    for part in leaves(message):
        if part.get_content_type() == "message/rfc822":
            found = [_value(inner, "Message-ID") for inner in children(part)]
        else:
            found = _OWN_ID_LINE.findall(part_text(part)) if part.get_content_maintype() == "text" else []
        ids = _MAIL_ID.findall(" ".join(found))
        if ids:
            return str(ids[0])
    ids = _MAIL_ID.findall(f"{_value(message, 'References')} {_value(message, 'In-Reply-To')}")
    return str(ids[-1]) if ids else ""


def _is_calendar_reply(message: Message) -> bool:
    for part in leaves(message):
        if part.get_content_type() == "text/calendar":
            method = str(part.get_param("method") or "")
            if method.upper() == "REPLY" or re.search(r"^METHOD:REPLY\s*$", part_text(part), re.I | re.M):
                return True
    return False


def _is_spam(message: Message) -> bool:
    gmx = re.match(r"\s*(-?\d+)", _value(message, "X-GMX-Antispam"))
    return (
        _value(message, "X-Spam-Flag").lower().startswith("yes")
        or _value(message, "X-Spam-Status").lower().startswith("yes")
        or _value(message, "X-UI-Filterresults").lower().startswith("junk")
        or (gmx is not None and int(gmx.group(1)) > 0)
    )


def _is_automatic(message: Message, sender: str, *, is_form: bool) -> bool:
    submitted = _value(message, "Auto-Submitted").split(";")[0].split("(")[0].strip().lower()
    # Web servers mark a form's mail as generated and send it without a return path; a person still wrote the words.
    if submitted not in {"", "no"} and not (is_form and submitted == "auto-generated"):
        return True
    strong = _value(message, "X-Autoreply") or _value(message, "X-Autorespond") or _value(message, "X-Autoresponder")
    if (strong and strong.lower() != "no") or _precedence(message) == "auto_reply":
        return True
    if _has_empty_return_path(message) and not is_form:
        return True
    return _weak_signs(message, sender) >= 2


def _weak_signs(message: Message, sender: str) -> int:
    suppress = set(re.split(r"[,;\s]+", _value(message, "X-Auto-Response-Suppress").lower()))
    return sum(
        [
            bool(_AUTO_SUBJECT.match(header_words(_value(message, "Subject")))),
            bool(suppress & {"all", "oof", "autoreply"}),
            _precedence(message) in {"bulk", "junk"},
            bool(_value(message, "X-MS-Exchange-Inbox-Rules-Loop")),
            bool(_DAEMON.match(sender)),
        ]
    )


def _is_list(message: Message, *, is_form: bool) -> bool:
    return bool(_value(message, "List-Id")) or (not is_form and _precedence(message) in {"bulk", "list", "junk"})


def _precedence(message: Message) -> str:
    return (_value(message, "Precedence") or _value(message, "X-Precedence")).lower().replace("-", "_")


def _has_empty_return_path(message: Message) -> bool:
    return "Return-Path" in message and _value(message, "Return-Path") in {"<>", ""}


def _value(message: Message, name: str) -> str:
    value = message.get(name)
    return "" if value is None else " ".join(str(value)[:5000].split())
