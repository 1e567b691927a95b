"""Where words about a person may stand: every table of the store is in one of these two lists.

From here come both the file of everything that is kept about somebody and what has to go when they are to be forgotten;
a table that stands in neither list fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NOBODY = "Gelöschte Person"
ERASED_ID = "erased:"  # begins the Message-ID of a mail that must not come back: the sum of the real one follows
_BY_CUSTOMER = "customer_id IN (SELECT unnest($people))"
_BY_INQUIRY = "inquiry_id IN (SELECT unnest($inquiries))"
_BY_MESSAGE = "message_id IN (SELECT unnest($messages))"
_BY_BOOKING = "booking_id IN (SELECT unnest($bookings))"


@dataclass(frozen=True)
class PersonalTable:
    """A table with words about people.

    of: which rows are this person's. blank: what their columns become, as SQL. goes: the rows themselves go.
    hidden: columns that mean nothing outside the store, or would open a page to whoever finds the file.
    stays: columns with words that stay when the person is forgotten, and why.
    """

    of: str
    blank: Mapping[str, str] = field(default_factory=dict)
    goes: bool = False
    hidden: frozenset[str] = frozenset()
    stays: Mapping[str, str] = field(default_factory=dict)


def _empty(*columns: str) -> dict[str, str]:
    return dict.fromkeys(columns, "''")


PERSONAL: dict[str, PersonalTable] = {
    "customer": PersonalTable(
        "id IN (SELECT unnest($people))",
        _empty("salutation", "title", "note", "folded", "preferred", "likes")
        | {"name": "$nobody", "form_of_address": "'sie'", "language": "'de'", "no_ads": "true", "erased_at": "$now"},
        hidden=frozenset({"folded"}),
    ),
    "customer_contact": PersonalTable(_BY_CUSTOMER, goes=True),
    "consent": PersonalTable(_BY_CUSTOMER, _empty("how"), hidden=frozenset({"staff_id"})),
    "inquiry": PersonalTable(
        "id IN (SELECT unnest($inquiries))",
        _empty("subject", "snippet", "next_step") | {"next_step_at": "NULL"},
        hidden=frozenset({"owner_id", "version", "snippet"}),
    ),
    "message": PersonalTable(
        "id IN (SELECT unnest($messages))",
        _empty("sender_name", "sender_address", "subject", "body", "quoted", "folded", "message_id", "reference_ids")
        | _empty("mail_sha256"),
        hidden=frozenset({"folded", "staff_id", "mail_sha256", "by_mail_link"}),
    ),
    "attachment": PersonalTable(_BY_MESSAGE, goes=True, hidden=frozenset({"sha256"})),
    "outbox": PersonalTable(
        _BY_MESSAGE,
        _empty("recipient_name", "recipient", "cc", "problem"),
        hidden=frozenset({"form_key", "template_id"}),
        stays={"mail_id": "made by chance, so that what comes back is known", "form_key": "made by chance"},
    ),
    "calendar_part": PersonalTable(_BY_MESSAGE, _empty("content")),
    "event": PersonalTable(
        f"{_BY_INQUIRY} OR stream IN (SELECT unnest($inquiries))",
        {"detail": "CASE WHEN kind IN ('closed', 'closed_with', 'merged', 'callback_asked') THEN detail ELSE '' END"},
        hidden=frozenset({"staff_id"}),
    ),
    "draft": PersonalTable(_BY_INQUIRY, goes=True, hidden=frozenset({"staff_id", "seen_version"})),
    "draft_attachment": PersonalTable(_BY_INQUIRY, goes=True, hidden=frozenset({"staff_id", "sha256"})),
    "promise": PersonalTable(
        "id IN (SELECT unnest($promises))", _empty("phone", "topic"), hidden=frozenset({"staff_id", "page_id"})
    ),
    "call_attempt": PersonalTable("promise_id IN (SELECT unnest($promises))"),
    "booking": PersonalTable(
        "id IN (SELECT unnest($bookings))",
        _empty("mail", "phone", "answer", "note")
        | {"customer_name": "$nobody", "secret": "uuid()", "uid": "uuid()", "form_key": "uuid()"},
        hidden=frozenset({"secret", "form_key", "staff_id", "offering_id", "uid"}),
        stays={
            "offering_name": "what was done, with day and price: the shop's own records",
            "number": "by which the shop's books name it",
        },
    ),
    "booking_event": PersonalTable(
        _BY_BOOKING,
        {"detail": "CASE WHEN kind IN ('requested', 'booked', 'moved', 'calendar_answer') THEN detail ELSE '' END"},
        hidden=frozenset({"staff_id"}),
    ),
    "wish": PersonalTable(
        _BY_CUSTOMER,
        _empty("note"),
        hidden=frozenset({"folded", "kind"}),
        stays={
            "article": "what people asked for and did not get is no word about one of them",
            "size": "belongs to the article",
            "colour": "belongs to the article",
            "kind": "the article in one spelling",
            "folded": "the article as the search wants it",
            "expected": "the supplier's date",
            "expected_source": "where the supplier's date comes from",
            "offered": "the article that was offered instead",
        },
    ),
    "wish_news": PersonalTable(
        "wish_id IN (SELECT id FROM wish WHERE customer_id IN (SELECT unnest($people)))",
    ),
    # The ids of all tables are one row of numbers, so that none of them means two things.
    "occasion": PersonalTable(
        """subject_id IN (SELECT unnest($inquiries)) OR subject_id IN (SELECT unnest($messages))
           OR subject_id IN (SELECT unnest($bookings))"""
    ),
    "wrap_up": PersonalTable(_BY_INQUIRY, _empty("wished", "promised", "delivered")),
    "pickup": PersonalTable(_BY_INQUIRY),
    "customer_idea": PersonalTable(_BY_INQUIRY, _empty("why")),
    "complaint": PersonalTable(
        _BY_INQUIRY,
        {
            # A cause that others have complained of, too, is a heading of the shop's and no word about this person.
            "cause": """CASE WHEN trim(cause) = '' OR trim(cause) IN (
                    SELECT trim(other.cause) FROM complaint other
                    WHERE other.inquiry_id NOT IN (SELECT unnest($inquiries)))
                THEN cause ELSE $gone_cause END""",
            "solution": "''",
        },
    ),
    "praise": PersonalTable(_BY_INQUIRY),
    "rating": PersonalTable(_BY_INQUIRY, _empty("words"), hidden=frozenset({"by_mail_link"})),
    "status_page": PersonalTable(
        _BY_INQUIRY,
        _empty("form_key", "name", "mail", "phone") | {"secret": "uuid()", "mail_secret": "uuid()"},
        hidden=frozenset({"secret", "mail_secret", "form_key"}),
    ),
    "receipt": PersonalTable(f"{_BY_INQUIRY} OR address IN (SELECT unnest($addresses))", _empty("address")),
    "mail": PersonalTable(
        """(inquiry_id IN (SELECT unnest($inquiries)) OR sender_address IN (SELECT unnest($addresses))
            OR sha256 IN (SELECT unnest($raw)))
           AND sha256 NOT IN (SELECT mail_sha256 FROM message WHERE id NOT IN (SELECT unnest($messages)))
           AND fate <> 'erased'""",  # a sum of a sum would know no mail again
        {
            "sender_address": "''",
            "message_id": "CASE WHEN message_id = '' THEN '' ELSE $erased_id || sha256(message_id) END",
            "fate": "'erased'",
        },
        hidden=frozenset({"content_key", "sha256", "uidvalidity", "uid", "mailbox"}),
        stays={"content_key": "a sum, so that the mail does not come back"},
    ),
    "ignored_sender": PersonalTable(
        "address IN (SELECT unnest($addresses))", goes=True, hidden=frozenset({"staff_id"})
    ),
    "customer_merge": PersonalTable(
        "gone_id IN (SELECT unnest($people)) OR into_id IN (SELECT unnest($people))",
        {"moved": "'{}'"},
        hidden=frozenset({"staff_id", "moved"}),
    ),
    "customer_import_line": PersonalTable(_BY_CUSTOMER, _empty("before", "problem")),
    "erasure": PersonalTable(_BY_CUSTOMER, hidden=frozenset({"staff_id", "confirmed_by"})),
    "disclosure": PersonalTable(_BY_CUSTOMER, hidden=frozenset({"staff_id"})),
}

IMPERSONAL: dict[str, str] = {
    "counter": "the next id",
    "migration": "which changes the database has seen",
    "setting": "the shop's own",
    "staff": "people who work here, who are told and forgotten by their employer's rules",
    "focus_seen": "until when people who work here have seen what came in focus times",
    "session": "sums of the tokens of people who work here",
    "sign_in_lock": "how often a person of the team or an address of a device guessed wrong",
    "job_run": "how the work in the background went",
    "bookmark": "how far the mailbox was read",
    "template": "texts with holes",
    "resource": "people and things of the shop that bookings need",
    "block": "when a resource is away",
    "offering": "what can be booked",
    "offering_resource": "what an offering needs",
    "booking_resource": "which resources a booking has, by numbers",
    "occupancy": "when a resource is taken, by numbers",
    "reason": "what contacts are about",
    "measure": "what the shop changed",
    "notice": "which mails to the owner left",
    "customer_import": "the name of a whole list",
    "erased_file": "sums of files that are about to go",
}
