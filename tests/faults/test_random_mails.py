"""Ten thousand mails that nobody ever sent: nothing stops the import, nothing is lost, nothing takes long."""

from __future__ import annotations

import random
import string
import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.mail.contract import MailClass, ParsedMail
from services.mail.parsing import parse_mail

SAMPLES = [file.read_bytes() for file in sorted((Path(__file__).parents[1] / "samples").glob("*.eml"))]
OWN = frozenset({"laden@muster.example"})
LETTERS = string.ascii_letters.encode()
SEED = 20261122
SNIPPETS = [
    b"\r\n\r\n", b"\r\n", b"--A\r\n", b"=?utf-8?B?w7w=?=", b"=?x?q?", b"; name*0*=", b"\0", b"\xff\xfe",
    b"Content-Type: multipart/mixed; boundary=A\r\n", b"Content-Type: text/plain; charset=\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Type: message/delivery-status\r\n\r\n", b"<", b">", b'"', b"(", b"[", b"@", b"From: \r\n",
    b"Date: Mon, 99 Foo 99999 25:61:61 +9999\r\n", b"charset=utf-16", b"charset=hex", b"charset=\"us-ascii'\"",
]  # fmt: skip


def test_ten_thousand_broken_mails_are_all_kept() -> None:
    chance = random.Random(SEED)
    started = time.monotonic()

    for _ in range(10_000):
        raw = _random_mail(chance)
        _assert_kept(parse_mail(raw, own_addresses=OWN), raw)

    assert time.monotonic() - started < 60


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=2000))
def test_any_bytes_are_kept(raw: bytes) -> None:
    _assert_kept(parse_mail(raw, own_addresses=OWN), raw)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(SAMPLES), st.binary(max_size=60), st.integers(0, 3000), st.integers(0, 200))
def test_any_damage_to_a_sample_is_survived(raw: bytes, damage: bytes, place: int, cut: int) -> None:
    broken = raw[:place] + damage + raw[place + cut :]

    _assert_kept(parse_mail(broken, own_addresses=OWN), broken)


def _random_mail(chance: random.Random) -> bytes:
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(1500))
    raw = bytearray(chance.choice(SAMPLES))
    for _ in range(chance.randrange(1, 8)):
        _damage(raw, chance)
    return bytes(raw)


def _damage(raw: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(raw) + 1)
    kind = chance.randrange(5)
    if kind == 0:
        raw[place:place] = chance.randbytes(chance.randrange(1, 9))
    elif kind == 1:
        del raw[place : place + chance.randrange(1, 80)]
    elif kind == 2:
        raw[place:place] = chance.choice(SNIPPETS)
    elif kind == 3:
        other = chance.choice(SAMPLES)
        raw[place:] = other[chance.randrange(len(other) + 1) :]
    elif raw:
        raw[min(place, len(raw) - 1)] ^= 1 << chance.randrange(8)


def _assert_kept(mail: ParsedMail, raw: bytes) -> None:
    """It has a class, it can be stored and shown; what was not understood is there as text."""
    assert isinstance(mail.mail_class, MailClass)
    for text in (mail.subject, mail.body, mail.quoted, mail.sender_name, mail.sender_address, *mail.to):
        assert "\0" not in text
        text.encode("utf-8")
    if mail.mail_class is MailClass.UNREADABLE:
        assert mail.body or not any(byte in LETTERS for byte in raw[:20_000])
    for file in mail.attachments:
        assert file.file_name
        assert not set(file.file_name) & set("/\\\r\n\0")
