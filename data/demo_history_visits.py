"""Appointments, then every line of every conversation in order, and who the customers are: more tables `past_…`."""

from __future__ import annotations

# When somebody booked: online at any hour, else while the shop was open, by phone or by the answer to what they asked.
_WANTED = """
    CREATE TEMP TABLE past_wanted AS
    WITH wanted AS (
        SELECT number, way, begins - to_seconds(ahead) AS at_time FROM past_slots),
    worked AS (
        SELECT w.number, greatest(60, b.before + date_diff('second', b.begins, least(w.at_time, b.ends))
            - (if(w.way = 'phone', 5400, 32400) * luck(w.number, 'clock', $seed))::BIGINT) AS until
        FROM wanted w ASOF JOIN past_spans b ON w.at_time >= b.begins)
    SELECT w.number, w.way, if(w.way = 'online',
            w.at_time + to_seconds((36000 * luck(w.number, 'clock', $seed))::BIGINT - 10800),
            o.begins + to_seconds(k.until - o.before)) AS at_time
    FROM wanted w JOIN worked k ON k.number = w.number ASOF JOIN past_spans o ON k.until >= o.before"""

# Every answer is good for one appointment at most: whoever finds the nearest one taken looks further back, three times
# in all.
_ASKED = "CREATE TEMP TABLE past_asked (number BIGINT, i BIGINT, owner BIGINT, k BIGINT, at_time TIMESTAMP)"
_ASK = """
    INSERT INTO past_asked
    SELECT w.number, a.i, a.owner, a.k, a.answer_at
    FROM (SELECT number, at_time FROM past_wanted
          WHERE way = 'asked' AND number NOT IN (SELECT number FROM past_asked)) w
    ASOF JOIN (
        SELECT a.i, a.answer_at, t.k, t.owner FROM past_answers a JOIN past_talks t ON t.i = a.i
        WHERE a.number = 1 AND t.topic IN ('appointment', 'tyres', 'move', 'price', 'stock', 'other')
            AND a.i NOT IN (SELECT i FROM past_asked)) a ON w.at_time >= a.answer_at
    WHERE w.at_time - a.answer_at < INTERVAL 6 DAY
    QUALIFY row_number() OVER (PARTITION BY a.i ORDER BY w.number) = 1"""

# Of the others, `known` is how many customers there were by then.
_MADE = """
    CREATE TEMP TABLE past_made AS
    WITH own AS (
        SELECT w.number, w.way, w.at_time, $talks + row_number() OVER (ORDER BY w.number) - 1 AS i,
            if(w.way = 'phone', 1 + (luck(w.number, 'clerk', $seed) * $colleagues)::BIGINT % $colleagues, NULL)
                AS owner,
            (3 * $guests // 10 + ($guests - 3 * $guests // 10) * p.floor / $weight)::BIGINT AS known
        FROM past_wanted w ASOF JOIN past_days p ON w.at_time >= p.midnight WHERE w.way <> 'asked')
    SELECT number, 'asked' AS way, i, owner, k, at_time FROM past_asked
    UNION ALL
    SELECT p.number, p.way, p.i, p.owner, w.k, p.at_time
    FROM (SELECT o.number, o.way, o.i, o.owner, o.at_time, (luck(o.number, 'guest', $seed) * w.floor)::BIGINT AS target
          FROM own o JOIN past_weights w ON w.k = least(o.known, $guests)) p
    ASOF JOIN past_weights w ON p.target >= w.floor"""

# gone_at: when it was called off, hours or days before. Two thirds do it by themselves.
_VISITS = """
    CREATE TEMP TABLE past_visits AS
    SELECT row_number() OVER (ORDER BY m.at_time, m.number) AS id, m.number, m.way, m.i, m.k, m.owner,
        m.at_time AS made_at, s.begins, s.ends, s.fate, w.has_mail, w.has_phone,
        CASE s.fate WHEN 'early' THEN s.begins - to_seconds(93600 + (86400 * luck(m.number, 'gone', $seed))::BIGINT)
            WHEN 'late' THEN s.begins - to_seconds(3600 + (72000 * luck(m.number, 'gone', $seed))::BIGINT) END
            AS gone_at,
        s.reminded AND w.has_mail AND s.fate <> 'early' AND m.at_time < s.begins - INTERVAL 1 DAY
            AND NOT coalesce(gone_at < s.begins - INTERVAL 1 DAY, false) AS reminded
    FROM past_made m JOIN past_slots s ON s.number = m.number JOIN past_weights w ON w.k = m.k"""

_BOOKED_ENDS = """
    INSERT INTO past_ends
    SELECT i, 0, 'closed', owner, 0, 'booked', made_at FROM past_visits WHERE way <> 'asked'"""

_INQUIRIES = """
    CREATE TEMP TABLE past_inquiries AS
    SELECT row_number() OVER (ORDER BY asked_at, i) AS id, i, k, asked_at, visit, word, w.subject, w.folded_subject,
        w.flat
    FROM (
        SELECT t.i, t.k, t.asked_at, NULL AS visit, c.first + (luck(t.i, 'words', $seed) * c.count)::BIGINT % c.count
            AS word
        FROM past_talks t JOIN past_codes c ON c.code = CASE WHEN t.settled THEN 'settled.' WHEN t.channel = 'mail'
            THEN 'ask.' ELSE 'call.' END || t.topic
        UNION ALL
        SELECT v.i, v.k, v.made_at, v.number, c.first FROM past_visits v JOIN past_codes c ON c.code = 'spoken'
        WHERE v.way <> 'asked') n
    JOIN past_words w ON w.number = n.word
    ORDER BY 1"""

_CODES = """
    CREATE TEMP TABLE past_codes AS
    SELECT code, min(number) AS first, count(*) AS count FROM past_words GROUP BY code"""

# number: the turn it belongs to, with 4 for asking again, 5 for thanks, 7 to 9 for what is told of appointments, 10 for
# what was forgotten in the first mail.
# `rank` puts what happens at one moment in order.
_SAID = """
    CREATE TEMP TABLE past_said AS
    SELECT i, asked_at AS at_time, 1 AS rank, if(settled, 'answer', 'customer') AS role, channel AS kind,
        if(channel = 'mail', NULL, owner) AS owner, NULL AS code, 1 AS number, NULL::BIGINT AS visit FROM past_talks
    UNION ALL
    SELECT a.i, a.heard_at, 1, 'customer', if(t.channel = 'mail', 'mail', 'call'),
        if(t.channel = 'mail', NULL, t.owner), CASE WHEN t.channel <> 'mail' THEN 'call.' || t.topic
            WHEN a.number = 2 THEN 'more' ELSE 'again' END, a.number, NULL
    FROM past_answers a JOIN past_talks t ON t.i = a.i WHERE a.number > 1
    UNION ALL
    SELECT a.i, a.answer_at, 3, 'answer', if(a.by_mail, 'mail', 'call'), t.owner,
        CASE WHEN NOT a.by_mail THEN 'talk.' || t.topic WHEN a.number = 2 THEN 'reply.more'
            WHEN a.number = 3 THEN 'reply.again' WHEN v.number IS NOT NULL THEN 'reply.booked'
            ELSE 'reply.' || t.topic END, a.number, v.number
    FROM past_answers a JOIN past_talks t ON t.i = a.i
    LEFT JOIN past_visits v ON v.i = a.i AND v.way = 'asked' AND a.number = 1
    UNION ALL
    SELECT a.i, a.answer_at - to_seconds(600 + (4800 * luck(a.i, 'nudge at', $seed))::BIGINT), 2, 'customer', 'mail',
        NULL, 'nudge', 4, NULL
    FROM past_answers a JOIN past_talks t ON t.i = a.i
    WHERE a.number = 1 AND t.channel = 'mail' AND a.answer_at > t.asked_at + INTERVAL 20 HOUR
        AND luck(a.i, 'nudge', $seed) < 0.30
    UNION ALL
    SELECT a.i, t.asked_at + to_seconds(120 + (1500 * luck(a.i, 'plus at', $seed))::BIGINT), 2, 'customer', 'mail',
        NULL, 'plus', 10, NULL
    FROM past_answers a JOIN past_talks t ON t.i = a.i
    WHERE a.number = 1 AND t.channel = 'mail' AND a.answer_at > t.asked_at + INTERVAL 30 MINUTE
        AND luck(a.i, 'plus', $seed) < 0.14
    UNION ALL
    SELECT i, at_time, 1, 'customer', 'mail', NULL, 'thanks', 5, NULL FROM past_thanks
    UNION ALL
    SELECT i, tried_at, 2, 'attempt', 'call', owner, 'attempt', 6, NULL FROM past_promises WHERE NOT at_once
    UNION ALL
    SELECT a.i, a.answer_at - to_seconds(1), 2, 'note', 'note', t.owner, 'note', 6, NULL
    FROM past_answers a JOIN past_talks t ON t.i = a.i
    WHERE a.number = 1 AND a.by_mail AND luck(a.i, 'note', $seed) < 0.26
    UNION ALL
    SELECT i, made_at, 2, CASE way WHEN 'asked' THEN 'note' WHEN 'phone' THEN 'answer' ELSE 'machine' END,
        CASE way WHEN 'asked' THEN 'note' WHEN 'phone' THEN 'call' ELSE 'form' END, owner, 'spoken', 7, number
    FROM past_visits
    UNION ALL
    SELECT i, made_at, 3, 'machine', 'mail', NULL, 'letter', 8, number FROM past_visits
    WHERE way = 'online' AND has_mail
    UNION ALL
    SELECT i, begins - INTERVAL 1 DAY, 1, 'machine', 'mail', NULL, 'reminder', 9, number FROM past_visits
    WHERE reminded"""

_LINES = """
    CREATE TEMP TABLE past_lines AS
    SELECT row_number() OVER (ORDER BY s.at_time, s.i, s.rank) AS id, s.i, s.at_time, s.role, s.kind, s.owner,
        s.number, s.visit, c.code,
        coalesce(c.first + (luck(s.i, 'words ' || s.number, $seed) * c.count)::BIGINT % c.count, n.word) AS word
    FROM past_said s LEFT JOIN past_codes c ON c.code = s.code JOIN past_inquiries n ON n.i = s.i
    ORDER BY 1"""

# Prefixes of mobile phones and numbers with 555, as nobody has them.
_GUEST_CARDS = """
    CREATE TEMP TABLE past_guests AS
    SELECT row_number() OVER (ORDER BY g.created_at, g.k) AS id, g.k, g.created_at, n.name, n.folded, n.salutation,
        n.greeting, n.folded_greeting, if(g.has_mail, n.local || g.k || '@example.org', '') AS mail,
        if(g.has_phone, '0' || g.prefix || ' 555' || lpad((g.k // 8)::VARCHAR, 5, '0'), '') AS phone,
        if(g.has_phone, '+43' || g.prefix || '555' || lpad((g.k // 8)::VARCHAR, 5, '0'), '') AS dialled
    FROM (
        SELECT w.k, w.has_mail, w.has_phone, least(c.first_at, if(w.k < 3 * $guests // 10, $begins::TIMESTAMP
                - to_seconds((60000000 * luck(w.k, 'since', $seed))::BIGINT), c.first_at)) AS created_at,
            CASE w.k % 8 WHEN 0 THEN '650' WHEN 1 THEN '660' WHEN 2 THEN '664' WHEN 3 THEN '676' WHEN 4 THEN '680'
                WHEN 5 THEN '681' WHEN 6 THEN '688' ELSE '699' END AS prefix,
            (luck(w.k, 'name', $seed) * (SELECT count(*) FROM past_names))::BIGINT AS name
        FROM past_weights w
        LEFT JOIN (SELECT k, min(asked_at) AS first_at FROM past_inquiries GROUP BY k) c ON c.k = w.k
        WHERE w.k < $guests AND (c.k IS NOT NULL OR w.k < 3 * $guests // 10)) g
    JOIN past_names n ON n.number = least(g.name, (SELECT max(number) FROM past_names))
    ORDER BY 1"""

# What became of the appointments.
_NEWS = """
    CREATE TEMP TABLE past_news AS
    SELECT row_number() OVER (ORDER BY at_time, visit, kind) AS id, visit, kind, at_time, owner
    FROM (
        SELECT id AS visit, 'booked' AS kind, made_at AS at_time, owner FROM past_visits
        UNION ALL SELECT id, 'cancelled', gone_at, NULL FROM past_visits WHERE gone_at IS NOT NULL
        UNION ALL SELECT id, 'reminded', begins - INTERVAL 1 DAY, NULL FROM past_visits WHERE reminded
        UNION ALL SELECT id, 'arrived', begins + INTERVAL 1 MINUTE, 1 FROM past_visits WHERE fate = 'done'
        UNION ALL SELECT id, 'done', ends - INTERVAL 1 MINUTE, 1 FROM past_visits WHERE fate = 'done'
        UNION ALL SELECT id, 'no_show', begins + INTERVAL 20 MINUTE, 1 FROM past_visits WHERE fate = 'no_show')"""

VISITS = (
    _WANTED, _ASKED, _ASK, _ASK, _ASK, _MADE, _VISITS, _BOOKED_ENDS, _CODES, _INQUIRIES, _SAID, _LINES, _GUEST_CARDS,
    _NEWS,
)  # fmt: skip
