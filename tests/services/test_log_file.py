"""The log in the data folder: a number leads to a place in the code, and to nobody's name."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.log_file import LOG_FILE, keep_log


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    handler = keep_log(tmp_path)
    yield tmp_path / LOG_FILE
    logging.getLogger().removeHandler(handler)
    handler.close()


def fail(words: str) -> None:
    raise ValueError(words)


def test_a_number_leads_to_the_place_of_the_failure_and_to_nobodys_words(log_file: Path) -> None:
    try:
        fail("maria.hofer@example.org")
    except ValueError as error:
        logging.getLogger("pages.login.edge").exception("a route failed (%s)", "7F3A")
        logging.getLogger("imap_tools").error("cannot read the mail of Maria Hofer", exc_info=error)

    text = log_file.read_text(encoding="utf-8")
    assert "a route failed (7F3A)" in text
    assert "ValueError" in text
    assert "test_log_file.py" in text
    assert " in fail" in text or " fail\n" in text
    assert "imap_tools" in text
    assert "aria" not in text


def test_the_cause_behind_a_failure_is_kept_too(log_file: Path) -> None:
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as cause:
            raise RuntimeError from cause
    except RuntimeError:
        logging.getLogger("services.jobs").exception("job failed: %s", "mail")

    assert "OSError errno=28" in log_file.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_the_log_is_small_and_for_its_user_only(log_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logging.getLogger("services.jobs").warning("x" * 1000)
    for _ in range(3500):
        logging.getLogger("services.jobs").warning("x" * 1000)

    files = sorted(log_file.parent.glob("theke.log*"))
    assert [path.name for path in files] == ["theke.log", "theke.log.1", "theke.log.2"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    assert sum(path.stat().st_size for path in files) <= 3_000_000
