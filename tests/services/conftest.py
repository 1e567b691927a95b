"""Who owns the shop, the garage as a file furnishes it; a shop that lies on the disk, and its backup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.records import Actor, StaffRole
from services.backups import BackupFile, make_backup
from services.shop import Shop
from tests.builders import MONDAY, FrozenClock, connect, hire, make_shop
from tests.services.kept import put_outgoing, put_setting


@pytest.fixture
def sandra(shop: Shop) -> Actor:
    """The owner; files that need more of her have their own."""
    return hire(shop, "Sandra Kofler", StaffRole.OWNER)


@pytest.fixture
def amir(shop: Shop) -> Actor:
    """Works in a shop that has a mailbox; files that need more of him have their own."""
    connect(shop)
    return hire(shop, "Amir Hodžić")


@pytest.fixture
def garage(shop: Shop) -> Shop:
    """The shop as the file's `furniture` left it."""
    return shop


@pytest.fixture
def kept_shop(tmp_path: Path, clock: FrozenClock) -> Iterator[Shop]:
    opened = make_shop(tmp_path / "theke", in_memory=False, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def backup(kept_shop: Shop) -> BackupFile:
    """A backup of a shop that went on afterwards and is closed now."""
    kept_shop.files.keep(b"before")
    put_setting(kept_shop.store, "before", "1")
    put_outgoing(kept_shop.store, queued="queued", sending="sending", sent="sent", failed="failed")
    made = make_backup(kept_shop, now=MONDAY)
    kept_shop.files.keep(b"after")
    put_setting(kept_shop.store, "after", "1")
    kept_shop.close()
    return made
