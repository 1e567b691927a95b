"""What mail servers say when they refuse, in sentences a shop owner understands: the one mapping for both sides."""

from __future__ import annotations

import re
import socket
import ssl

from data.records import MailServer
from services.errors import MailProblemError

WRONG_PASSWORD = "{host} hat Benutzername oder Passwort nicht angenommen. Bitte prüfen Sie beides."  # noqa: S105
APP_PASSWORD = (
    "{host} verlangt ein eigenes Passwort für Mailprogramme (App-Passwort). "  # noqa: S105
    "Sie erstellen es in den Einstellungen Ihres Mailkontos."
)
OAUTH_ONLY = "{host} nimmt keine Passwörter von Mailprogrammen mehr an. Dieses Konto kann Theke nicht verwenden."
IMAP_OFF = (
    "Bei {host} ist der Zugang für Mailprogramme (IMAP) ausgeschaltet. "
    "Bitte schalten Sie ihn in den Einstellungen Ihres Mailkontos ein."
)
BUSY = "{host} lässt gerade keine Anmeldung zu. Theke versucht es später noch einmal."
NO_SUCH_HOST = "{host} ist nicht zu finden. Bitte prüfen Sie den Namen und ob dieser Computer im Internet ist."
NO_CONNECTION = "{host} nimmt auf Port {port} keine Verbindung an. Bitte prüfen Sie Server und Port."
TIMED_OUT = "{host} antwortet nicht. Theke versucht es später noch einmal."
BAD_CERTIFICATE = "Das Zertifikat von {host} ist nicht gültig. Theke verbindet sich nicht, damit niemand mitliest."
NO_TLS = "Mit {host} ist auf Port {port} keine verschlüsselte Verbindung möglich. Bitte prüfen Sie die Verschlüsselung."
PLAIN_REFUSED = (
    "Unverschlüsselt verbindet sich Theke nur mit diesem Computer selbst. Bitte wählen Sie SSL oder STARTTLS."
)
BROKEN_OFF = "Die Verbindung zu {host} ist abgerissen. Theke versucht es später noch einmal."
NOT_UNDERSTOOD = "{host} hat unverständlich geantwortet. Theke versucht es später noch einmal."
NO_LOGIN = "{host} bietet auf Port {port} keine Anmeldung an. Bitte prüfen Sie den Port."
UNSURE = "Die Verbindung zu {host} brach mitten im Senden ab. Bitte prüfen Sie, ob die Mail angekommen ist."
NO_SENT_FOLDER = "Kein Ordner «Gesendet» gefunden: Antworten aus Outlook sieht Theke nicht."
BAD_ADDRESS = "An diese Adresse kann Theke nicht senden: {address}"
UNKNOWN_RECIPIENT = "Die Adresse {address} gibt es nicht ({code})."
MAILBOX_FULL = "Das Postfach von {address} ist voll ({code})."
MAIL_TOO_LARGE = "Die Mail ist dem Mailserver zu groß ({code}). Bitte senden Sie kleinere Dateien."
NOT_YOUR_SENDER = (
    "{host} erlaubt Ihre Absenderadresse nicht ({code}). Bitte prüfen Sie die Adresse in den Einstellungen."
)
REFUSED = "{host} hat die Mail abgelehnt ({code})."
LATER = "{host} nimmt die Mail gerade nicht an ({code}). Theke versucht es später noch einmal."

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

_OAUTH_SIGNS = re.compile(r"5\.7\.30|5\.7\.139|basic ?auth\w* is disabled|AUTHENTICATE failed.*outlook", re.IGNORECASE)
_APP_SIGNS = re.compile(r"5\.7\.9\b|app(?:lication)?[- ]?specific|app[- ]?pass|InvalidSecondFactor", re.IGNORECASE)
_BUSY_SIGNS = re.compile(
    r"UNAVAILABLE|INUSE|too many|temporar|try again|rate limit|exceeded|quota of connections", re.IGNORECASE
)
_IMAP_OFF_SIGNS = re.compile(
    r"not enabled for imap|imap (?:access|is) (?:is )?(?:disabled|not)|pop3?/imap|nicht (?:freigeschaltet|aktiviert)",
    re.IGNORECASE,
)


class RefusedError(OSError):
    """A server's answer that says no; `about` is the recipient it speaks of, or ''."""

    def __init__(self, code: int, answer: bytes | str, about: str = "") -> None:
        super().__init__(code)
        self.smtp_code = code
        self.smtp_error = answer
        self.about = about


def require_tls(server: MailServer) -> None:
    """Raises MailProblemError when a password would cross a network in clear."""
    if server.tls not in {"ssl", "starttls"} and server.host not in LOCAL_HOSTS:
        raise MailProblemError(PLAIN_REFUSED, permanent=True)


def login_problem(server: MailServer, *, answer: str) -> MailProblemError:
    """Why a login was refused; `answer` is what the server said."""
    if _BUSY_SIGNS.search(answer):
        return _problem(BUSY, server)
    if _OAUTH_SIGNS.search(answer):
        sentence = OAUTH_ONLY
    elif _APP_SIGNS.search(answer):
        sentence = APP_PASSWORD
    elif _IMAP_OFF_SIGNS.search(answer):
        sentence = IMAP_OFF
    else:
        sentence = WRONG_PASSWORD
    return _problem(sentence, server, permanent=True)


def connection_problem(error: BaseException, server: MailServer) -> MailProblemError:
    """Why no connection stands, or why it broke. Nothing was sent, so all of it may be tried again later."""
    for kind, sentence in _BY_KIND:
        if isinstance(error, kind):
            return _problem(sentence, server)
    if "timed out" in str(error):
        return _problem(TIMED_OUT, server)
    is_broken = isinstance(error, OSError) or "socket error" in str(error)
    return _problem(BROKEN_OFF if is_broken else NOT_UNDERSTOOD, server)


_BY_KIND: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, BAD_CERTIFICATE),
    (ssl.SSLEOFError, BROKEN_OFF),
    (ssl.SSLError, NO_TLS),
    (socket.gaierror, NO_SUCH_HOST),
    (TimeoutError, TIMED_OUT),
    (ConnectionRefusedError, NO_CONNECTION),
)


def answer_problem(error: RefusedError, server: MailServer) -> MailProblemError:
    """What an SMTP answer below or above 500 means for this mail."""
    code, about = error.smtp_code, error.about
    return MailProblemError(
        _answer_sentence(code, answer_text(error), about),
        permanent=code >= 500,
        host=server.host,
        code=code,
        address=about,
    )


def answer_text(error: BaseException) -> str:
    """What the server said, on one line; '' where it said nothing."""
    said = getattr(error, "smtp_error", "") or ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(f"{getattr(error, 'smtp_code', '')} {text}".split())


def _answer_sentence(code: int, answer: str, about: str) -> str:
    if code < 500:
        return LATER
    if _OAUTH_SIGNS.search(answer):
        return OAUTH_ONLY
    if "5.2.2" in answer and about:
        return MAILBOX_FULL
    if code == 552 or "5.3.4" in answer:
        return MAIL_TOO_LARGE
    if about and _is_unknown(code, answer):
        return UNKNOWN_RECIPIENT
    return NOT_YOUR_SENDER if code == 553 or "5.7.60" in answer else REFUSED


def _is_unknown(code: int, answer: str) -> bool:
    """RFC 3463: 5.1.x speaks of the address, 5.6.x and 5.7.x of content and policy."""
    return bool(re.search(r"5\.1\.[0-36]\b", answer)) or (
        code in {550, 551, 553} and not re.search(r"5\.[67]\.", answer)
    )


def _problem(sentence: str, server: MailServer, *, permanent: bool = False) -> MailProblemError:
    return MailProblemError(sentence, permanent=permanent, host=server.host, port=server.port)
