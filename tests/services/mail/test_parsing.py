"""Every odd mail in tests/samples against what it must become (expected.json beside them), and the rules behind."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mail import parsing
from services.mail.attachments import DANGEROUS, LARGEST_FILE, TOO_LARGE, attachments_of, safe_name
from services.mail.bodies import body_of, language_of
from services.mail.charsets import decode_text
from services.mail.contract import MailClass, ParsedMail
from services.mail.folding import FOLD_LIMIT, fold_quotes
from services.mail.html_texts import cut_quotes, html_text, is_hostile
from services.mail.parsing import parse_mail
from services.mail.parts import split_parts

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED: dict[str, dict[str, Any]] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
OWN = frozenset({"laden@muster.example"})


def sample(name: str) -> ParsedMail:
    return parse_mail((SAMPLES / f"{name}.eml").read_bytes(), own_addresses=OWN)


def seen(mail: ParsedMail) -> dict[str, Any]:
    """The mail in the words of expected.json."""
    bounce, reply = mail.bounce, mail.calendar_reply
    return {
        **{name: getattr(mail, name) for name in mail.__dataclass_fields__},
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "to": list(mail.to),
        "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
        "attachments": [[f.file_name, f.media_type, len(f.content), bool(f.refusal)] for f in mail.attachments],
        "attachments_names": [f.file_name for f in mail.attachments],
        "refused": [f.file_name for f in mail.attachments if f.refusal],
        "bounce": [bounce.mail_id, bounce.action, bounce.recipient, bounce.status] if bounce else None,
        "calendar_reply": [reply.uid, reply.answer] if reply else None,
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_becomes_what_is_expected(name: str) -> None:
    mail = seen(sample(name))

    for key, wanted in EXPECTED[name].items():
        field, _, how = key.partition("_") if key.endswith(("_has", "_starts")) else (key, "", "")
        if how == "has":
            assert wanted in mail[field], key
        elif how == "starts":
            assert mail[field].startswith(wanted), key
        else:
            assert mail[field] == wanted, key


def test_every_sample_has_its_expectation() -> None:
    assert {file.stem for file in SAMPLES.glob("*.eml")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_kept_can_be_stored_and_shown(name: str) -> None:
    mail = sample(name)

    for text in (mail.subject, mail.body, mail.quoted, mail.sender_name, mail.sender_address):
        assert "\0" not in text
        text.encode("utf-8")
    assert "\n" not in mail.subject + mail.sender_name + mail.sender_address


def test_a_mail_that_breaks_the_parser_is_kept_and_not_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("geheime Worte der Kundin")

    monkeypatch.setattr(parsing, "split_parts", explode)
    mail = parse_mail(b"From: A <a@b.example>\r\n\r\nGeheimes", own_addresses=OWN)

    assert (mail.mail_class, mail.sender_address) == (MailClass.UNREADABLE, "a@b.example")
    assert "Geheimes" in mail.body
    assert "geheim" not in caplog.text.lower()


def test_a_thousand_nested_parts_stop_nothing() -> None:
    head = b"From: a@b.example\r\n"
    depth = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000))

    mail = parse_mail(head + depth + b"\r\ninnen", own_addresses=OWN)

    assert mail.sender_address == "a@b.example"
    assert mail.body != ""


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            ["Ja, gerne.", "", "> alt", "-- ", "Von: A <a@b.example>", "Gesendet: Montag, 2.11.2026 09:00", "An: B",
             "Am 2.11.2026 um 09:12 schrieb A <a@b.example>:", "-----Ursprüngliche Nachricht-----", "____" * 9,
             "Von meinem iPhone gesendet", "A schrieb am Montag, 2. November 2026 um 09:58:", "  eingerückt"]
        ),
        max_size=25,
    )
)  # fmt: skip
def test_folding_moves_lines_and_loses_none(lines: list[str]) -> None:
    body, quoted = fold_quotes("\n".join(lines))

    words = [line.rstrip() for line in f"{body}\n{quoted}".split("\n") if line.strip()]
    assert words == [line.rstrip() for line in lines if line.strip()]
    assert body.strip() or not quoted


def test_behind_a_hundred_thousand_characters_nothing_is_folded_and_nothing_lost() -> None:
    text = "Hallo\n" + "zeile\n" * 20_000 + "Am 2.11.2026 um 09:12 schrieb A <a@b.example>:\n> alt\n"
    assert len(text) > FOLD_LIMIT

    assert fold_quotes(text) == (text.strip("\n"), "")


@pytest.mark.parametrize(
    "line", ["Am " + "a " * 50_000 + "schrieb", "On " + "a" * 90_000, "\n" * 99_000 + "wrote", "Von: " * 20_000]
)
def test_hostile_lines_take_no_time(line: str) -> None:
    text = f"Hallo\n{line}\nschrieb wrote Von:"

    assert sum(map(len, fold_quotes(text))) >= len(text.replace("\n", "")) - 1


@pytest.mark.parametrize(
    "label", ["", "us-ascii", "iso-8859-1", "windows-1252", "utf-8", "x-unknown", "punycode", "\0"]
)
def test_any_label_gives_the_words_back(label: str) -> None:
    assert decode_text("Grüße für 5 €".encode(), label) == "Grüße für 5 €"
    assert decode_text("Grüße für 5 €".encode("cp1252"), label) == "Grüße für 5 €"


def test_a_right_label_of_another_script_is_believed() -> None:
    assert decode_text("Größe №5 привет".encode("koi8-r", "ignore"), "koi8-r").endswith("привет")
    assert decode_text("日本語".encode("iso-2022-jp"), "iso-2022-jp") == "日本語"


def test_html_that_inscriptis_gives_up_on_still_has_its_words() -> None:
    deep = "<div>" * 5000 + "ganz innen" + "</div>" * 5000

    assert "ganz innen" in html_text(deep)
    assert html_text("<!-- nur ein Kommentar -->") == ""


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "Wort",
        "<div></b>" * 50_000 + "Wort",
        "".join(f"<p><font size={n}>" for n in range(1000)) + "<p>Wort" * 5000,
        "<blockquote type=cite>Wort</blockquote>" * 12_000,
        "<" * 400_000 + "> Wort",
    ],
)
def test_hostile_html_takes_no_time_and_keeps_its_words(html: str) -> None:
    started = time.monotonic()

    mail = parse_mail(f"From: a@b.example\r\nContent-Type: text/html\r\n\r\n{html}".encode(), own_addresses=OWN)

    assert "Wort" in mail.body + mail.quoted
    assert time.monotonic() - started < 5


def test_an_ordinary_page_is_not_hostile() -> None:
    page = "<table><tr><td><p><b>x</b><br><i>y</i><li>z" * 12 + "<p><a href='x'>y</a><img>" * 5000

    assert not is_hostile(page)


def test_outlooks_quote_is_everything_behind_its_mark() -> None:
    html = "<p>Ja.</p><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'>Von: A</div><p>Frage?</p>"

    kept, quotes = cut_quotes(html)

    assert html_text(kept) == "Ja."
    assert " ".join(map(html_text, quotes)).split() == ["Von:", "A", "Frage?"]


def test_a_huge_html_mail_keeps_all_its_words() -> None:
    html = "<p>Anfang</p>" + "<p>Wort</p>" * 60_000 + "<p>Schluss</p>"
    raw = f"From: a@b.example\r\nContent-Type: text/html\r\n\r\n{html}".encode()

    mail = parse_mail(raw, own_addresses=OWN)

    assert mail.body.startswith("Anfang")
    assert mail.quoted.endswith("Schluss")


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200))
def test_a_file_name_is_always_safe(raw: str) -> None:
    name = safe_name(raw)

    assert len(name) <= 100
    assert not set(name) & set('/\\:<>"|?*\r\n\0\u202e\u2066')
    assert name not in {".", ".."}
    assert name == name.strip(". ")


@pytest.mark.parametrize("name", ["a.exe", "b.PDF.Js", "c.lnk", "d.hta ", "e.iso.", "f.ps1", "g.vbs", "h.MSI"])
def test_dangerous_endings_are_refused(name: str) -> None:
    raw = f'From: a@b.example\r\nContent-Type: x/y\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\nMZ'

    file = parse_mail(raw.encode(), own_addresses=OWN).attachments[0]

    assert (file.refusal, file.content) == (DANGEROUS, b"")


def test_a_file_over_the_limit_stays_in_the_mail() -> None:
    head = b"From: a@b.example\r\nContent-Type: application/pdf; name=x.pdf\r\n\r\n"

    large = parse_mail(head + b"x" * (LARGEST_FILE + 1), own_addresses=OWN).attachments[0]

    assert (large.refusal, large.content) == (TOO_LARGE, b"")


def test_a_broken_file_name_makes_no_mail_unreadable() -> None:
    raw = b"From: a@b.example\r\nContent-Type: a/b; name*0*=a; name*=b; name*1*=c\r\n\r\nx"

    mail = parse_mail(raw, own_addresses=OWN)

    assert mail.mail_class is MailClass.PERSON
    assert [file.content for file in mail.attachments] == [b"x"]


def test_nothing_of_a_mail_is_in_no_part() -> None:
    mail = parsing.email.message_from_bytes((SAMPLES / "apple_interleaved.eml").read_bytes())
    parts = split_parts(mail)

    assert len(parts.plain) == 2
    assert len(attachments_of(parts.files)) == 1
    assert "Stoßstange" in body_of(parts).visible


def test_the_language_is_that_of_the_small_words() -> None:
    assert language_of("Guten Tag, ich habe eine Frage und bitte um Antwort") == "de"
    assert language_of("12345") == ""
