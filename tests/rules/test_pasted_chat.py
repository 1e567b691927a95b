"""A pasted chat is cut into its messages, whatever phone it came from, and no word that somebody said is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.rules.pasted_chat import ChatLine, likely_customer, read_chat, senders
from tests.bookable import VIENNA, at
from tests.builders import MONDAY

NOW = MONDAY
IOS = """[22.11.26, 17:50:12] Kfz Muster: \u200eNachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.
[22.11.26, 17:50:12] Maria: Guten Abend
wann ist mein Golf fertig?

Danke!
\u200e[22.11.26, 17:51:02] Maria: \u200eBild weggelassen
[22.11.26, 18:20:00] Kfz Muster: Morgen: um 15 Uhr"""


def read(text: str) -> list[ChatLine]:
    return read_chat(text, VIENNA, NOW)


def test_an_iphone_in_german() -> None:
    lines = read(IOS)
    assert [line.who for line in lines] == ["", "Maria", "Maria", "Kfz Muster"], "the app put it into our mouth"
    assert lines[1].words == "Guten Abend\nwann ist mein Golf fertig?\n\nDanke!"
    assert lines[2].words == "(Bild)"
    assert lines[3].words == "Morgen: um 15 Uhr"
    assert lines[1].said_at == datetime(2026, 11, 22, 17, 50, 12, tzinfo=VIENNA)


@pytest.mark.parametrize(
    "stamped",
    [
        "[22.11.26, 17:50:12] Maria: Guten Abend",
        "[22.11.2026 17:50] Maria: Guten Abend",
        "22.11.26, 17:50 - Maria: Guten Abend",
        "22.11.2026 um 17:50 Uhr - Maria: Guten Abend",
        "22.11.26, 17:50 – Maria: Guten Abend",
        "[17:50, 22.11.2026] Maria: Guten Abend",
        "22/11/2026, 17:50 - Maria: Guten Abend",
        "11/22/26, 5:50 PM - Maria: Guten Abend",
        "11/22/26, 5:50\u202fPM - Maria: Guten Abend",
        "[11/22/26, 5:50:31 PM] Maria: Guten Abend",
        "22/11/2026, 5:50 pm - Maria: Guten Abend",
        "[2026-11-22, 17:50:12] Maria: Guten Abend",
        "[22.11.26, 17:50:12] ~ Maria: Guten Abend",
        "[22.11.26, 5:50:12 nachm.] Maria: Guten Abend",
        "  [22.11.26, 17:50:12] Maria: Guten Abend",
        "\u202b[22.11.26, 17:50:12] Maria: Guten Abend",
        "\u061c22.11.26, 17:50 - \u2067Maria\u2069: Guten Abend",
        "> [22.11.26, 17:50:12] Maria: Guten Abend",
        ">[22.11.26, 17:50] Maria: Guten Abend",
        "> > 22.11.26, 17:50 - Maria: Guten Abend",
        "> \u200e[22.11.26, 5:50:12\u202fPM] ~\u202fMaria: Guten Abend",
    ],
)
def test_every_notation_names_the_same_minute(stamped: str) -> None:
    (line,) = read(stamped)
    assert (line.who, line.words) == ("Maria", "Guten Abend")
    assert line.said_at is not None
    assert line.said_at.replace(second=0) == at(22, 17, 50)


def test_a_day_that_could_be_a_month_goes_by_the_other_lines() -> None:
    american = "11/5/26, 9:00 AM - Maria: a\n11/22/26, 5:50 PM - Maria: b"
    assert [line.said_at for line in read(american)] == [at(5, 9), at(22, 17, 50)]
    british = "05/11/2026, 09:00 - Maria: a\n22/11/2026, 17:50 - Maria: b"
    assert [line.said_at for line in read(british)] == [at(5, 9), at(22, 17, 50)]


def test_lines_of_the_app_itself_are_nobodys_and_media_are_told() -> None:
    text = (
        "22.11.26, 17:49 - Nachrichten und Anrufe sind verschlüsselt. Tippe, um mehr zu erfahren.\n"
        "22.11.26, 17:50 - Maria: <Medien ausgeschlossen>\n"
        "22.11.26, 17:51 - Maria: IMG-20261122-WA0001.jpg (Datei angehängt)"
    )
    assert [line.who for line in read(text)] == ["", "Maria", "Maria"]
    assert [line.words for line in read(text)[1:]] == ["(Datei)", "(Bild)"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("<Media omitted>", "(Datei)"),
        ("<Medien weggelassen>", "(Datei)"),
        ("<Videonachricht weggelassen>", "(Video)"),
        ("<View once voice message omitted>", "(Sprachnachricht)"),
        ("\u200eBild weggelassen", "(Bild)"),
        ("image omitted", "(Bild)"),
        ("Sprachnachricht weggelassen", "(Sprachnachricht)"),
        ("\u200eAudio weggelassen", "(Sprachnachricht)"),
        ("video note omitted", "(Video)"),
        ("Kontaktkarte ausgelassen", "(Datei)"),
        ("immagine omessa", "(Bild)"),
        ("Angebot.pdf • \u200e2 Seiten \u200eDokument weggelassen", "Angebot.pdf • 2 Seiten (Datei)"),
        ("So sieht es aus \u200eBild weggelassen", "So sieht es aus (Bild)"),
        ("\u200e<Anhang: 00000012-PHOTO-2026-11-22-17-51-02.jpg>", "(Bild)"),
        ("<attached: 00000013-Rechnung 5.pdf>", "Rechnung 5.pdf (Datei)"),
        ("PTT-20261122-WA0003.opus (file attached)", "(Sprachnachricht)"),
        ("Rechnung (1).pdf (Datei angehängt)", "Rechnung (1).pdf (Datei)"),
        ("VID-20261122-WA0004.mp4 (Datei angehängt)\nSo klingt er", "(Video)\nSo klingt er"),
    ],
)
def test_a_picture_is_told_in_a_word_and_a_name_that_somebody_gave_stays(said: str, told: str) -> None:
    for begin in ("[22.11.26, 17:50:12] Maria: ", "22.11.26, 17:50 - Maria: "):
        (line,) = read(begin + said)
        assert (line.who, line.words) == ("Maria", told)


@pytest.mark.parametrize("said", ["Ich habe das Bild weggelassen.", "das Bild weggelassen", "Media omitted from it"])
def test_what_a_person_says_of_a_picture_stays(said: str) -> None:
    assert read(f"22.11.26, 17:50 - Maria: {said}")[0].words == said


def test_a_chat_in_a_forwarded_mail() -> None:
    lines = read(
        "Am 23.11.26 um 10:00 schrieb Maria:\n"
        "> [22.11.26, 17:50:12] Maria: Guten Abend\n> > sagt mein Mann\n>\n> Danke\n"
        ">[22.11.26, 18:20:00] Kfz Muster: \u200eBild weggelassen"
    )
    assert [(line.who, line.words) for line in lines] == [
        ("", "Am 23.11.26 um 10:00 schrieb Maria:"),
        ("Maria", "Guten Abend\n> sagt mein Mann\n\nDanke"),
        ("Kfz Muster", "(Bild)"),
    ]


def test_a_quoted_copy_without_times_and_a_message_that_quotes() -> None:
    bare = read("> Maria: Guten Abend\n> Kfz Muster: Ja?\n>\n> Maria: Ist er fertig?")
    assert [line.words for line in bare] == ["Guten Abend", "Ja?", "Ist er fertig?"]
    quoting = "22.11.26, 17:50 - Maria: Sie schrieben\n> [20.11.26, 10:00:00] Kfz Muster: ab Montag"
    assert [line.words for line in read(quoting)] == [quoting.partition(": ")[2]]


def test_a_copy_without_times() -> None:
    lines = read("Maria: Guten Abend\nist er fertig?\nKfz Muster: Ja, ab 15:00 Uhr\nMaria: Danke")
    assert [(line.who, line.words, line.said_at) for line in lines] == [
        ("Maria", "Guten Abend\nist er fertig?", None),
        ("Kfz Muster", "Ja, ab 15:00 Uhr", None),
        ("Maria", "Danke", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n ",
        "Guten Tag, wann ist mein Golf fertig?",
        "Bitte: um Rückruf",
        "Wir öffnen um 8:00 - 12:00: immer",
        "Auto: Golf 7\nKennzeichen: I-123AB\nbremst schlecht",
        "Name: Huber\nNummer: 0664 123\nAnliegen: Reifen\n",
    ],
)
def test_what_is_no_chat_is_none(text: str) -> None:
    assert read(text) == []


def test_a_copy_with_a_name_of_ours_is_a_chat_though_each_speaks_once() -> None:
    text = "Maria: Guten Abend\nKfz Muster: Ja?"
    assert read(text) == []
    assert senders(read_chat(text, VIENNA, NOW, ["Kfz Muster"])) == ["Maria", "Kfz Muster"]


@pytest.mark.parametrize("name", ["Hofer:Maria", "Maria (Firma: A)", "Maria (x"])
def test_a_name_may_hold_a_colon(name: str) -> None:
    (line,) = read(f"22.11.26, 17:50 - {name}: hallo: du (da)")
    assert (line.who, line.words) == (name, "hallo: du (da)")


def test_a_notice_is_the_apps_only_behind_its_mark() -> None:
    words = "Ist der Chat Ende-zu-Ende-verschlüsselt?"
    assert read(f"[22.11.26, 17:50:12] Maria: {words}")[0].who == "Maria"
    assert read(f"[22.11.26, 17:50:12] Maria: \u200e{words}")[0].who == ""


def test_twelve_hours_are_not_american_where_the_days_lie_together_otherwise() -> None:
    lines = read("[03/11/2026, 5:50 pm] Tom: hi\n[05/11/2026, 5:55 pm] Kfz Muster: yes")
    assert [line.said_at for line in lines] == [at(3, 17, 50), at(5, 17, 55)]


def test_the_hour_that_comes_twice_in_autumn() -> None:
    lines = read("[25.10.26, 02:30:00] A: a\n[25.10.26, 02:31:00] B: b\n[25.10.26, 02:05:00] A: c")
    times = [line.said_at.astimezone(UTC) for line in lines if line.said_at]
    assert [(time.hour, time.minute) for time in times] == [(0, 30), (0, 31), (1, 5)]


def test_a_time_to_come_is_now_and_an_impossible_one_is_none() -> None:
    lines = read("[24.12.26, 17:50:12] Maria: a\n[99.99.26, 17:50:12] Maria: b\n[22.11.26, 29:50] Maria: c")
    assert [line.said_at for line in lines] == [NOW, None, None]


def test_the_customer_is_who_is_not_of_the_shop() -> None:
    assert likely_customer(["Kfz Muster", "Maria"], ["Kfz Muster", "Sandra Kofler"]) == "Maria"
    assert likely_customer(["Sandra", "Maria"], ["Kfz Muster", "Sandra Kofler"]) == "Maria"
    assert likely_customer(["Kfz Muster"], ["Kfz Muster"]) == "Kfz Muster"
    assert likely_customer([], []) == ""
    assert senders(read(IOS)) == ["Maria", "Kfz Muster"]


_STAMPS = st.sampled_from(
    [
        "[22.11.26, 17:50:12] ",
        "22.11.26, 17:50 - ",
        "11/22/26, 5:50 PM - ",
        "[99.1.26, 1:1] ",
        "[17:50, 22.11.2026] ",
        "",
    ]
)
_PIECES = st.lists(
    st.tuples(_STAMPS, st.sampled_from(["Maria: ", "Kfz Muster: ", ""]), st.text(max_size=30)), max_size=8
)


@given(_PIECES, st.sampled_from(["> ", ">> ", "> > "]))
@settings(max_examples=100, deadline=None)
def test_quoting_a_chat_changes_nothing(pieces: list[tuple[str, str, str]], sign: str) -> None:
    text = "\n".join(["[22.11.26, 17:50:12] Maria: a", *(stamp + who + words for stamp, who, words in pieces)])
    quoted = "\n".join(f"{sign}{row}" for row in text.splitlines())
    assert read(quoted) == read(text)


@given(_PIECES)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_and_no_word_is_lost(pieces: list[tuple[str, str, str]]) -> None:
    text = "\n".join(stamp + who + words for stamp, who, words in pieces)
    lines = read(text)
    assert all(line.said_at is None or line.said_at <= NOW for line in lines)
    if lines:
        kept = re.findall(r"[^\W\d_]+", " ".join(f"{line.who} {line.words}" for line in lines))
        said = [word for _stamp, who, words in pieces for word in re.findall(r"[^\W\d_]+", who + words)]
        assert [word for word in kept if word != "PM"] == [word for word in said if word != "PM"]
