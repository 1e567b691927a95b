"""Team: who works here, with which PIN, and ending every open sign-in. For owners."""

from functools import partial

import streamlit as st

from data.records import Staff, StaffRole
from pages.catalogues import LANGUAGES
from pages.parts.acting import action
from pages.parts.head import draw_head
from pages.parts.plain import plain
from pages.parts.session import Desk, open_desk
from services import staff
from services.staff import list_staff, list_without_pin, require_owner


def save(person: Staff, now: Desk) -> str:
    _ = now.say
    key, field = f"team-{person.id}", st.session_state
    role, pin = StaffRole(field[f"{key}-role"]), field[f"{key}-pin"]
    staff.change_staff(
        now.shop,
        now.actor,
        person.id,
        name=field[f"{key}-name"],
        job_title=field[f"{key}-job"],
        phone=field[f"{key}-phone"],
        language=field[f"{key}-language"],
        role=role,
        pin=pin,
    )
    if pin:
        staff.set_pin(now.shop, now.actor, person.id, pin)
        st.session_state[f"{key}-pin"] = ""
    return _("Gespeichert.")


def add(now: Desk) -> str:
    _ = now.say
    field = st.session_state
    staff.add_staff(
        now.shop,
        now.actor,
        name=field["neu-name"],
        job_title=field["neu-job"],
        phone=field["neu-phone"],
        role=StaffRole(field["neu-role"]),
        pin=field["neu-pin"],
        language=field["neu-language"],
    )
    for part in ("name", "job", "phone", "pin"):
        st.session_state[f"neu-{part}"] = ""
    return _("Willkommen im Team.")


def sign_out(staff_id: int, now: Desk) -> str:
    _ = now.say
    staff.sign_out_everywhere(now.shop, now.actor, staff_id)
    return _("Überall abgemeldet.")


def leave(staff_id: int, now: Desk) -> str:
    _ = now.say
    staff.deactivate_staff(now.shop, now.actor, staff_id)
    return _("Nicht mehr im Team. Was die Person geschrieben hat, bleibt.")


def come_back(staff_id: int, now: Desk) -> str:
    _ = now.say
    staff.reactivate_staff(now.shop, now.actor, staff_id)
    return _("Wieder im Team. Es braucht noch eine neue PIN.")


def fields(desk: Desk, person: Staff | None, key: str) -> None:
    _ = desk.say
    roles = {"staff": _("Mitarbeiter"), "owner": _("Inhaber")}
    start = [person.name, person.job_title, person.phone] if person else ["", "", ""]
    with st.grid(2, min_column_width=240):
        st.text_input(_("Name"), start[0], key=f"{key}-name", on_change="ignore")
        st.text_input(_("Beruf (steht unter Mails)"), start[1], key=f"{key}-job", on_change="ignore")
        st.text_input(_("Telefon"), start[2], key=f"{key}-phone", on_change="ignore")
        st.text_input(_("Neue PIN"), key=f"{key}-pin", type="password", autocomplete="new-password", on_change="ignore")
        st.segmented_control(
            _("Rolle"),
            list(roles),
            default=str(person.role) if person else "staff",
            required=True,
            format_func=lambda role: roles[role],
            key=f"{key}-role",
            on_change="ignore",
        )
        st.segmented_control(
            _("Sprache"),
            list(LANGUAGES),
            default=person.language if person and person.language in LANGUAGES else "de",
            required=True,
            format_func=lambda language: LANGUAGES[language],
            key=f"{key}-language",
            on_change="ignore",
        )


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
            out = partial(sign_out, person.id)
            action(_("Überall abmelden"), out, key=f"team-{person.id}-out", icon=":material/logout:")
            gone = partial(leave, person.id)
            action(_("Aus dem Team nehmen"), gone, key=f"team-{person.id}-leave", type="tertiary")


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
        action(_("Zurückholen"), partial(come_back, former.id), key=f"team-{former.id}-back")
