"""The log that stays: what a number on a screen («7F3A») leads to when nobody sat at the terminal."""

from __future__ import annotations

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

LOG_FILE = "theke.log"
_SIZE, _KEPT = 1_000_000, 2  # bytes, older files
_OURS = ("data", "services", "pages")


def keep_log(folder: Path) -> logging.Handler:
    """Write what Theke logs, and the trouble of its packages, into the data folder too: 3 MB at most, 0600."""
    handler = _PrivateFile(folder / LOG_FILE, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(_Discreet())
    handler.addFilter(lambda record: _is_ours(record) or record.levelno >= logging.WARNING)
    logging.getLogger().addHandler(handler)
    return handler


class _PrivateFile(RotatingFileHandler):
    def _open(self) -> IO[str]:  # type: ignore[override]
        Path(self.baseFilename).touch(0o600)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 logging's name
        """On a full disk the terminal still has the record."""


class _Discreet(logging.Formatter):
    """Only our own words: those of errors and of other packages may hold a customer's name, address or text."""

    def format(self, record: logging.LogRecord) -> str:
        words = record.getMessage() if _is_ours(record) else ""
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {words}".rstrip()
        return "\n".join([line, *_places(record.exc_info[1] if record.exc_info else None)])


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in _OURS


def _places(error: BaseException | None) -> list[str]:
    """The kinds of an error and of those behind it, each with where it happened."""
    lines = []
    while error is not None:
        lines.append(f"  {type(error).__module__}.{type(error).__name__}{_number(error)}")
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"    {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        error = error.__cause__ or error.__context__
    return lines


def _number(error: BaseException) -> str:
    number = getattr(error, "errno", None)
    return f" errno={number}" if isinstance(number, int) else ""
