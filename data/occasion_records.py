"""The shapes of reasons to call somebody; times are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class OccasionKind(StrEnum):
    """Why somebody might be called, the most pressing first."""

    COMPLAINT = "complaint"  # solved some days ago
    OFFER = "offer"  # without an answer
    FOLLOW_UP = "follow_up"  # a job is done: «Passt alles?»
    DUE = "due"  # work that comes back after so many months
    QUIET = "quiet"  # a regular customer who stays away


class OccasionState(StrEnum):
    DONE = "done"
    SKIPPED = "skipped"
    LATER = "later"


@dataclass(frozen=True)
class Occasion:
    """One reason to call one person."""

    kind: OccasionKind
    subject_id: int
    customer_id: int
    customer_name: str
    no_ads: bool  # «Werbesperre»
    ads: bool  # agreed to advertising and did not take it back
    survey: bool  # the same of being asked how content they are
    phone: str  # E.164, '' when none is known
    inquiry_id: int  # the conversation it belongs to
    at: datetime  # when the job, the offer, the solution or the last visit was
    what: str  # the offering, or the subject of the conversation
    days: int = 0  # of a follow-up after how many it is due, of a quiet customer the usual gap between two visits
    months: int = 0  # after which the work comes back
    again_on: date | None = None  # the day to which somebody put it off
