"""Vorlagen: the texts that answers start from. The shop's own words; a person always adds and sends."""

from functools import partial

import streamlit as st

from data.records import Template
from pages.parts.acting import action, dialog_button
from pages.parts.head import draw_empty, draw_head
from pages.parts.plain import plain
from pages.parts.session import Desk, open_desk
from pages.parts.template_help import draw_placeholders
from services import templates


def save(template_id: int | None, key: str, now: Desk) -> str:
    _ = now.say
    field = st.session_state
    name, subject, body = (field[f"{key}-{part}"] for part in ("name", "subject", "body"))
    templates.save_template(now.shop, now.actor, template_id, name=name, subject=subject, body=body)
    if template_id is None:
        st.session_state["vorlage-neu-offen"] = False
    return _("Gespeichert.")


def editor(desk: Desk, template: Template | None) -> None:
    _ = desk.say
    key = f"vorlage-{template.id if template else 'neu'}"
    st.text_input(_("Name"), template.name if template else "", key=f"{key}-name", on_change="ignore")
    st.text_input(_("Betreff"), template.subject if template else "", key=f"{key}-subject", on_change="ignore")
    st.text_area(_("Text"), template.body if template else "", key=f"{key}-body", height="content", on_change="ignore")
    with st.container(horizontal=True, key=f"{key}-taten"):
        action(_("Speichern"), partial(save, template.id if template else None, key), key=f"{key}-save")
        dialog_button(_("Vorschau"), "template", key, key=f"{key}-preview", icon=":material/visibility:")
        if template:
            look = {"key": f"{key}-delete", "icon": ":material/delete:", "type": "tertiary"}
            dialog_button(_("Löschen"), "template-delete", template.id, template.name, **look)


desk = open_desk()
_ = desk.say
draw_head(desk, _("Vorlagen"), _("Ein Anfang für Antworten. Die persönliche Zeile schreiben Sie."))
draw_placeholders(desk)
listed = templates.list_templates(desk.shop, desk.actor)
if not listed:
    draw_empty(_("Noch keine Vorlage"), _("Schreiben Sie unten Ihre erste."), icon="description")
for template in listed:
    with st.expander(plain(template.name), key=f"vorlage-{template.id}", on_change="rerun") as opened:
        if opened.open:
            editor(desk, template)
with st.expander(_("Neue Vorlage"), icon=":material/add:", key="vorlage-neu-offen", on_change="rerun") as opened:
    if opened.open:
        editor(desk, None)
