"""A full disk is told as what it is, wherever a person stands."""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse, Response

from data.store import StoreBrokenError
from pages.catalogues import translator
from pages.login.edge import answer
from pages.parts.failures import failure_sentence
from services.errors import ShopError, disk_is_full

FULL = [OSError(28, "No space left on device"), StoreBrokenError("Failed to commit: No space left on device")]


def told(error: ShopError | None, failure: str) -> Response:
    return JSONResponse({"sentence": str(error), "failure": failure})


@pytest.mark.parametrize("fault", FULL)
def test_a_route_tells_it_instead_of_a_number(fault: Exception) -> None:
    def work() -> Response:
        raise RuntimeError from fault

    body = answer(work, told).body.decode()
    assert "kein Platz mehr" in body
    assert '"failure":""' in body


@pytest.mark.parametrize("fault", FULL)
def test_a_screen_tells_it_in_the_readers_language(fault: Exception) -> None:
    assert failure_sentence(fault, translator("en")).startswith("The disk that Theke runs on is full")


def test_any_other_failure_stays_a_number() -> None:
    assert not disk_is_full(OSError(13, "Permission denied"))
    assert not disk_is_full(StoreBrokenError("invalidated"))
    assert "(" in failure_sentence(OSError(13, "Permission denied"), translator("de"))
