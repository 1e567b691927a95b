"""Fixtures that every folder may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.shop import Shop
from tests.builders import FrozenClock, make_shop


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def shop(tmp_path: Path, clock: FrozenClock) -> Iterator[Shop]:
    opened = make_shop(tmp_path, clock=clock)
    yield opened
    opened.close()
