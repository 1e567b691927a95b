"""Waited-for articles: from the wish to the news that it is there, and what came of it.

Whether somebody was told is never written down twice: a mail counts once the server took it and as long as it does not
come back, a promised call once it reached. As long as neither is known the wish is `told` without `heard_at`; where the
mail failed, came back or was taken back, or the call was called off, it is open again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from data.store import Reader, Transaction


class WishState(StrEnum):
    OPEN = "open"
    TOLD = "told"
    FULFILLED = "fulfilled"
    DECLINED = "declined"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Wish:
    """One waited-for article as it stands now."""

    id: int
    customer_id: int
    customer_name: str
    inquiry_id: int
    article: str
    size: str
    colour: str
    kind: str
    note: str  # the words in which it was noted: the proof that somebody asked
    price_cents: int | None
    until_on: date
    expected: str
    expected_source: str
    state: WishState
    reserved_until_on: date | None
    heard_at: datetime | None  # when the customer was told, as far as is known
    trouble: str  # why a message did not reach: 'failed', 'bounced', 'unsure', 'taken_back' or 'withdrawn'
    calling: bool  # a call is promised
    offered: str
    ended_at: datetime | None
    created_at: datetime


# When the customer heard that it is there; of a wish `w` with its mail `o` and its promised call `p`.
HEARD = """coalesce(w.told_at, CASE WHEN o.state = 'sent' AND o.bounced_at IS NULL THEN o.sent_at END,
            CASE WHEN p.state = 'kept' THEN p.done_at END)"""
NEWS = """LEFT JOIN outbox o ON o.message_id = w.told_message_id
        LEFT JOIN promise p ON p.id = w.told_promise_id"""
# Each query names the wishes it looks at first (`chosen`), so that no other table is read for all there ever were. One
# that lapsed, or was put off, while its news could not reach is told after all once that reaches.
_SELECT = f"""
    SELECT id, customer_id, customer_name, inquiry_id, article, size, colour, kind, note, price_cents, until_on,
        expected, expected_source,
        CASE WHEN state = 'told' AND heard_at IS NULL AND NOT under_way THEN 'open'
             WHEN state = 'open' AND (under_way OR heard_at IS NOT NULL) THEN 'told'
             WHEN state = 'lapsed' AND (under_way OR heard_at > ended_at) THEN 'told' ELSE state END AS state,
        reserved_until_on, heard_at,
        CASE WHEN state <> 'told' OR heard_at IS NOT NULL THEN '' WHEN bounced THEN 'bounced'
             WHEN mail IN ('failed', 'unsure', 'taken_back') THEN mail
             WHEN promised = 'withdrawn' THEN 'withdrawn' ELSE '' END AS trouble,
        coalesce(promised = 'open', false) AS calling, offered, ended_at, created_at, folded
    FROM (
        SELECT w.id, w.customer_id, c.name AS customer_name, w.inquiry_id, w.article, w.size, w.colour, w.kind, w.note,
            w.price_cents, w.until_on, w.expected, w.expected_source, w.state, w.reserved_until_on, w.offered,
            w.ended_at, w.created_at, w.folded || ' ' || c.folded AS folded, {HEARD} AS heard_at,
            o.bounced_at IS NOT NULL AS bounced, coalesce(o.state, '') AS mail, p.state AS promised,
            coalesce(o.state IN ('queued', 'sending', 'unsure'), p.state = 'open', false) AS under_way
        FROM wish w JOIN customer c ON c.id = w.customer_id AND c.erased_at IS NULL
        JOIN inquiry i ON i.id = w.inquiry_id AND NOT i.dismissed
        {NEWS}
        WHERE w.id IN (SELECT id FROM chosen))"""
_SHOWN = f"""SELECT id, customer_id, customer_name, inquiry_id, article, size, colour, kind, note, price_cents,
    until_on, expected, expected_source, state, reserved_until_on, heard_at, trouble, calling, offered, ended_at,
    created_at FROM ({_SELECT})"""
_LIVING = """chosen AS (
    SELECT id FROM wish WHERE state IN ('open', 'told')
        OR (state = 'lapsed' AND (ended_at >= $since OR reserved_until_on >= $since::DATE)))"""
_NEVER_HEARD = "state = 'lapsed' AND heard_at IS NULL AND ended_at >= $since"
_EMPTY: Mapping[str, Any] = {
    "state": WishState.OPEN,
    "reserved_until_on": None,
    "told_message_id": None,
    "told_promise_id": None,
    "told_at": None,
    "missed_on": None,
    "first_heard_at": None,
    "offered": "",
    "ended_at": None,
}
_CHANGEABLE = frozenset({*_EMPTY, "article", "size", "colour", "kind", "folded", "price_cents", "until_on"}) | {
    "expected",
    "expected_source",
    "inquiry_id",
}
_FIRST = frozenset({"missed_on", "first_heard_at"})  # the first word about these holds


def insert_wish(tx: Transaction, values: Mapping[str, Any], now: datetime) -> int:
    """A new open wish; its id."""
    wish_id = tx.new_id()
    tx.insert("wish", {"id": wish_id, "created_at": now, **_EMPTY, **values})
    return wish_id


def read_wish(db: Reader, wish_id: int) -> Wish | None:
    """The wish, or None; also None where its conversation was taken for no customer's, or its customer was erased."""
    found = db.read_as(Wish, f"WITH chosen AS (SELECT id FROM wish WHERE id = $id) {_SHOWN}", {"id": wish_id})
    return found[0] if found else None


def list_wishes(
    db: Reader,
    states: Collection[WishState],
    since: datetime,
    folded_words: Collection[str] = (),
    kinds: Collection[str] | None = None,
) -> list[Wish]:
    """The wishes that stand so and hold every word (already folded), those for the same beside each other.

    Lapsed ones only without news and since `since`; of `kinds` alone where some are given.
    """
    sql = f"""WITH {_LIVING} {_SHOWN}
              WHERE state IN (SELECT unnest($states)) AND (state <> 'lapsed' OR ({_NEVER_HEARD}))
                  AND ($every OR kind IN (SELECT unnest($kinds::VARCHAR[]))) AND NOT EXISTS (
                      SELECT 1 FROM unnest($words) AS t(word) WHERE NOT contains(folded, word))
              ORDER BY kind, until_on, id"""
    asked = {"states": [state.value for state in states], "words": list(folded_words), "since": since}
    return db.read_as(Wish, sql, {**asked, "every": kinds is None, "kinds": list(kinds or [])})


def wanted_articles(db: Reader, since: datetime) -> list[tuple[str, str, str, str]]:
    """(article, size, colour, kind), each once, of what `list_wishes` would list as waited for."""
    sql = """SELECT DISTINCT article, size, colour, kind FROM wish
             WHERE state IN ('open', 'told') OR (state = 'lapsed' AND ended_at >= $since)"""
    return [(str(row[0]), str(row[1]), str(row[2]), str(row[3])) for row in db.read(sql, {"since": since})]


def count_to_decide(db: Reader, today: date, since: datetime) -> int:
    """How many wishes lapsed without news since `since`, or are held until `today` at the latest."""
    sql = f"""WITH {_LIVING} SELECT count(*) FROM ({_SELECT})
              WHERE ({_NEVER_HEARD}) OR (state = 'told' AND reserved_until_on <= $today)"""
    return int(db.read(sql, {"today": today, "since": since})[0][0])


def wishes_of_customer(db: Reader, customer_id: int) -> list[Wish]:
    """All wishes of a customer, the newest first."""
    sql = f"""WITH chosen AS (SELECT id FROM wish WHERE customer_id = $id) {_SHOWN}
              ORDER BY created_at DESC, id DESC"""
    return db.read_as(Wish, sql, {"id": customer_id})


def wishes_of_inquiry(db: Reader, inquiry_id: int) -> list[Wish]:
    """The wishes of a conversation, those that somebody still waits for first, then the newest."""
    sql = f"""WITH chosen AS (SELECT id FROM wish WHERE inquiry_id = $id) {_SHOWN}
              ORDER BY state <> 'open', state <> 'told', created_at DESC, id DESC"""
    return db.read_as(Wish, sql, {"id": inquiry_id})


def waiting_for_more(db: Reader, wish_ids: Collection[int]) -> set[int]:
    """Those wishes in whose conversation the customer has written since they were noted, and waits for an answer."""
    sql = """SELECT w.id FROM wish w JOIN inquiry i ON i.id = w.inquiry_id AND i.waiting_since IS NOT NULL
             WHERE w.id IN (SELECT unnest($ids)) AND EXISTS (
                 SELECT 1 FROM message m WHERE m.inquiry_id = w.inquiry_id AND m.role = 'customer'
                     AND m.stored_at > w.created_at)"""
    return {int(row[0]) for row in db.read(sql, {"ids": list(wish_ids)})} if wish_ids else set()


def unsent_news(db: Reader, wish_id: int) -> int | None:
    """Theke's own mail that tells the customer and has not left yet, or None; what a person wrote is theirs alone."""
    sql = """SELECT w.told_message_id FROM wish w JOIN outbox o ON o.message_id = w.told_message_id
             WHERE w.id = $id AND o.state = 'queued' AND o.template_id IS NULL"""
    rows = db.read(sql, {"id": wish_id})
    return int(rows[0][0]) if rows else None


def open_call(db: Reader, wish_id: int) -> int | None:
    """The promised call about this wish that nobody has made yet, or None."""
    sql = "SELECT p.id FROM wish w JOIN promise p ON p.id = w.told_promise_id AND p.state = 'open' WHERE w.id = $id"
    rows = db.read(sql, {"id": wish_id})
    return int(rows[0][0]) if rows else None


def noted_just_now(db: Reader, note: str, customer_id: int, since: datetime) -> int | None:
    """The wish of this customer that was noted in these words since then, or None."""
    sql = """SELECT id FROM wish WHERE customer_id = $id AND note = $note AND created_at >= $since
             ORDER BY id DESC LIMIT 1"""
    rows = db.read(sql, {"id": customer_id, "note": note, "since": since})
    return int(rows[0][0]) if rows else None


def change_wish(tx: Transaction, wish_id: int, changes: Mapping[str, Any]) -> None:
    """Set columns of a wish; of when it was missed and heard of first the first word holds."""
    if not set(changes) <= _CHANGEABLE:
        raise ValueError(f"no such column: {sorted(set(changes) - _CHANGEABLE)}")
    sets = ", ".join(
        f"{name} = coalesce({name}, ${name})" if name in _FIRST else f"{name} = ${name}" for name in changes
    )
    tx.run(f"UPDATE wish SET {sets} WHERE id = $id", {**changes, "id": wish_id})


def note_news(tx: Transaction, wish_id: int, message_id: int | None, promise_id: int | None) -> None:
    """By this message or promised call the customer hears that it is there; earlier ones stay known."""
    tx.insert("wish_news", {"wish_id": wish_id, "message_id": message_id, "promise_id": promise_id})


def move_wishes(tx: Transaction, gone: int, into: int) -> None:
    """Merging: the wishes of one inquiry go over to the other."""
    tx.run("UPDATE wish SET inquiry_id = $into WHERE inquiry_id = $gone", {"gone": gone, "into": into})


def revive_wishes(tx: Transaction, inquiry_id: int, ended_at: datetime) -> None:
    """What ended at that moment because its conversation was taken for no customer's stands again as it did."""
    sql = """UPDATE wish SET ended_at = NULL, state = CASE
                 WHEN coalesce(told_message_id, told_promise_id) IS NULL AND told_at IS NULL THEN 'open'
                 ELSE 'told' END
             WHERE inquiry_id = $id AND state = 'declined' AND offered = '' AND ended_at = $at"""
    tx.run(sql, {"id": inquiry_id, "at": ended_at})


def overdue_wishes(db: Reader, today: date, let_go: date) -> list[int]:
    """Wishes whose day has passed without news, and told ones that nobody fetched and that were held until `let_go`.

    Of lapsed ones, which news may have reached late, only those held in the sixty days before: the rest is history.
    """
    sql = f"""WITH chosen AS (
                  SELECT id FROM wish WHERE (state IN ('open', 'told') AND until_on < $today)
                      OR (state = 'told' AND reserved_until_on < $let_go)
                      OR (state = 'lapsed' AND reserved_until_on BETWEEN $let_go - 60 AND $let_go))
              SELECT id FROM ({_SELECT}) WHERE (state = 'open' AND until_on < $today)
                  OR (state = 'told' AND heard_at IS NOT NULL AND reserved_until_on < $let_go) ORDER BY id"""
    return [int(row[0]) for row in db.read(sql, {"today": today, "let_go": let_go})]
