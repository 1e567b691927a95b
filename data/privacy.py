"""One person's rows in every table: to be handed out, or to be made nameless in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from data.personal_tables import ERASED_ID, NOBODY, PERSONAL
from data.store import Reader, Transaction

GONE_CAUSE = "Gelöscht"  # in the place of a complaint's cause in words that nobody else's complaint bears
_NAMED = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Reach:
    """A person with every card that went into theirs, and the rows that hang on them."""

    people: list[int]
    inquiries: list[int]
    messages: list[int]
    promises: list[int]
    bookings: list[int]
    addresses: list[str]  # mail addresses and numbers that nobody else's card bears
    raw: list[str]  # SHA-256 of raw mails to or from them


@dataclass(frozen=True)
class Blockers:
    """What of a person is still under way, by id; a reply by its message."""

    inquiries: list[int]
    bookings: list[int]
    promises: list[int]
    wishes: list[int]
    replies: list[int]


@dataclass(frozen=True)
class ErasedCard:
    """One card of somebody who was erased; times are aware UTC."""

    customer_id: int
    created_at: datetime
    erased_at: datetime


@dataclass(frozen=True)
class Erasure:
    """A request to be forgotten."""

    id: int
    customer_id: int
    asked_at: datetime
    asked_how: str
    done_at: datetime | None
    kept: str
    withdrawn_at: datetime | None
    customer_name: str


def reach_of(db: Reader, customer_id: int, own_address: str) -> Reach:
    """Everything that hangs on the person with this card; the shop's own address is nobody's."""
    people = _ids(db, _PEOPLE, {"id": customer_id})
    inquiries = _ids(db, "SELECT id FROM inquiry WHERE customer_id IN (SELECT unnest($people))", {"people": people})
    bookings = _ids(db, "SELECT id FROM booking WHERE customer_id IN (SELECT unnest($people))", {"people": people})
    known: dict[str, Any] = {"people": people, "inquiries": inquiries, "bookings": bookings}
    rows = db.read(_ADDRESSES, {**known, "own": own_address})
    known["addresses"] = [str(row[0]) for row in rows]
    messages = _ids(db, _MESSAGES, _only(_MESSAGES, known))
    promises = _ids(db, _PROMISES, _only(_PROMISES, known))
    raw = [str(row[0]) for row in db.read(_RAW, {"messages": messages})]
    return Reach(messages=messages, promises=promises, raw=raw, **known)


_PEOPLE = """
    WITH RECURSIVE kept AS (SELECT coalesce(merged_into, id) AS id FROM customer WHERE id = $id),
        cards AS (SELECT id FROM kept
                  UNION SELECT c.id FROM customer c JOIN cards ON c.merged_into = cards.id)
    SELECT id FROM cards ORDER BY id"""
# What a family shares, or was typed for a booking and is somebody else's, is not this person's alone.
_ADDRESSES = """
    SELECT DISTINCT address FROM (
        SELECT address FROM customer_contact WHERE customer_id IN (SELECT unnest($people))
        UNION ALL SELECT lower(mail) FROM booking WHERE id IN (SELECT unnest($bookings))
        UNION ALL SELECT phone FROM booking WHERE id IN (SELECT unnest($bookings))
        UNION ALL SELECT lower(mail) FROM status_page WHERE inquiry_id IN (SELECT unnest($inquiries)))
    WHERE address NOT IN ('', lower($own)) AND address NOT IN (
        SELECT address FROM customer_contact WHERE customer_id NOT IN (SELECT unnest($people)))"""
# What was said in their inquiries, wherever that was merged to, what they wrote and what was written to them.
_MESSAGES = """
    SELECT m.id FROM message m JOIN inquiry i ON i.id = m.stream WHERE i.customer_id IN (SELECT unnest($people))
    UNION SELECT id FROM message WHERE sender_address IN (SELECT unnest($addresses))
    UNION SELECT message_id FROM outbox WHERE lower(recipient) IN (SELECT unnest($addresses))
    UNION SELECT message_id FROM outbox WHERE booking_id IN (SELECT unnest($bookings))
    ORDER BY 1"""
_PROMISES = """
    SELECT id FROM promise WHERE inquiry_id IN (SELECT unnest($inquiries)) OR phone IN (SELECT unnest($addresses))
    ORDER BY id"""
_RAW = """
    SELECT mail_sha256 FROM message WHERE id IN (SELECT unnest($messages)) AND mail_sha256 <> ''
    UNION SELECT sha256 FROM mail WHERE message_id IN (
        SELECT mail_id FROM outbox WHERE message_id IN (SELECT unnest($messages)))"""


def _ids(db: Reader, sql: str, params: Mapping[str, Any]) -> list[int]:
    return [int(row[0]) for row in db.read(sql, params)]


def _only(sql: str, params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: params[name] for name in set(_NAMED.findall(sql))}


def unplaced_sent_mails(db: Reader) -> list[str]:
    """SHA-256 of mails from Sent that stand in no conversation: to whom they went stands in them alone."""
    sql = "SELECT DISTINCT sha256 FROM mail WHERE folder = 'sent' AND inquiry_id IS NULL AND fate <> 'erased'"
    return [str(row[0]) for row in db.read(sql)]


def rows_of_person(db: Reader, reach: Reach) -> dict[str, list[dict[str, Any]]]:
    """Every row about the person by table, with all columns that mean something outside the store."""
    return {table: list(_rows(db, table, reach)) for table in PERSONAL}


def count_rows(db: Reader, reach: Reach, table: str) -> int:
    """How many rows of a table are about the person."""
    sql = "SELECT count(*) FROM {table}".replace("{table}", table) + f" WHERE {PERSONAL[table].of}"
    return int(db.read(sql, _only(sql, asdict(reach)))[0][0])


def _rows(db: Reader, table: str, reach: Reach) -> Iterator[dict[str, Any]]:
    place = PERSONAL[table]
    names = [name for name in columns_of(db, table) if name not in place.hidden]
    columns = ", ".join(names)
    sql = f"SELECT {columns} FROM {table}" + f" WHERE {place.of} ORDER BY ALL"
    for row in db.read(sql, _only(sql, asdict(reach))):
        yield dict(zip(names, row, strict=True))


def columns_of(db: Reader, table: str) -> list[str]:
    """The columns of a table in order."""
    sql = "SELECT column_name FROM information_schema.columns WHERE table_name = $table ORDER BY ordinal_position"
    return [str(row[0]) for row in db.read(sql, {"table": table})]


def blockers_of(db: Reader, reach: Reach, now: datetime) -> Blockers:
    """What has to be settled before the person can be forgotten."""
    params = {**asdict(reach), "now": now}
    return Blockers(*(_ids(db, sql, _only(sql, params)) for sql in _BLOCKERS))


_BLOCKERS = (
    """SELECT id FROM inquiry WHERE id IN (SELECT unnest($inquiries)) AND state IN ('open', 'earlier')
           AND merged_into IS NULL AND NOT dismissed""",
    """SELECT id FROM booking WHERE id IN (SELECT unnest($bookings))
           AND (state IN ('requested', 'arrived') OR (state = 'confirmed' AND ends_at > $now))""",
    "SELECT id FROM promise WHERE id IN (SELECT unnest($promises)) AND state = 'open'",
    """SELECT w.id FROM wish w JOIN inquiry i ON i.id = w.inquiry_id AND NOT i.dismissed
           WHERE w.customer_id IN (SELECT unnest($people)) AND w.state IN ('open', 'told')""",
    """SELECT message_id FROM outbox WHERE message_id IN (SELECT unnest($messages))
           AND state IN ('queued', 'sending', 'unsure', 'failed')""",
)


def cards_with_names(db: Reader, card_ids: Iterable[int]) -> dict[int, datetime]:
    """Those of these cards that are there and not erased, also if they went into another, with when they were made."""
    sql = "SELECT id, created_at FROM customer WHERE id IN (SELECT unnest($ids::BIGINT[])) AND erased_at IS NULL"
    return {int(row[0]): row[1] for row in db.read(sql, {"ids": list(card_ids)})}


@dataclass(frozen=True)
class SparedCard:
    """A card that an owner decided to keep; times are aware UTC."""

    customer_id: int
    created_at: datetime
    withdrawn_at: datetime  # the newest decision


def spared_cards(db: Reader, card_ids: Iterable[int]) -> list[SparedCard]:
    """Those of these cards that bear a name, and of whose person an owner withdrew a request while no other waits."""
    sql = """SELECT c.id AS customer_id, c.created_at, max(e.withdrawn_at) AS withdrawn_at
             FROM customer c
             JOIN customer asked ON coalesce(asked.merged_into, asked.id) = coalesce(c.merged_into, c.id)
             JOIN erasure e ON e.customer_id = asked.id AND e.done_at IS NULL
             WHERE c.id IN (SELECT unnest($ids::BIGINT[])) AND c.erased_at IS NULL
             GROUP BY ALL HAVING bool_and(e.withdrawn_at IS NOT NULL)"""
    return db.read_as(SparedCard, sql, {"ids": list(card_ids)})


def knows_erasures(db: Reader) -> bool:
    """Whether the database has been changed far enough to hold any: a backup is made before that, too."""
    return "erased_at" in columns_of(db, "customer")


def list_erased_cards(db: Reader) -> list[ErasedCard]:
    """Every card that was erased, in the order in which they were made."""
    sql = "SELECT id AS customer_id, created_at, erased_at FROM customer WHERE erased_at IS NOT NULL ORDER BY id"
    return db.read_as(ErasedCard, sql)


def others_in(db: Reader, reach: Reach) -> set[int]:
    """Cards of other people, by id, in whose inquiries something was found by an address or a booking of this one's."""
    return set(_ids(db, _OTHERS, _only(_OTHERS, asdict(reach))))


_OTHERS = """
    SELECT DISTINCT i.customer_id FROM inquiry i JOIN customer c ON c.id = i.customer_id AND c.erased_at IS NULL
    WHERE c.id NOT IN (SELECT unnest($people)) AND i.id IN (
        SELECT stream FROM message WHERE id IN (SELECT unnest($messages))
        UNION SELECT inquiry_id FROM promise WHERE id IN (SELECT unnest($promises))
        UNION SELECT inquiry_id FROM receipt WHERE address IN (SELECT unnest($addresses)))"""


def erase_person(tx: Transaction, reach: Reach, now: datetime) -> list[int]:
    """Make the person nameless in every table; the inquiries whose derived columns have to be written anew.

    The files that no longer belong to anybody are noted, to be deleted once this is committed.
    """
    params = {**asdict(reach), "now": now, "nobody": NOBODY, "erased_id": ERASED_ID, "gone_cause": GONE_CAUSE}
    touched = _ids(tx, _TOUCHED, _only(_TOUCHED, params))
    tx.run(_NOTE_FILES, _only(_NOTE_FILES, params))
    mail_of = PERSONAL["mail"].of
    noted = (
        "INSERT INTO erased_file SELECT DISTINCT sha256, $now FROM mail" + f" WHERE {mail_of} ON CONFLICT DO NOTHING"
    )
    tx.run(noted, _only(noted, params))
    for sql in (_FROM_COPIES, _FROM_DRAFTS):
        tx.run(sql, _only(sql, params))
    for table, place in PERSONAL.items():
        sets = ", ".join(f"{name} = {value}" for name, value in place.blank.items())
        sql = f"DELETE FROM {table}" if place.goes else f"UPDATE {table} SET {sets}"
        if place.goes or sets:
            sql += f" WHERE {place.of}"
            tx.run(sql, _only(sql, params))
    return touched


_TOUCHED = "SELECT DISTINCT inquiry_id FROM message WHERE id IN (SELECT unnest($messages)) ORDER BY 1"
_NOTE_FILES = """
    INSERT INTO erased_file SELECT DISTINCT sha256, $now FROM (
        SELECT sha256 FROM attachment WHERE message_id IN (SELECT unnest($messages))
        UNION SELECT sha256 FROM draft_attachment WHERE inquiry_id IN (SELECT unnest($inquiries))
        UNION SELECT mail_sha256 FROM message WHERE id IN (SELECT unnest($messages)))
    WHERE sha256 <> '' ON CONFLICT DO NOTHING"""
# Somebody else's mail that also went to this person.
_FROM_COPIES = """
    UPDATE outbox SET cc = array_to_string(list_filter(string_split(cc, ', '),
        lambda each: NOT list_contains($addresses::VARCHAR[], lower(each))), ', ')
    WHERE cc <> '' AND list_has_any(string_split(lower(cc), ', '), $addresses::VARCHAR[])"""

# A draft's copies stand as they were typed.
_FROM_DRAFTS = """
    UPDATE draft SET cc = array_to_string(list_filter(string_split_regex(cc, '[,;\\s]+'),
        lambda each: each <> '' AND NOT list_contains($addresses::VARCHAR[], lower(each))), ', ')
    WHERE list_has_any(string_split_regex(lower(cc), '[,;\\s]+'), $addresses::VARCHAR[])"""


def note_files(tx: Transaction, sums: Iterable[str], now: datetime) -> None:
    """These files are somebody's who was to be forgotten."""
    sql = "INSERT INTO erased_file (sha256, noted_at) SELECT unnest($sums), $now ON CONFLICT DO NOTHING"
    tx.run(sql, {"sums": sorted(set(sums) - {""}), "now": now})


def noted_files(db: Reader) -> list[str]:
    """Files that have to go."""
    return [str(row[0]) for row in db.read("SELECT sha256 FROM erased_file ORDER BY noted_at, sha256")]


def forget_files(tx: Transaction, sums: Iterable[str]) -> None:
    """The files are gone, or belong to somebody."""
    tx.run("DELETE FROM erased_file WHERE sha256 IN (SELECT unnest($sums))", {"sums": list(sums)})


def unnamed_files(db: Reader, sums: Iterable[str]) -> set[str]:
    """Those of these files that nobody's row names in any table; the tombstone of an erased mail does not."""
    named = " UNION ALL ".join(
        _NAMING.replace("{column}", column).replace("{table}", table)
        + (" WHERE fate <> 'erased'" if table == "mail" else "")
        for table, column in db.read(_NAMES_FILES)
    )
    sql = "SELECT asked FROM (SELECT unnest($sums::VARCHAR[]) AS asked) WHERE asked NOT IN (" + named + ")"
    return {str(row[0]) for row in db.read(sql, {"sums": list(sums)})}


_NAMING = "SELECT {column} FROM {table}"
_NAMES_FILES = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'main' AND (column_name = 'sha256' OR ends_with(column_name, '_sha256'))
        AND table_name <> 'erased_file'"""


def insert_erasure(tx: Transaction, *, customer_id: int, how: str, staff_id: int, now: datetime) -> int:
    """A request to be forgotten; its id."""
    erasure_id = tx.new_id()
    values = {"id": erasure_id, "customer_id": customer_id, "asked_at": now, "asked_how": how, "staff_id": staff_id}
    tx.insert("erasure", {**values, "confirmed_by": None, "done_at": None, "kept": "", "withdrawn_at": None})
    return erasure_id


_ERASURES = """
    SELECT e.id, e.customer_id, e.asked_at, e.asked_how, e.done_at, e.kept, e.withdrawn_at, c.name AS customer_name
    FROM erasure e JOIN customer c ON c.id = e.customer_id"""


def list_erasures(db: Reader, *, is_open: bool) -> list[Erasure]:
    """Requests that wait, the oldest first; or those that ended, the newest first."""
    waiting = " WHERE e.done_at IS NULL AND e.withdrawn_at IS NULL ORDER BY e.asked_at, e.id"
    ended = """ WHERE e.done_at IS NOT NULL OR e.withdrawn_at IS NOT NULL
        ORDER BY coalesce(e.done_at, e.withdrawn_at) DESC, e.id DESC"""
    return db.read_as(Erasure, _ERASURES + (waiting if is_open else ended))


def open_erasure(db: Reader, people: list[int]) -> Erasure | None:
    """The request of this person that waits, or None."""
    sql = " WHERE e.done_at IS NULL AND e.withdrawn_at IS NULL AND e.customer_id IN (SELECT unnest($people))"
    found = db.read_as(Erasure, _ERASURES + sql + " ORDER BY e.id", {"people": people})
    return found[0] if found else None


def finish_erasure(tx: Transaction, erasure_id: int, *, staff_id: int | None, kept: str, now: datetime) -> None:
    """The request was confirmed, where it is known by whom, and done."""
    sql = "UPDATE erasure SET confirmed_by = $staff, done_at = $now, kept = $kept WHERE id = $id"
    tx.run(sql, {"id": erasure_id, "staff": staff_id, "kept": kept, "now": now})


def withdraw_erasure(tx: Transaction, erasure_id: int, now: datetime) -> None:
    """The person does not want to be forgotten any more."""
    sql = "UPDATE erasure SET withdrawn_at = $now WHERE id = $id AND done_at IS NULL AND withdrawn_at IS NULL"
    tx.run(sql, {"id": erasure_id, "now": now})


def insert_disclosure(tx: Transaction, *, customer_id: int, staff_id: int, now: datetime) -> None:
    """The person's data were handed out."""
    values = {"id": tx.new_id(), "customer_id": customer_id, "staff_id": staff_id, "given_at": now}
    tx.insert("disclosure", values)
