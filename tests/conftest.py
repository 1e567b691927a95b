"""Fixtures that every folder may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.shop import Shop
from tests.builders import FrozenClock, Furnish, make_shop


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def furniture() -> Furnish | None:
    """What is done to an empty shop before a test gets it; files and folders have their own."""
    return None


@pytest.fixture
def shop(tmp_path: Path, clock: FrozenClock, furniture: Furnish | None) -> Iterator[Shop]:
    opened = make_shop(tmp_path, clock=clock, furnish=furniture)
    yield opened
    opened.close()
