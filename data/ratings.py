"""How content customers were with what an inquiry came to: one rating for each, the last word counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from data.store import Reader, Transaction


@dataclass(frozen=True)
class Rating:
    """What a customer said of one inquiry; `value` runs from 5, very content, to 1, very discontent."""

    inquiry_id: int  # for which it was given, whatever that was merged into
    value: int
    words: str
    way: str  # 'status', 'shop' or 'phone'
    rated_at: datetime
    by_mail_link: bool = False  # given on the customer's page by the link that only our mails carry


_SELECT = """SELECT inquiry_id, value, words, way, rated_at, coalesce(by_mail_link, false) AS by_mail_link FROM rating
             WHERE inquiry_id = $id"""


def read_own(db: Reader, inquiry_id: int) -> Rating | None:
    """The rating that was given for this very inquiry, or None."""
    found = db.read_as(Rating, _SELECT, {"id": inquiry_id})
    return found[0] if found else None


def read_rating(db: Reader, inquiry_id: int) -> Rating | None:
    """The newest rating of an inquiry or of what was merged into it, or None."""
    sql = " OR inquiry_id IN (SELECT id FROM inquiry WHERE merged_into = $id) ORDER BY rated_at DESC LIMIT 1"
    found = db.read_as(Rating, _SELECT + sql, {"id": inquiry_id})
    return found[0] if found else None


def put_rating(tx: Transaction, rating: Rating) -> None:
    """Keep a rating in place of what was there."""
    tx.run(
        """INSERT INTO rating (inquiry_id, value, words, way, rated_at, by_mail_link)
           VALUES ($inquiry_id, $value, $words, $way, $rated_at, $by_mail_link)
           ON CONFLICT (inquiry_id) DO UPDATE SET value = excluded.value, words = excluded.words, way = excluded.way,
               rated_at = excluded.rated_at, by_mail_link = excluded.by_mail_link""",
        asdict(rating),
    )
