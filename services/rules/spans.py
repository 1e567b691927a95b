"""Sets of time as half-open spans: what touches is one, what is left between, and what fits into it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

Span = tuple[int, int]  # minutes since 1970-01-01 UTC, end excluded
_Point = TypeVar("_Point", int, datetime)


def join(spans: Iterable[tuple[_Point, _Point]]) -> Iterator[tuple[_Point, _Point]]:
    """Sorted spans, those that touch or overlap made one."""
    current: tuple[_Point, _Point] | None = None
    for begin, end in spans:
        if current is not None and begin <= current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (begin, end)
    if current is not None:
        yield current


def gaps(busy: Iterable[Span], window: Span) -> list[Span]:
    """What `busy`, in any order and overlapping at will, leaves of `window`: sorted and apart."""
    (cursor, limit), free = window, []
    for begin, end in sorted(busy):
        if begin >= limit:
            break
        if begin > cursor:
            free.append((cursor, begin))
        if end > cursor:
            cursor = end
    if cursor < limit:
        free.append((cursor, limit))
    return free


def fitting(grid: Sequence[int], spans: Iterable[Span], before: int, after: int) -> int:
    """Which minutes m of the sorted `grid` have [m - before, m + after) inside one of the disjoint `spans`.

    The answer has a byte 1 or 0 for each minute of the grid, the first one lowest, and is an int so that answers
    combine with & and | at once.
    """
    flags = bytearray(len(grid))
    for begin, end in spans:
        if end - begin >= before + after:
            low, high = bisect_left(grid, begin + before), bisect_right(grid, end - after)
            flags[low:high] = b"\x01" * (high - low)
    return int.from_bytes(flags, "little")
