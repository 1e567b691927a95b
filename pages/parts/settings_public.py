"""Einstellungen, «Kundenseiten»: what customers find, what goes out by itself, and what we promise in public."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from data.records import ShopSettings
from pages.parts.acting import action
from pages.parts.choices import choose_from_list
from pages.parts.plain import plain
from pages.parts.session import Desk
from pages.parts.words import day_and_time
from services.receipts import paused_until, preview_receipt
from services.service_promise import FEWEST, measured_share, promise_share, promised_percent
from services.settings import mail_account, save_settings
from services.staff import list_staff


def draw_public(desk: Desk) -> None:
    """Three cards: the pages, the automatic receipt, the promise; each switch is kept by the one button below it."""
    _draw_pages(desk)
    _draw_receipts(desk)
    _draw_promise(desk)


def _draw_pages(desk: Desk) -> None:
    _ = desk.say
    now = desk.settings
    with st.container(key="karte-kundenseiten", gap="small"):
        st.subheader(_("Seiten für Kunden"), anchor=False)
        if now.public_url:
            with st.container(horizontal=True, gap="small"):
                st.link_button(_("Anfrageseite ansehen"), "/anfrage", icon=":material/open_in_new:")
                st.link_button(_("Plakat drucken"), "/intern/plakat", icon=":material/print:")
        else:
            st.caption(
                _("Kunden erreichen diese Seiten noch nicht: Unter «Betrieb» fehlt die Adresse im Internet. "
                  "Erst mit ihr stehen Links in Mails und der QR-Code auf dem Plakat.")
            )  # fmt: skip
        form = _("Anfragen über die Seite «Anfrage» annehmen")
        st.toggle(form, now.inquiry_form, key="kp-inquiry_form", on_change="ignore")
        asked = _("Nach der Antwort auf der Seite des Kunden fragen, wie zufrieden er ist")
        st.toggle(asked, now.ratings, key="kp-ratings", on_change="ignore")
        st.caption(_("Per Mail fragt Theke nie danach: Das wäre Werbung und ohne Einwilligung nicht erlaubt."))
        action(_("Seiten speichern"), _saving("inquiry_form", "ratings"), key="kp-save-pages")


def _draw_receipts(desk: Desk) -> None:
    _ = desk.say
    now = desk.settings
    with st.container(key="karte-eingang", gap="small"):
        st.subheader(_("Eingang bestätigen"), anchor=False)
        st.caption(
            _("Wer per Mail oder Formular fragt, erfährt sofort, bis wann jemand antwortet. Die Uhr läuft weiter. "
              "Höchstens eine je Mensch und Tag, keine an Automaten.")
        )  # fmt: skip
        if mail_account(desk.shop.store) is None:
            st.caption(_("Dafür braucht Theke ein verbundenes Postfach."))
        if ends := paused_until(desk.shop.store, desk.speech.now):
            resting = _("Nach der Wiederherstellung ruht das bis {time}, damit niemand zwei bekommt.")
            st.caption(plain(resting.format(time=day_and_time(ends, desk.speech))))
        st.toggle(_("Eingang automatisch bestätigen"), now.receipts, key="kp-receipts", on_change="ignore")
        people = {0: _("Inhaber")} | {each.id: each.name for each in list_staff(desk.shop.store) if each.active}
        label = _("Wen nennt die Mail für ein Gespräch?")
        choose_from_list(desk, label, people, now.receipt_staff_id, key="kp-receipt_staff_id", width=320)
        with st.expander(_("So sieht sie jetzt aus"), key="kp-probe"):
            _draw_preview(desk, replace(now, receipt_staff_id=st.session_state["kp-receipt_staff_id"]))
        action(_("Bestätigung speichern"), _saving("receipts", "receipt_staff_id"), key="kp-save-receipts")


def _draw_preview(desk: Desk, settings: ShopSettings) -> None:
    shown = preview_receipt(desk.shop, desk.actor, settings)
    with st.container(key="vorschau", gap=None):
        subject = desk.say("Betreff: {subject}").format(subject=shown.subject)
        st.text(f"{subject}\n\n{shown.text}")


def _draw_promise(desk: Desk) -> None:
    _ = desk.say
    with st.container(key="karte-versprechen", gap="small"):
        st.subheader(_("Öffentliches Versprechen"), anchor=False)
        st.caption(
            _("Unter «Termin» und «Anfrage» steht dann, wie schnell Sie antworten und wie oft das zuletzt gelang.")
        )
        st.toggle(
            _("Kunden zeigen, wie oft wir das Ziel halten"),
            desk.settings.service_promise,
            key="kp-service_promise",
            on_change="ignore",
        )
        st.text(_promise_stand(desk))
        action(_("Versprechen speichern"), _saving("service_promise"), key="kp-save-promise")


def _promise_stand(desk: Desk) -> str:
    """What customers would read now, or why they would read nothing."""
    _ = desk.say
    share = measured_share(desk.shop)
    if promise_share(desk.shop) is not None:
        words = _("Derzeit {percent} % in den letzten 90 Tagen ({hits} von {count} Anfragen).")
        return words.format(percent=promised_percent(share), hits=share.hits, count=share.cases)
    if share.cases < FEWEST:
        words = _("Noch zu wenig: {count} von {least} Anfragen in den letzten 90 Tagen. Bis dahin steht dort nichts.")
        return words.format(count=share.cases, least=FEWEST)
    return _("Unter der Hälfte: Bis das besser ist, steht dort nichts.")


def _saving(*names: str) -> Callable[[Desk], str]:
    """The work that keeps these fields, those alone that were changed: a receipt goes out since it was switched on."""

    def save(desk: Desk) -> str:
        field = st.session_state
        wanted = {name: field[f"kp-{name}"] for name in names}
        changes = {name: value for name, value in wanted.items() if value != getattr(desk.settings, name)}
        save_settings(desk.shop, desk.actor, **changes)
        return desk.say("Gespeichert.")

    return save
