"""Vorlagen, beside the editor: what the brackets mean, how a text will read, and the question before one goes."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.parts.acting import calling, show_dialog, show_form
from pages.parts.choices import choose_in_sight
from pages.parts.plain import plain
from pages.parts.session import Desk
from services import templates


def placeholder_words(say: Callable[[str], str]) -> dict[str, str]:
    """What Theke puts in for each name that it knows (`templates.sample_values`), in words."""
    _ = say
    return {
        "anrede": _("die Begrüßung, etwa «Guten Tag Frau Huber,»"),
        "vorname": _("der Vorname des Kunden"),
        "nachname": _("der Nachname des Kunden"),
        "anliegen_kurz": _("der Betreff, den der Kunde geschrieben hat"),
        "Nummer des Kunden": _("die Telefonnummer des Kunden, wenn er nur eine hat"),
        "mitarbeiter": _("wer antwortet"),
        "telefon": _("die Nummer von dem, der antwortet, sonst die des Betriebs"),
        "betrieb": _("der Name des Betriebs"),
        "strasse": _("die Straße des Betriebs"),
        "ort": _("PLZ und Ort des Betriebs"),
        "heute": _("das Datum von heute"),
        "oeffnung_heute": _("die Öffnungszeit von heute; ist geschlossen, steht da, wann Sie wieder öffnen"),
        "steuer": _("der Hinweis auf die Steuer hinter einem Preis, etwa «inkl. USt.»"),
        "Tag und Uhrzeit des Rückrufs": _("wann Sie den Rückruf zugesagt haben"),
        "Uhrzeit des Versuchs": _("wann Sie heute vergeblich angerufen haben"),
        "Ergebnis des Versuchs": _("ob Sie dabei niemanden erreicht oder auf die Mailbox gesprochen haben"),
        "artikel": _("bei Wünschen: der gewünschte Artikel"),
        "groesse": _("bei Wünschen: «Größe 128», wenn eine genannt ist"),
        "farbe": _("bei Wünschen: «Farbe blau», wenn eine genannt ist"),
        "voraussichtlich": _("bei Wünschen: wann es voraussichtlich kommt"),
        "spätestens": _("bei Wünschen: bis wann wir uns melden"),
        "reserviert_bis": _("bei Wünschen: bis wann wir es zurücklegen"),
    }


def draw_placeholders(desk: Desk) -> None:
    """The list of all that may stand in brackets; a tap unfolds it."""
    _ = desk.say
    label = _("Was die Klammern bedeuten")
    with st.expander(label, icon=":material/help:", key="vorlage-hilfe", on_change="rerun") as opened:
        if not opened.open:
            return
        _draw_words(
            {
                "Sie/Du": _("links für Kunden per Sie, rechts für Kunden per Du; auch {haben Sie/hast Du}"),
                "anliegen_kurz|Anfrage": _("hinter dem Strich steht, was gilt, wenn Theke nichts weiß"),
                "persoenliche_zeile|": _("ohne Wort hinter dem Strich fällt es weg: Platz für Ihre eigene Zeile"),
                "preis": _("jedes andere Wort ist eine Lücke: Sie füllen sie beim Antworten"),
            },
            key="formen",
        )
        st.caption(_("Diese Wörter setzt Theke ein. Weiß es eines nicht, bleibt eine Lücke für Sie."))
        _draw_words(placeholder_words(_), key="woerter")


def _draw_words(words: dict[str, str], *, key: str) -> None:
    with st.container(key=f"leise-{key}", gap="xsmall"):
        for number, (name, meaning) in enumerate(words.items()):
            with st.container(horizontal=True, gap="xsmall", key=f"klammer-{key}-{number}"):
                st.text(f"{{{name}}}", width=280)
                st.text(meaning, width="stretch")


def open_template_preview(desk: Desk, key: str) -> None:
    """The text in the editor `key` as a made-up customer would read it, also before it is saved."""
    _ = desk.say

    def draw(now: Desk) -> None:
        forms = {"sie": _("per Sie"), "du": _("per Du")}
        choose_in_sight(_("So liest es Maria Huber"), forms, "sie", key="tp-form", on_change="rerun")
        field = st.session_state
        shown = templates.preview_template(
            now.shop,
            now.actor,
            subject=field.get(f"{key}-subject", ""),
            body=field.get(f"{key}-body", ""),
            form_of_address=field["tp-form"],
        )
        with st.container(key="leise-vorschau", gap=None):
            st.text(_("Betreff: {subject}").format(subject=shown.subject))
        with st.container(key="vorschau", gap=None):
            st.text(shown.body)
        if shown.missing:
            names = ", ".join(shown.missing)
            st.caption(plain(_("Diese Lücken füllen Sie beim Antworten: {names}").format(names=names)))

    show_dialog(_("Vorschau"), draw, width="medium")


def open_delete_template(desk: Desk, template_id: int, name: str) -> None:
    """Delete a template, after one question."""
    _ = desk.say

    def question(now: Desk) -> None:
        text = _("«{name}» steht dann nicht mehr zur Wahl. Was Sie damit geschrieben haben, bleibt.")
        st.markdown(plain(text.format(name=name)))

    remove, said = calling(templates.delete_template, template_id), _("Gelöscht.")
    show_form(_("Vorlage löschen"), question, _("Ja, löschen"), remove, keys="td-", said=said)
