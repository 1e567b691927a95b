"""What customers may change of a booking by themselves: the pages and the mails say the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.booking_records import Booking, BookingState, Offering


def change_deadline_of(booking: Booking, offering: Offering | None) -> datetime:
    """Until when they may move or call it off alone, aware UTC; its start where it is offered no more."""
    return booking.starts_at - timedelta(minutes=offering.cancel_minutes if offering else 0)


def is_movable(booking: Booking, offering: Offering | None) -> bool:
    """Whether they may choose another time: a time to which a person agreed is moved by a person."""
    if offering is None or not (offering.active and offering.online):
        return False
    return offering.instant or booking.state is not BookingState.CONFIRMED
