from __future__ import annotations

import pytest

from data.messages import insert_attachment
from data.records import Actor
from services.attachments import open_attachment
from services.errors import NotFoundError
from services.shop import Shop
from tests.builders import hire


@pytest.fixture
def amir(shop: Shop) -> Actor:
    return hire(shop, "Amir Haddad")


def keep(shop: Shop, content: bytes, *, refusal: str = "") -> int:
    values = {
        "message_id": 1,
        "file_name": "Schein.pdf",
        "media_type": "application/pdf",
        "size": len(content),
        "sha256": shop.files.keep(content),
        "refusal": refusal,
    }
    with shop.store.write() as tx:
        return insert_attachment(tx, values)


def test_an_attachment_comes_with_its_name_and_its_content(shop: Shop, amir: Actor) -> None:
    found, content = open_attachment(shop, amir, keep(shop, b"%PDF-1.7"))
    assert (found.file_name, content) == ("Schein.pdf", b"%PDF-1.7")


@pytest.mark.parametrize("wanted", [0, 1, -1, 2**63, 10**40])
def test_an_attachment_nobody_kept_is_not_found(shop: Shop, amir: Actor, wanted: int) -> None:
    with pytest.raises(NotFoundError):
        open_attachment(shop, amir, wanted)


def test_a_refused_attachment_is_not_handed_out(shop: Shop, amir: Actor) -> None:
    with pytest.raises(NotFoundError):
        open_attachment(shop, amir, keep(shop, b"MZ", refusal="Programme gibt Theke nicht heraus."))


def test_an_attachment_whose_file_is_gone_says_so(shop: Shop, amir: Actor) -> None:
    kept = keep(shop, b"%PDF-1.7")
    shop.files.path(shop.store.read("SELECT sha256 FROM attachment")[0][0]).unlink()
    with pytest.raises(NotFoundError, match="fehlt im Datenordner"):
        open_attachment(shop, amir, kept)
