"""Team: who works here, with which PIN, and ending every open sign-in. For owners."""

from functools import partial
from typing import Any

import streamlit as st

from data.records import Staff, StaffRole
from pages.catalogues import LANGUAGES
from pages.parts.acting import action, calling, dialog_button
from pages.parts.choices import choose_in_sight
from pages.parts.head import draw_head
from pages.parts.plain import plain
from pages.parts.session import Desk, open_desk
from services import staff
from services.staff import list_staff, list_without_pin, require_owner

FIELDS = ("name", "job_title", "phone", "language", "role", "pin")


def typed(key: str) -> dict[str, Any]:
    """What `fields` with this key hold."""
    values = {name: st.session_state[f"{key}-{name}"] for name in FIELDS}
    return {**values, "role": StaffRole(values["role"])}


def save(person: Staff, now: Desk) -> str:
    _ = now.say
    key = f"team-{person.id}"
    staff.change_staff(now.shop, now.actor, person.id, **typed(key))
    st.session_state[f"{key}-pin"] = ""
    return _("Gespeichert.")


def add(now: Desk) -> str:
    _ = now.say
    staff.add_staff(now.shop, now.actor, **typed("neu"))
    for name in ("name", "job_title", "phone", "pin"):
        st.session_state[f"neu-{name}"] = ""
    return _("Willkommen im Team.")


def fields(desk: Desk, person: Staff | None, key: str) -> None:
    _ = desk.say
    roles = {"staff": _("Mitarbeiter"), "owner": _("Inhaber")}
    start = [person.name, person.job_title, person.phone] if person else ["", "", ""]
    spoken = person.language if person else desk.settings.language
    with st.grid(2, min_column_width=240):
        st.text_input(_("Name"), start[0], key=f"{key}-name", on_change="ignore")
        st.text_input(_("Beruf (steht unter Mails)"), start[1], key=f"{key}-job_title", on_change="ignore")
        st.text_input(_("Telefon"), start[2], key=f"{key}-phone", on_change="ignore")
        st.text_input(_("Neue PIN"), key=f"{key}-pin", type="password", autocomplete="new-password", on_change="ignore")
        choose_in_sight(_("Rolle"), roles, str(person.role) if person else "staff", key=f"{key}-role")
        choose_in_sight(_("Sprache"), LANGUAGES, spoken, key=f"{key}-language")


def draw_person(desk: Desk, person: Staff, *, no_pin: bool) -> None:
    _ = desk.say
    note = _("noch ohne PIN") if no_pin else _("Inhaber") if person.role is StaffRole.OWNER else person.job_title
    label = f"**{plain(person.name)}**" + (f" · {plain(note)}" if note else "")
    with st.expander(label, icon=":material/person:", key=f"team-{person.id}", on_change="rerun") as opened:
        if not opened.open:
            return
        fields(desk, person, f"team-{person.id}")
        with st.container(horizontal=True, key=f"team-{person.id}-taten"):
            action(_("Speichern"), partial(save, person), key=f"team-{person.id}-save")
            out, said = calling(staff.sign_out_everywhere, person.id), _("Überall abgemeldet.")
            action(_("Überall abmelden"), out, key=f"team-{person.id}-out", said=said, icon=":material/logout:")
            key = f"team-{person.id}-leave"
            dialog_button(_("Aus dem Team nehmen"), "leave", person.id, key=key, type="tertiary")


desk = open_desk()
_ = desk.say
require_owner(desk.actor)
draw_head(desk, _("Team"), _("Wer hier arbeitet, meldet sich mit Namen und PIN an."))
without_pin = list_without_pin(desk.shop.store)
people = list_staff(desk.shop.store)
for member in (person for person in people if person.active):
    draw_person(desk, member, no_pin=member.id in without_pin)
with st.expander(_("Jemanden aufnehmen"), icon=":material/person_add:", key="team-neu", on_change="rerun") as opened:
    if opened.open:
        fields(desk, None, "neu")
        st.caption(_("PIN nur aus Ziffern: für Mitarbeiter mindestens 4, für Inhaber mindestens 6."))
        action(_("Aufnehmen"), add, key="neu-save")
for former in (person for person in people if not person.active):
    with st.container(horizontal=True, vertical_alignment="center", key=f"leise-weg-{former.id}"):
        st.text(_("{name}, nicht mehr im Team").format(name=former.name), width="stretch")
        back, said = calling(staff.reactivate_staff, former.id), _("Wieder im Team. Es braucht noch eine neue PIN.")
        action(_("Zurückholen"), back, key=f"team-{former.id}-back", said=said)
