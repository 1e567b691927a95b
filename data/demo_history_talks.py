"""Who asked what and when, what was answered and when it ended: temporary tables `past_…`, one statement after another.

What people of the shop do lies in opening hours: it is placed on the sum of opening seconds (`since`, `until`), which
an ASOF join turns into a moment. `calm` is two days before the end: nobody comes back or is left waiting after that.
"""

from __future__ import annotations

_LUCK = "CREATE TEMP MACRO luck(i, what, seed) AS (hash(i, what, seed) >> 11)::DOUBLE / 9007199254740992"
_BELL = """CREATE TEMP MACRO bell(i, what, seed) AS
    sqrt(-2 * ln(1 - luck(i, what || ' far', seed))) * cos(2 * pi() * luck(i, what || ' way', seed))"""

# Customers with the sum of all weights before them: some come often. A row more than there are customers holds the sum
# of all. Everybody can be reached, some by mail alone, some by phone alone.
_GUESTS = """
    CREATE TEMP TABLE past_weights AS
    SELECT k, k % 8 <> 3 AS has_mail, k % 8 = 3 OR k % 5 <> 1 AS has_phone,
        coalesce(sum(weight) OVER (ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT AS floor
    FROM (SELECT k, least(4000, 100 / pow(1 - luck(k, 'often', $seed), 0.75))::BIGINT AS weight
          FROM range($guests + 1) t(k))"""

# Three of ten customers came before the history begins, the others join as it goes on: `known` is how many there were.
# `place` is the volume before an inquiry, `way` decides how it came.
_DRAWN = """
    CREATE TEMP TABLE past_drawn AS
    SELECT d.i, p.number AS day, p.opened, d.way, d.topic_luck,
        if(d.known < d.known_then, w.floor, (d.who * w.floor)::BIGINT) AS target
    FROM (
        SELECT i, (i + luck(i, 'place', $seed)) / $talks * $weight AS place, luck(i, 'way', $seed) AS way,
            luck(i, 'who', $seed) AS who, luck(i, 'topic', $seed) AS topic_luck,
            3 * $guests // 10 + i * ($guests - 3 * $guests // 10) // $talks AS known,
            3 * $guests // 10 + (i + 1) * ($guests - 3 * $guests // 10) // $talks AS known_then
        FROM range($talks) t(i)) d
    ASOF JOIN past_days p ON d.place >= p.floor
    JOIN past_weights w ON w.k = d.known"""

_CHOSEN = """
    CREATE TEMP TABLE past_chosen AS
    SELECT d.i, d.day, w.k, s.topic, d.opened,
        CASE WHEN d.opened AND d.way >= 0.58 AND d.way < 0.965 AND (d.way >= 0.90 OR w.has_phone)
                THEN if(d.way < 0.90, 'call', 'visit')
            WHEN d.way >= 0.93 AND w.has_phone THEN 'voicemail'
            WHEN w.has_mail THEN 'mail'
            ELSE if(d.opened, 'call', 'voicemail') END AS channel,
        w.has_mail, w.has_phone
    FROM past_drawn d
    ASOF JOIN past_weights w ON d.target >= w.floor
    ASOF JOIN past_shares s ON d.day = s.day AND d.topic_luck >= s.floor"""

# Calls and visits come while the shop is open, most of them in the morning; mails and voicemails when people have time.
_PLACED = """
    CREATE TEMP TABLE past_placed AS
    SELECT c.i, c.day, c.k, c.topic, c.channel, c.has_phone,
        if(c.pattern = 'there', o.begins + to_seconds(c.until - o.before),
            c.midnight + to_seconds(3600 * h.hour + (3599 * luck(c.i, 'minute', $seed))::BIGINT)) AS asked_at
    FROM (
        SELECT c.i, c.day, c.k, c.topic, c.channel, c.has_phone, p.midnight, luck(c.i, 'hour', $seed) AS hour_luck,
            p.before + ((p.length - 60) * pow(luck(c.i, 'when', $seed), 1.35))::BIGINT AS until,
            CASE WHEN c.channel IN ('call', 'visit') THEN 'there' WHEN NOT c.opened THEN 'closed'
                ELSE c.channel END AS pattern
        FROM past_chosen c JOIN past_days p ON p.number = c.day) c
    ASOF LEFT JOIN past_hours h ON c.pattern = h.kind AND c.hour_luck >= h.floor
    ASOF JOIN past_spans o ON greatest(c.until, 0) >= o.before"""

_TALKS = """
    CREATE TEMP TABLE past_talks AS
    SELECT p.i, p.day, p.k, p.topic, p.channel, p.asked_at,
        b.before + date_diff('second', b.begins, least(p.asked_at, b.ends)) AS since,
        1 + (luck(p.i, 'owner', $seed) * $colleagues)::BIGINT % $colleagues AS owner,
        CASE p.channel WHEN 'call' THEN luck(p.i, 'end', $seed) < 0.60 WHEN 'visit' THEN luck(p.i, 'end', $seed) < 0.88
            ELSE false END AS settled,
        p.has_phone AND CASE p.channel WHEN 'call' THEN luck(p.i, 'end', $seed) >= 0.72
            WHEN 'voicemail' THEN luck(p.i, 'end', $seed) >= 0.40 ELSE false END AS promised,
        p.channel = 'mail' AND luck(p.i, 'by', $seed) < 0.93 AS by_mail,
        p.channel = 'mail' AND p.i >= $talks - 6 AND p.asked_at > $now::TIMESTAMP - INTERVAL 60 HOUR AS is_open
    FROM past_placed p ASOF JOIN past_spans b ON p.asked_at >= b.begins"""

# due: one to three hours later. The call is made in time, or up to five hours late; seven of ten are reached by it.
_PROMISES = """
    CREATE TEMP TABLE past_promises AS
    WITH agreed AS (
        SELECT t.i, t.since, t.owner, t.asked_at, t.since + (60 * (50 + 130 * luck(t.i, 'due', $seed)))::BIGINT AS due,
            luck(t.i, 'called', $seed) < d.called AS kept
        FROM past_talks t JOIN past_days d ON d.number = t.day WHERE t.promised),
    called AS (
        SELECT i, since, owner, asked_at, due, luck(i, 'reached', $seed) < 0.72 AS at_once, least($last - 4500,
            if(kept, since + (300 + (due - since - 900) * luck(i, 'call', $seed))::BIGINT,
                due + (900 + 18000 * pow(luck(i, 'call', $seed), 2))::BIGINT)) AS tried
        FROM agreed),
    reached AS (
        SELECT i, owner, asked_at, due, at_once, greatest(since + 120, tried) AS tried,
            if(at_once, greatest(since + 120, tried), least($last - 700, greatest(since + 120, tried)
                + (900 + 5400 * luck(i, 'another', $seed))::BIGINT)) AS until
        FROM called)
    SELECT r.i, r.owner, r.asked_at, r.at_once, r.until,
        time_bucket(INTERVAL 5 MINUTE, d.begins + to_seconds(r.due - d.before)) AS due_at,
        t.begins + to_seconds(r.tried - t.before) AS tried_at, u.begins + to_seconds(r.until - u.before) AS done_at
    FROM reached r ASOF JOIN past_spans d ON least(r.due, $last - 1) >= d.before
    ASOF JOIN past_spans t ON r.tried >= t.before ASOF JOIN past_spans u ON r.until >= u.before"""

_ANSWERS = """
    CREATE TEMP TABLE past_answers (
        i BIGINT, number INTEGER, heard_at TIMESTAMP, until BIGINT, answer_at TIMESTAMP, by_mail BOOLEAN)"""

# `until` NULL: as fast as the day is, by a lognormal of business minutes.
_HEARD_FIRST = """
    CREATE TEMP TABLE past_heard AS
    SELECT t.i, 1 AS number, t.asked_at AS at_time, t.day, t.by_mail, p.until,
        if(t.channel = 'mail', 1.0, 0.8) AS pace
    FROM past_talks t LEFT JOIN past_promises p ON p.i = t.i WHERE NOT t.settled AND NOT t.is_open"""

_ANSWER = """
    INSERT INTO past_answers
    SELECT w.i, w.number, w.at_time, w.until, o.begins + to_seconds(w.until - o.before), w.by_mail
    FROM (
        SELECT h.i, h.number, h.at_time, h.by_mail, coalesce(h.until, least(
            $last - 600 - (1800 * luck(h.i, 'latest', $seed))::BIGINT,
            b.before + date_diff('second', b.begins, least(h.at_time, b.ends)) + greatest(90, (60 * h.pace * d.median
                * exp(d.spread * bell(h.i, 'answer ' || h.number, $seed)))::BIGINT))) AS until
        FROM past_heard h JOIN past_days d ON d.number = h.day
        ASOF JOIN past_spans b ON h.at_time >= b.begins) w
    ASOF JOIN past_spans o ON w.until >= o.before"""

# The customer asks something more, mostly at once, sometimes on the next day.
_HEARD_MORE = """
    CREATE OR REPLACE TEMP TABLE past_heard AS
    SELECT a.i, 2 AS number, t.day, t.by_mail, NULL::BIGINT AS until, 0.9 AS pace,
        a.answer_at + to_seconds(if(luck(a.i, 'soon', $seed) < 0.75, 300 + (9000 * luck(a.i, 'more at', $seed))::BIGINT,
            79200 + (14400 * luck(a.i, 'more at', $seed))::BIGINT)) AS at_time
    FROM past_answers a JOIN past_talks t ON t.i = a.i
    WHERE a.by_mail AND t.topic <> 'praise' AND luck(a.i, 'more', $seed) < 0.58 AND a.answer_at < $calm"""

_THANKS = """
    CREATE TEMP TABLE past_thanks AS
    SELECT l.i, l.number, l.answer_at + to_seconds(240 + (10800 * luck(l.i, 'thanks at', $seed))::BIGINT) AS at_time
    FROM (SELECT i, max(number) AS number, max(answer_at) AS answer_at, bool_and(by_mail) AS by_mail FROM past_answers
          GROUP BY i) l
    JOIN past_talks t ON t.i = l.i
    WHERE l.by_mail AND t.topic <> 'praise' AND luck(l.i, 'thanks', $seed) < 0.45 AND l.answer_at < $calm"""

# How it ends: with the answer itself ('letter'), soon after it, later, or after the customer's thanks. `number`: the
# answer before it, 0 for what was settled as it was noted.
_ENDS = """
    CREATE TEMP TABLE past_ends AS
    WITH ending AS (
        SELECT i, 0 AS number, since AS until, asked_at AS at_time, 'letter' AS way, owner FROM past_talks WHERE settled
        UNION ALL
        SELECT t.i, a.number, a.until, coalesce(h.at_time, a.answer_at), CASE WHEN h.i IS NOT NULL THEN 'thanks'
            WHEN luck(t.i, 'close', $seed) < if(a.by_mail, 0.6, 0) THEN 'letter'
            WHEN luck(t.i, 'close', $seed) < 0.93 THEN 'soon' ELSE 'later' END, t.owner
        FROM (SELECT i, number, until, answer_at, by_mail FROM past_answers
              QUALIFY row_number() OVER (PARTITION BY i ORDER BY number DESC) = 1) a
        JOIN past_talks t ON t.i = a.i LEFT JOIN past_thanks h ON h.i = a.i),
    timed AS (
        SELECT e.i, e.number, e.way, e.owner, e.at_time, CASE e.way WHEN 'letter' THEN e.until
            WHEN 'thanks' THEN b.before + date_diff('second', b.begins, least(e.at_time, b.ends))
                + (120 + 7200 * luck(e.i, 'close at', $seed))::BIGINT
            ELSE least($last - 60, e.until + if(e.way = 'soon', (60 + 900 * luck(e.i, 'close at', $seed))::BIGINT,
                (20000 + 40000 * luck(e.i, 'close at', $seed))::BIGINT)) END AS until
        FROM ending e ASOF JOIN past_spans b ON e.at_time >= b.begins)
    SELECT t.i, t.number, if(t.way = 'letter' AND t.number > 0, 'closed_with', 'closed') AS kind, t.owner, t.until,
        CASE t.way WHEN 'thanks' THEN 'thanks_only' WHEN 'later' THEN 'dealt_with' ELSE 'answered' END AS reason,
        if(t.way = 'letter', t.at_time, o.begins + to_seconds(t.until - o.before)) AS at_time
    FROM timed t ASOF JOIN past_spans o ON t.until >= o.before"""

# One to three open days after it was closed it turns out not to be settled.
_HEARD_AGAIN = """
    CREATE OR REPLACE TEMP TABLE past_heard AS
    SELECT e.i, 3 AS number, e.day, e.by_mail, NULL::BIGINT AS until, 0.9 AS pace,
        o.begins + to_seconds(e.until - o.before) AS at_time
    FROM (
        SELECT e.i, t.day, t.by_mail, e.until + (20000 + 80000 * luck(e.i, 'again at', $seed))::BIGINT AS until
        FROM past_ends e JOIN past_talks t ON t.i = e.i JOIN past_days d ON d.number = t.day
        WHERE e.number > 0 AND t.topic <> 'praise' AND luck(e.i, 'back', $seed) < d.again AND e.until < $last - 200000
    ) e
    ASOF JOIN past_spans o ON e.until >= o.before"""

_ENDS_AGAIN = """
    INSERT INTO past_ends
    SELECT a.i, 3, if(a.by_mail, 'closed_with', 'closed'), t.owner, a.until, 'answered',
        if(a.by_mail, a.answer_at, a.answer_at + INTERVAL 1 MINUTE)
    FROM past_answers a JOIN past_talks t ON t.i = a.i WHERE a.number = 3"""

TALKS = (
    _LUCK, _BELL, _GUESTS, _DRAWN, _CHOSEN, _PLACED, _TALKS, _PROMISES, _ANSWERS, _HEARD_FIRST, _ANSWER, _HEARD_MORE,
    _ANSWER, _THANKS, _ENDS, _HEARD_AGAIN, _ANSWER, _ENDS_AGAIN,
)  # fmt: skip
