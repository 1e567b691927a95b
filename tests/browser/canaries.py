"""Words that become something else where somebody forgets that they come from outside; and a server to catch them."""

from __future__ import annotations

import base64
import contextlib
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from data.records import Actor, Channel, StaffRole
from services.customers import NOTE_LENGTH, change_customer
from services.drafts import save_draft
from services.inquiries import STEP_LENGTH, plan_next_step, require_inquiry
from services.noting import Outcome, add_note, note_contact
from services.settings import put_settings
from services.shop import Shop
from services.staff import NewPerson, enrol
from services.templates import save_template
from tests.builders import FrozenClock, receive

PLAIN = "Ganz gewöhnliche Worte"
LONGEST_NAME, LONGEST_STAFF_NAME = 200, 80


def canaries(port: int) -> list[str]:
    """The words; those that ask for an address ask the server at `port`."""
    here = f"127.0.0.1:{port}"
    return [
        f'<img src="http://{here}/k.png">',
        f"<script>fetch('http://{here}/k')</script>",
        "<b id=kanari class=kanari>fett</b>",
        f"<iframe src=//{here}/k></iframe>",
        f"<svg onload=fetch('//{here}/k')>",
        f"![](http://{here}/k.png)",
        "[klick](javascript:alert(1))",
        f"a](http://{here}/kanari)[b",
        f"http://{here}/kanari",
        f"<http://{here}/kanari>",
        "**fett** _schräg_ ~~weg~~ `code`",
        "# Überschrift",
        "- Punkt eins",
        "1. Punkt eins",
        "> Zitat",
        ":material/delete: :red[rot] :smile:",
        ":blue-badge[neu] :small[klein]",
        "$\\frac{1}{2}$ und $$x^2$$",
        "{{7*7}} {x} ${x} %s %(name)s",
        "{0.__class__} #{7*7} <%= 7*7 %>",
        "../../etc/passwd",
        "C:\\Windows\\..\\x",
        "Zeile eins\nZeile zwei",
        "\u202egnp.exe עברית العربية",
        "NUL\x00und\x07Klingel",
        "👩\u200d👩\u200d👧 Ä ß ẞ e\u0301",
        f'=HYPERLINK("http://{here}/k")',
        "+SUM(A1:A9)|cmd -@x",
        "'; DROP TABLE inquiry; --",
        "x" * 100_000,
        "www.kanari.example und i@kanari.example",
        "<- -> <-> -- ... (c) (tm)",
        "&lt;b&gt; &amp; &#60;",
        "| a | b | |---|---|",
    ]


def bare(text: str) -> str:
    """What is left to compare when signs that cannot be seen, and how wide a gap is, do not count."""
    kept = [sign for sign in unicodedata.normalize("NFC", text) if not sign.isspace() and sign != "\ufffd"]
    return "".join(sign for sign in kept if unicodedata.category(sign) not in {"Cc", "Cf"})


def start_of(text: str, length: int = 45) -> str:
    """So much of a canary that a place which cuts long words must still show."""
    return bare(text)[:length]


@dataclass
class CanaryServer:
    """Whoever asks here has fallen for a canary."""

    port: int = 0
    asked: list[str] = field(default_factory=list)


@contextlib.contextmanager
def canary_server() -> Iterator[CanaryServer]:
    """A web server on this machine that notes every request."""
    kept = CanaryServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


def canary_mail(number: int, words: str) -> bytes:
    """A mail with the words as name, subject, text and file name, encoded by hand: libraries refuse some of them."""

    def header(text: str) -> str:
        return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="

    short = words[:300]
    head = [
        f"From: {header(short)} <kanari{number}@example.org>",
        "To: werkstatt@kfz-muster.example",
        f"Subject: {header(short)}",
        f"Message-ID: <kanari{number}@example.org>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="teil"',
    ]
    text = base64.encodebytes(words.encode()).decode()
    name = quote(words[:120], safe="")
    parts = [
        f"--teil\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{text}",
        "--teil\nContent-Type: application/pdf\n"
        f"Content-Disposition: attachment; filename*=utf-8''{name}\n\n%PDF-1.4 nichts",
        "--teil--",
    ]
    return ("\n".join(head) + "\n\n" + "\n".join(parts) + "\n").encode()


def keep_canary(shop: Shop, owner: Actor, number: int, words: str) -> tuple[int, int]:
    """The words in every field a customer or a colleague can fill; (inquiry, customer)."""
    receive(shop, canary_mail(number, words), at=shop.now() - timedelta(minutes=5))
    reach = f"kanari{number}@example.org"
    inquiry_id, customer_id = shop.store.read(
        "SELECT i.id, i.customer_id FROM inquiry i JOIN customer_contact c ON c.customer_id = i.customer_id"
        " WHERE c.address = $reach",
        {"reach": reach},
    )[0]
    add_note(shop, owner, inquiry_id, words)
    plan_next_step(shop, owner, inquiry_id, words[:STEP_LENGTH], None)
    version = require_inquiry(shop.store, inquiry_id).version
    save_draft(shop, owner, inquiry_id, body=words, subject=words, cc="", seen_version=version)
    name = words[:LONGEST_NAME]
    phone = f"+43 664 555 {number:04d}"
    change_customer(shop, owner, customer_id, contact=phone, name=name, title=words[:40], note=words[:NOTE_LENGTH])
    assert isinstance(shop.clock, FrozenClock)
    shop.clock.forward(seconds=11)  # the same words noted at once are a double tap
    note_contact(
        shop, owner, who=name, need=words, reach=reach, channel=Channel.CALL, outcome=Outcome.WE_CALL,
        promise_at=shop.now() + timedelta(minutes=1), promise_staff_id=owner.staff_id,
    )  # fmt: skip
    with shop.store.write() as tx:
        enrol(
            tx,
            NewPerson(
                " ".join(words[:LONGEST_STAFF_NAME].replace("\0", "").split()), StaffRole.STAFF, "", words[:40], ""
            ),
            shop.now(),
        )
    save_template(shop, owner, None, name=words[:60], subject="Betreff", body="Guten Tag")
    return inquiry_id, customer_id


def name_shop(shop: Shop, words: str) -> None:
    """The words as the shop's name and in its legal lines."""
    with shop.store.write() as tx:
        put_settings(tx, {"name": words, "legal_footer": words, "street": words}, shop.now())
