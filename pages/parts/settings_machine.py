"""Einstellungen, what runs by itself: backups, the work in the background, where the data lies."""

from __future__ import annotations

import streamlit as st

from data.records import JobRun
from pages.parts.acting import action
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.thread import file_size
from pages.parts.words import ago, day_and_time, stored
from services import backups, jobs
from services.intake import SENT_JOB
from services.log_file import LOG_FILE

_TOLD_ELSEWHERE = {backups.SECOND_COPY, SENT_JOB}  # in the cards of the backup and the mailbox


def draw_backups(desk: Desk) -> None:
    """Back up now, what lies there, and a second place."""
    _ = desk.say
    with st.container(key="karte-sicherung", gap="small"):
        st.subheader(_("Sicherung"), anchor=False)
        st.caption(_("Jeden Tag von selbst. Ein zweiter Ort (Stick, Netzlaufwerk) hilft, wenn der Rechner stirbt."))
        if problem := jobs.job_health(desk.shop).second_copy_problem:
            st.warning(plain(stored(problem, _)), icon=":material/warning:")
        action(_("Jetzt sichern"), _back_up, key="e-backup", icon=":material/save:")
        with st.container(key="leise-sicherung", gap=None):
            for copy in backups.list_backups(desk.shop)[:5]:
                when = day_and_time(copy.made_at, desk.speech)
                st.text(f"{when} · {file_size(copy.size, desk.speech)} · {copy.path.name}")
        label, now = _("Zweiter Ordner"), desk.settings.second_backup_folder
        st.text_input(label, now, placeholder="/media/stick/theke", key="e-second", on_change="ignore")
        action(_("Ordner speichern"), _save_second, key="e-save-second")


def _back_up(desk: Desk) -> str:
    """Without a word of success when the second copy failed: the card says that until one works."""
    _ = desk.say
    made = backups.back_up_now(desk.shop, desk.actor)
    return "" if made.problem else _("Gesichert: {name}").format(name=made.path.name)


def _save_second(desk: Desk) -> str:
    _ = desk.say
    problem = backups.keep_second_folder(desk.shop, desk.actor, st.session_state["e-second"])
    return "" if problem else _("Gespeichert.")


def draw_jobs(desk: Desk) -> None:
    """The heartbeat of the work in the background, and the data folder."""
    _ = desk.say
    with st.container(key="karte-arbeit", gap="small"):
        st.subheader(_("Im Hintergrund"), anchor=False)
        with st.container(key="leise-arbeit", gap=None):
            for run in jobs.job_health(desk.shop).jobs:
                if run.name not in _TOLD_ELSEWHERE:
                    st.text(job_words(desk, run))
        st.caption(_("Alle Daten liegen in diesem Ordner:"))
        with st.container(key="leise-ordner"):
            st.text(str(desk.shop.folder))
            st.text(_("Protokoll: {file}").format(file=desk.shop.folder / LOG_FILE))


def job_words(desk: Desk, run: JobRun) -> str:
    """«Mails abrufen: vor 12 s», with the reason when it failed."""
    _ = desk.say
    names = {
        jobs.MAIL: _("Mails abrufen"),
        jobs.OUTBOX: _("Antworten senden"),
        jobs.COPIES: _("Kopien im Ordner «Gesendet»"),
        jobs.BOOKINGS: _("Termine, Erinnerungen, Wünsche"),
        jobs.RECEIPTS: _("Eingang bestätigen"),
        jobs.NOTICES: _("Mails an Sie"),
        jobs.BACKUP: _("Sicherung"),
    }
    last = ago(run.succeeded_at, desk.speech) if run.succeeded_at else _("noch nie gelungen")
    name = names.get(run.name, run.name)
    return f"{name}: {last}. {stored(run.problem, _)}" if run.problem else f"{name}: {last}"
