"""Five years of answered inquiries, written by bulk SQL, with every row that real ones leave behind."""

from __future__ import annotations

from data.store import Store

ROOM = 10  # ids an inquiry: its customer, the inquiry, two questions and the answer
FIRST = 1000
_PAST = f"""WITH past AS (
    SELECT i, {FIRST} + {ROOM} * i AS id, 'kundin' || i || '@example.org' AS address,
        TIMESTAMP '2021-11-22' + INTERVAL 1 MINUTE * (i * 5 * 365 * 1440 // $n) AS asked_at,
        'Guten Tag, wann ist der Wagen ' || i || ' fertig? ' || repeat('Er steht seit Montag bei Ihnen im Hof. ', 8)
            AS words
    FROM range($n) AS numbers(i))"""
_STATEMENTS = (
    f"""INSERT INTO customer {_PAST}
        SELECT id, 'Kundin ' || i, '', '', 'sie', 'de', '', 'kundin ' || i || ' ' || address, asked_at FROM past""",
    f"INSERT INTO customer_contact {_PAST} SELECT 'mail', address, id, address, asked_at FROM past",
    f"""INSERT INTO inquiry {_PAST}
        SELECT id + 1, id, 'Wagen ' || i, 'mail', 'customer', NULL, '', NULL, NULL, NULL, false, asked_at,
            'closed', NULL, 0, asked_at, asked_at + INTERVAL 2 HOUR, asked_at + INTERVAL 3 HOUR, 'answered', 0,
            asked_at + INTERVAL 2 HOUR, words, id + 4
        FROM past""",
    f"""INSERT INTO message {_PAST}
        SELECT id + k, id + 1, id + 1, 'mail', if(k = 4, 'answer', 'customer'), NULL, 'Kundin ' || i, address,
            'Wagen ' || i, words || k, '', lower(words) || k,
            if(k = 4, '', '<' || k || '.' || i || '@example.org>'), '', sha256(id || '/' || k),
            asked_at + INTERVAL 1 HOUR * (k - 2), asked_at
        FROM past, range(2, 5) AS messages(k)""",
    f"""INSERT INTO mail {_PAST}
        SELECT 'info@127.0.0.1', sha256(id || '/' || k), sha256(id || '-' || k), 'inbox', 0, id + k,
            '<' || k || '.' || i || '@example.org>', address, 'message', id + 1, asked_at
        FROM past, range(2, 4) AS messages(k)""",
    f"""INSERT INTO outbox (message_id, mail_id, form_key, state, recipient_name, recipient, cc, due_at, attempts,
            attempted_at, sent_at, bounced_at, delayed_at, problem, copied_at) {_PAST}
        SELECT id + 4, '<4.' || i || '@kfz-muster.example>', 'form ' || i, 'sent', 'Kundin ' || i, address, '',
            asked_at, 1, asked_at, asked_at + INTERVAL 2 HOUR, NULL, NULL, '', asked_at
        FROM past""",
    f"""INSERT INTO event {_PAST}
        SELECT id + 5, id + 1, id + 1, NULL, 'closed', 'answered', asked_at + INTERVAL 3 HOUR FROM past""",
)


def fill_history(store: Store, inquiries: int) -> None:
    """Add that many inquiries, evenly over the five years before 22 November 2026."""
    with store.write() as tx:
        for statement in _STATEMENTS:
            tx.run(statement, {"n": inquiries})
        tx.run("UPDATE counter SET value = value + $taken", {"taken": FIRST + ROOM * inquiries})
