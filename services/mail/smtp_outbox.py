"""Sending through yagmail: it logs in and carries; the mail itself is built by `composing`.

Two methods of yagmail 0.16.0 are replaced: `prepare_send`, which reads files and fetches style sheets that a text
names, and `_attempt_send`, which sends up to three times when a server is slow. A test holds the pinned version.
"""

from __future__ import annotations

import base64
import socket
import ssl
from contextlib import suppress
from typing import Any

import yagmail

from data.records import MailAccount, MailServer
from services.errors import MailProblemError
from services.mail.composing import ascii_address, compose, recipients_of
from services.mail.contract import OutgoingMail
from services.mail.lines import SLOWEST, hang_up_after
from services.mail.problems import (
    NO_LOGIN,
    NO_TLS,
    UNSURE,
    RefusedError,
    answer_problem,
    answer_text,
    connection_problem,
    login_problem,
    require_tls,
)

# The EHLO name: the computer's own name is nobody's business, and asking for it can hang in DNS.
_GREETING = "[127.0.0.1]"
_TIMEOUT = 60  # seconds of silence
FINAL_ANSWER = 600  # seconds after the text: servers look through it first (RFC 5321, 4.5.3.2.6)
_ANSWERS = 3  # whole answers that a login or an envelope may need in the worst case
_GOODBYE = 5.0  # seconds
_FAILURES = (OSError, ValueError)  # yagmail's and the library's SMTP errors are OSErrors, encoding errors ValueErrors


class Post(yagmail.SMTP):  # type: ignore[misc]
    """One connection for one mail: at most one DATA, and `data_begun` tells whether it may have left."""

    def __init__(
        self, account: MailAccount, password: str, *, timeout: float, final: float, context: ssl.SSLContext | None
    ) -> None:
        require_tls(account.smtp)
        self.login_name = account.user
        self.timeout = timeout
        self.final = final
        self.logged_in = False
        self.data_begun = False
        self.recipients: list[str] = []
        self.content = b""
        super().__init__(
            user=ascii_address(account.address),
            password=password,
            soft_email_validation=False,
            **_connection_options(account.smtp, timeout, context or ssl.create_default_context()),
        )
        self.set_logging(None)

    def prepare_send(self, *_: object, **__: object) -> tuple[list[str], str]:
        """The envelope's recipients and the mail that was built for them."""
        return self.recipients, self.content.decode("ascii")

    @property
    def line(self) -> socket.socket | None:
        """The socket, or None before and after there is one."""
        return getattr(self.smtp, "sock", None)

    def _login(self, password: str) -> None:
        with hang_up_after(self.timeout * _ANSWERS, lambda: self.line):
            self._connect()
            self._authenticate(password)
        self.logged_in = True

    def _connect(self) -> None:
        post, library = self, self.connection

        class Line(library):  # type: ignore[misc, valid-type]
            def connect(self, *where: Any, **options: Any) -> Any:  # noqa: ANN401 the library's own
                post.smtp = self  # it greets inside its constructor: the only way to the socket until then
                return super().connect(*where, **options)

        Line(self.host, self.port, **self.kwargs)
        self.is_closed = False

    def _authenticate(self, password: str) -> None:
        if self.starttls:
            self.smtp.starttls(**self.smtp_starttls)
        if f"{self.login_name}{password}".isascii():
            self.smtp.login(self.login_name, password)
        else:
            self._login_plain(password)

    def _login_plain(self, password: str) -> None:
        # The library's own login knows ASCII only (RFC 4616 wants UTF-8).
        self.smtp.ehlo_or_helo_if_needed()
        words = base64.b64encode(f"\0{self.login_name}\0{password}".encode()).decode()
        code, answer = self.smtp.docmd("AUTH", f"PLAIN {words}")
        if code != 235:
            raise RefusedError(code, answer)

    def _attempt_send(self, recipients: list[str], content: str) -> None:
        """Everybody gets it or nobody: one refused recipient stops the mail before DATA."""
        options = [f"size={len(content)}"] if self.smtp.has_extn("size") else []
        with hang_up_after(self.timeout * _ANSWERS, lambda: self.line):
            _accept(self.smtp.mail(self.user, options))
            for recipient in recipients:
                _accept(self.smtp.rcpt(recipient), recipient)
        self.smtp.sock.settimeout(self.final)
        self.data_begun = True
        with hang_up_after(self.final + len(content) / SLOWEST, lambda: self.line):
            _accept(self.smtp.data(content))

    def hang_up(self) -> None:
        """Say goodbye; whatever happens now changes nothing about the mail."""
        self.is_closed = True
        with suppress(OSError, AttributeError), hang_up_after(_GOODBYE, lambda: self.line):
            self.smtp.quit()


class YagmailMailer:
    """Sends one mail to one server; the real `Mailer`."""

    def __init__(
        self, *, timeout: float = _TIMEOUT, final: float = FINAL_ANSWER, context: ssl.SSLContext | None = None
    ) -> None:
        self._timeout = timeout
        self._final = final
        self._context = context

    def _post(self, account: MailAccount, password: str) -> Post:
        return Post(account, password, timeout=self._timeout, final=self._final, context=self._context)

    def send(self, account: MailAccount, password: str, mail: OutgoingMail) -> bytes:
        """The bytes the server accepted, for the copy in Sent. At most one DATA.

        Raises MailProblemError: `permanent` for a no for good, `unsure` when DATA had begun and no answer came,
        neither when it is safe to try again later.
        """
        content, recipients = compose(mail), recipients_of(mail)
        post = self._post(account, password)
        post.content, post.recipients = content, recipients
        try:
            post.send()
        except _FAILURES as error:
            raise _failure(error, account.smtp, post) from error
        finally:
            post.hang_up()
        return content

    def try_login(self, account: MailAccount, password: str) -> None:
        """Log in and leave, sending nothing. Raises MailProblemError."""
        post = self._post(account, password)
        try:
            post.login()
        except _FAILURES as error:
            raise _failure(error, account.smtp, post) from error
        finally:
            post.hang_up()


def _connection_options(server: MailServer, timeout: float, context: ssl.SSLContext) -> dict[str, object]:
    options: dict[str, object] = {
        "host": server.host,
        "port": server.port,
        "timeout": timeout,
        "local_hostname": _GREETING,
        "smtp_ssl": server.tls == "ssl",
    }
    if server.tls == "ssl":
        return {**options, "context": context}
    return {**options, "smtp_starttls": {"context": context} if server.tls == "starttls" else False}


def _accept(reply: tuple[int, bytes], about: str = "") -> None:
    code, answer = reply
    if not 200 <= code < 300:
        raise RefusedError(code, answer, about)


def _failure(error: BaseException, server: MailServer, post: Post) -> MailProblemError:
    if post.logged_in:
        return _sending_failure(error, server, data_begun=post.data_begun)
    return _login_failure(error, server)


def _login_failure(error: BaseException, server: MailServer) -> MailProblemError:
    code = getattr(error, "smtp_code", 0)
    if type(error).__name__ in {"SMTPNotSupportedError", "SMTPException"}:
        sentence = NO_TLS if "STARTTLS" in str(error) else NO_LOGIN
        return MailProblemError(sentence, permanent=True, host=server.host, port=server.port)
    if code >= 500:
        return login_problem(server, answer=answer_text(error))
    if code >= 400:
        return answer_problem(RefusedError(code, ""), server)
    return connection_problem(error, server)


def _sending_failure(error: BaseException, server: MailServer, *, data_begun: bool) -> MailProblemError:
    code = int(getattr(error, "smtp_code", 0))
    # 500 is also what the library says of an answer it could not read: no answer to trust after DATA.
    if 400 <= code < 600 and not (data_begun and code == 500):
        answered = error if isinstance(error, RefusedError) else RefusedError(code, answer_text(error))
        return answer_problem(answered, server)
    if data_begun:
        return MailProblemError(UNSURE, unsure=True, host=server.host)
    return connection_problem(error, server)
