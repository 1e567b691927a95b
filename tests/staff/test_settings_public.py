"""Einstellungen, «Kundenseiten»: the switches, the preview, and where the promise stands."""

from __future__ import annotations

from data.records import Actor
from services.settings import shop_settings
from services.shop import Shop
from tests.staff.conftest import Open, words


def test_the_owner_switches_the_receipt_on_and_sees_it_before(screen: Open, opened: Shop, sandra: Actor) -> None:
    driver = screen(sandra, "einstellungen", teil="kunden")
    said = words(driver)
    assert "Eingang bestätigt: Wann ist mein Golf fertig?" in said
    assert "Diese Bestätigung kommt automatisch" in said
    assert "Noch zu wenig: 0 von 20 Anfragen" in said
    assert "Unter «Betrieb» fehlt die Adresse im Internet" in said
    driver.toggle(key="kp-receipts").set_value(True)
    driver.selectbox(key="kp-receipt_staff_id").set_value(sandra.staff_id)
    driver.button(key="kp-save-receipts").click().run()
    assert not driver.error
    kept = shop_settings(opened.store)
    assert (kept.receipts, kept.receipt_staff_id, kept.service_promise) == (True, sandra.staff_id, False)
