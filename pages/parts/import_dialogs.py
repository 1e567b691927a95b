"""Einstellungen, «Daten»: customers as a list, out of Theke and into it, with a look before and a way back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data.customer_imports import CustomerImport, LineFate
from pages.parts import state
from pages.parts.acting import attempt, dialog_button, last_action, show_dialog, show_form, show_trouble
from pages.parts.file_field import worded_file_field
from pages.parts.session import Desk
from pages.parts.words import day_and_time, name_or, stored
from services import customer_import
from services.customer_import import Preview
from services.rules.customer_csv import LARGEST

_SEEN, _ROUND = "imp-seen", "imp-round"
_MEGABYTES = LARGEST // 1_000_000
_LISTED, _TOLD = 5, 100  # lists that were read in; lines of a report


def draw_customer_lists(desk: Desk) -> None:
    """All customers as a file, and a list to be read in."""
    _ = desk.say
    with st.container(key="karte-listen", gap="small"):
        st.subheader(_("Kundenliste"), anchor=False)
        st.link_button(_("Alle Kunden als CSV"), "/intern/kunden.csv", icon=":material/download:")
        st.markdown(f"**{_('Kunden einlesen')}**")
        st.caption(
            _(
                "Eine CSV-Datei aus einem anderen Programm, mit Überschriften wie Name, E-Mail, Telefon, Notiz."
                " Theke zeigt zuerst, was sie bringt. Die Datei wird nicht aufgehoben."
            )
        )
        _draw_way_in(desk)
        _draw_done(desk)


def _draw_way_in(desk: Desk) -> None:
    """The file, what it would do, and the button; afterwards an empty field."""
    _ = desk.say
    show_trouble("imp-file")
    number = st.session_state.setdefault(_ROUND, 0)
    kinds = ["csv", "txt", "tsv"]
    with worded_file_field("datei-listen", _("Datei wählen"), _, kinds, _MEGABYTES):
        file = st.file_uploader(_("CSV-Datei"), kinds, key=f"imp-{number}", max_upload_size=_MEGABYTES)
    if file is None:
        st.session_state.pop(_SEEN, None)
        return
    preview = _preview(desk, file)
    if preview is None:
        show_trouble("imp-file")
        return
    _draw_preview(desk, preview)
    useful = preview.counts.get(LineFate.ADDED, 0) + preview.counts.get(LineFate.CHANGED, 0)
    label = _("Einlesen: 1 Karte") if useful == 1 else _("Einlesen: {count} Karten").format(count=useful)
    if st.button(label, key="imp-go", icon=":material/upload:", type="primary", disabled=not useful):
        _read_in(file)


def _preview(desk: Desk, file: UploadedFile) -> Preview | None:
    """What the file would do, worked out once for each; None, and a trouble, for one that is no list."""
    _ = desk.say
    kept: tuple[str, Preview] | None = st.session_state.get(_SEEN)
    if kept and kept[0] == file.file_id:
        return kept[1]
    found: list[Preview] = []
    place = st.empty()

    def look(now: Desk) -> None:
        shown = _bar(place, _("Wird gelesen …"))
        found.append(customer_import.preview_import(now.shop, now.actor, file.getvalue(), shown))

    attempt(look, place="imp-file")
    place.empty()
    if not found:
        return None
    st.session_state[_SEEN] = (file.file_id, found[0])
    return found[0]


def _read_in(file: UploadedFile) -> None:
    """Read the list in while a bar grows; then the report opens and the field is empty."""
    place = st.empty()

    def work(now: Desk) -> None:
        shown = _bar(place, now.say("Wird eingelesen …"))
        done = customer_import.import_customers(now.shop, now.actor, file.getvalue(), file.name, shown)
        state.ask("import-report", done.id)

    if attempt(work, place="imp-file"):
        st.session_state[_ROUND] += 1
        st.session_state.pop(_SEEN, None)
    st.rerun()


def _bar(place: DeltaGenerator, words: str) -> Callable[[float], None]:
    def show(share: float) -> None:
        place.progress(share, words)

    show(0.0)
    return show


def _draw_preview(desk: Desk, preview: Preview) -> None:
    """Counts, the first lines as they will be, what is left out, what is broken."""
    _ = desk.say
    st.markdown(_counts(desk, preview.counts))
    words = _fates(desk)
    table = [
        {
            _("Zeile"): line.line,
            _("Ergebnis"): words[line.fate],
            _("Name"): line.name,
            _("Adressen"): ", ".join(line.ways) or (_("ohne Adresse") if line.fate is LineFate.ADDED else ""),
            _("Notiz"): line.note,
        }
        for line in preview.first
    ]
    if table:
        st.dataframe(table, hide_index=True)
    with st.container(key="leise-einlesen", gap=None):
        if preview.left_out:
            st.text(_("Wird nicht übernommen: {columns}").format(columns=", ".join(preview.left_out)))
        for line, sentence in preview.problems:
            st.text(_line_words(desk, line, sentence))
        more = preview.told - len(preview.problems)
        if more > 0:
            st.text(_("und {count} weitere").format(count=more))


def _fates(desk: Desk) -> dict[LineFate, str]:
    _ = desk.say
    return {
        LineFate.ADDED: _("neu"),
        LineFate.CHANGED: _("ergänzt"),
        LineFate.KNOWN: _("schon bekannt"),
        LineFate.REFUSED: _("nicht gelesen"),
    }


def _counts(desk: Desk, counts: dict[LineFate, int]) -> str:
    words = _fates(desk)
    return " · ".join(f"**{counts[fate]}** {words[fate]}" for fate in LineFate if counts.get(fate))


def _line_words(desk: Desk, line: int, sentence: str) -> str:
    _ = desk.say
    return _("Zeile {line}: {sentence}").format(line=line, sentence=stored(sentence, _))


def _draw_done(desk: Desk) -> None:
    """The lists that were read in last, each with its report."""
    _ = desk.say
    for done in customer_import.list_imports(desk.shop, desk.actor)[:_LISTED]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"hz-liste-{done.id}", gap="small"):
            with st.container(gap=None, key=f"leise-liste-{done.id}"):
                undone = f" · {_('zurückgenommen')}" if done.undone_at else ""
                st.text(f"{day_and_time(done.imported_at, desk.speech)} · {done.file_name}{undone}")
            dialog_button(_("Bericht"), "import-report", done.id, key=f"imp-{done.id}-report", type="tertiary")
            if done.undone_at is None:
                key = f"imp-{done.id}-undo"
                dialog_button(_("Zurücknehmen"), "import-undo", done.id, key=key, type="tertiary")


def open_import_report(desk: Desk, import_id: int) -> None:
    """What a list that was read in did, by line, with the way back."""
    _ = desk.say

    def body(now: Desk) -> None:
        done = customer_import.require_import(now.shop, now.actor, import_id)
        st.text(f"{day_and_time(done.imported_at, now.speech)} · {done.file_name}")
        st.markdown(_counts(now, _counted(done)))
        if done.undone_at is not None:
            st.badge(_("Zurückgenommen"), icon=":material/undo:", color="gray")
        _draw_told(now, import_id)
        st.link_button(_("Bericht als CSV"), f"/intern/einlesen/{import_id}.csv", icon=":material/download:")
        if done.undone_at is None:
            st.caption(_undo_words(now))
            last_action(_("Einlesen zurücknehmen"), _undo(import_id), key="imp-undo", icon=":material/undo:")

    show_dialog(_("Eingelesene Liste"), body, width="medium")


def open_import_undo(desk: Desk, import_id: int) -> None:
    """Take a list that was read in back, after one question."""
    _ = desk.say

    def question(now: Desk) -> None:
        done = customer_import.require_import(now.shop, now.actor, import_id)
        st.text(f"{day_and_time(done.imported_at, now.speech)} · {done.file_name}")
        st.markdown(_undo_words(now))

    show_form(_("Einlesen zurücknehmen"), question, _("Zurücknehmen"), _undo(import_id), keys="imp-undo-")


def _undo_words(desk: Desk) -> str:
    return desk.say("Die neuen Karten verschwinden wieder, außer jemand hat sie inzwischen verwendet.")


def _draw_told(desk: Desk, import_id: int) -> None:
    _ = desk.say
    lines = customer_import.import_lines(desk.shop, desk.actor, import_id, only_told=True, limit=_TOLD + 1)
    if not lines:
        return
    with st.container(key="leise-bericht", gap=None, height=260 if len(lines) > 8 else "content"):
        for line in lines[:_TOLD]:
            who = f"{name_or(line.customer_name, _)}: " if line.customer_id else ""
            st.text(_line_words(desk, line.line, line.problem).replace(": ", f": {who}", 1))
        if len(lines) > _TOLD:
            st.text(_("Alle weiteren stehen in der CSV-Datei."))


def _counted(done: CustomerImport) -> dict[LineFate, int]:
    return {
        LineFate.ADDED: done.added,
        LineFate.CHANGED: done.changed,
        LineFate.KNOWN: done.known,
        LineFate.REFUSED: done.refused,
    }


def _undo(import_id: int) -> Callable[[Desk], str]:
    def work(desk: Desk) -> str:
        _ = desk.say
        done = customer_import.undo_import(desk.shop, desk.actor, import_id)
        told = _("Zurückgenommen. Neue Karten, die wieder weg sind: {gone}. Ergänzte, die sind wie vorher: {restored}.")
        told = told.format(gone=done.gone, restored=done.restored)
        one = _("1 Karte bleibt: Sie wird inzwischen verwendet.")
        many = _("{count} Karten bleiben: Sie werden inzwischen verwendet.").format(count=done.stayed)
        return f"{told} {one if done.stayed == 1 else many}" if done.stayed else told

    return work
