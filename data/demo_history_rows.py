"""The shop's own tables filled from what was played: each row as the use cases would have left it."""

from __future__ import annotations

_CUSTOMERS = """
    INSERT INTO customer BY NAME
    SELECT $guest_base + id AS id, name, salutation, '' AS title, 'sie' AS form_of_address, 'de' AS language,
        '' AS note, folded || ' ' || coalesce(nullif(mail, ''), phone) AS folded, created_at
    FROM past_guests ORDER BY id"""

_CONTACTS = """
    INSERT INTO customer_contact BY NAME
    SELECT 'mail' AS kind, mail AS address, $guest_base + id AS customer_id, mail AS shown, created_at AS added_at
    FROM past_guests WHERE mail <> ''
    UNION ALL
    SELECT 'phone', dialled, $guest_base + id, phone, created_at FROM past_guests WHERE dialled <> ''"""

# `heard`: the customer's newest message, else the newest at all. Every derived column is what the clock would write.
_INQUIRIES = """
    INSERT INTO inquiry BY NAME
    WITH newest AS (
        SELECT i, max(id) AS id, max(at_time) AS at_time, arg_max(word, id) AS word, arg_max(kind, id) AS kind,
            arg_max(visit, id) AS visit, max(id) FILTER (role = 'customer') AS heard,
            arg_max(word, id) FILTER (role = 'customer') AS heard_word,
            arg_max(kind, id) FILTER (role = 'customer') AS heard_kind
        FROM past_lines GROUP BY i),
    ended AS (
        SELECT i, arg_max(at_time, number) AS closed_at, arg_max(reason, number) AS reason, max(number) AS number
        FROM past_ends GROUP BY i)
    SELECT $inquiry_base + n.id AS id, $guest_base + g.id AS customer_id,
        if(n.visit IS NULL, if(n.subject = '', n.flat, n.subject), 'Termin: ' || x.offering_name) AS subject,
        CASE v.way WHEN 'phone' THEN 'call' WHEN 'online' THEN 'form' ELSE t.channel END AS channel,
        'customer' AS started_by, p.staff_id AS owner_id, '' AS next_step, NULL AS next_step_at,
        NULL AS snoozed_until_at, NULL AS merged_into, false AS dismissed, n.asked_at AS created_at,
        if(e.i IS NULL, 'open', 'closed') AS state, if(e.i IS NULL, n.asked_at, NULL) AS waiting_since,
        if(e.i IS NULL, 1, 0) AS contacts_waiting, if(l.heard IS NULL, NULL, n.asked_at) AS first_contact_at,
        if(a.by_mail, a.answer_at + to_seconds(20 + a.i % 6), a.answer_at) AS first_response_at, e.closed_at,
        coalesce(e.reason, '') AS close_reason, if(e.number = 3, 1, 0) AS reopened, l.at_time AS last_message_at,
        CASE WHEN l.heard IS NOT NULL THEN h.flat || if(l.heard_kind = 'mail', ' ' || g.name, '')
            WHEN l.kind = 'mail' THEN g.greeting || ' ' || w.flat || ' ' || replace(x.spoken, chr(10), ' ')
            WHEN n.visit IS NOT NULL THEN replace(x.spoken, chr(10), ' ') ELSE w.flat END AS snippet,
        $message_base + l.id AS version
    FROM past_inquiries n JOIN past_guests g ON g.k = n.k JOIN newest l ON l.i = n.i
    JOIN past_words w ON w.number = l.word LEFT JOIN past_words h ON h.number = l.heard_word
    LEFT JOIN ended e ON e.i = n.i LEFT JOIN past_talks t ON t.i = n.i
    LEFT JOIN past_visits v ON v.i = n.i AND v.way <> 'asked' LEFT JOIN past_slots x ON x.number = v.number
    LEFT JOIN (SELECT i, answer_at, by_mail FROM past_answers WHERE number = 1) a ON a.i = n.i
    LEFT JOIN past_people p ON p.number = coalesce(t.owner, v.owner)
    ORDER BY n.id"""

# Message-IDs: «c» for customers', «t» for ours. Our mails close with a signature, customers' with their name.
_MESSAGES = """
    INSERT INTO message BY NAME
    SELECT $message_base + l.id AS id, $inquiry_base + n.id AS inquiry_id, $inquiry_base + n.id AS stream, l.kind,
        l.role, p.staff_id, CASE WHEN l.kind = 'mail' AND l.role <> 'customer' THEN p.sender
            WHEN l.code = 'spoken' AND l.kind <> 'form' THEN ''
            WHEN l.kind IN ('mail', 'form') OR (l.number = 1 AND l.role = 'customer') OR l.word = n.word THEN g.name
            ELSE '' END AS sender_name,
        CASE WHEN l.kind = 'mail' AND l.role <> 'customer' THEN $address
            WHEN l.kind IN ('mail', 'form') THEN g.mail ELSE '' END AS sender_address,
        CASE WHEN l.kind <> 'mail' THEN '' WHEN l.role = 'machine' THEN 'Ihr Termin: ' || x.offering_name
            WHEN l.role = 'customer' AND l.number = 1 THEN n.subject
            ELSE 'Re: ' || n.subject END || if(l.kind = 'mail' AND l.role <> 'customer',
                ' [#' || ($inquiry_base + n.id) || ']', '') AS subject,
        CASE WHEN l.code = 'spoken' THEN x.spoken WHEN l.kind <> 'mail' THEN w.body
            WHEN l.role = 'customer' THEN w.body || g.name
            ELSE g.greeting || chr(10) || chr(10) || w.body || coalesce(chr(10) || chr(10) || x.spoken, '')
                || chr(10) || chr(10) || p.signature END AS body,
        '' AS quoted,
        CASE WHEN l.code = 'spoken' THEN x.folded WHEN l.kind <> 'mail' AND l.word = n.word
                THEN g.folded || ' ' || w.folded
            WHEN l.kind <> 'mail' THEN w.folded
            WHEN l.role = 'customer' THEN if(l.number = 1, '', 're: ') || n.folded_subject || ' ' || g.folded || ' '
                || g.mail || ' ' || w.folded || ' ' || g.folded
            ELSE g.folded_greeting || ' ' || w.folded || coalesce(' ' || x.folded, '') || ' ' || p.folded END AS folded,
        CASE WHEN l.kind <> 'mail' THEN '' WHEN l.role = 'customer'
                THEN '<c' || l.i || '.' || l.number || '.' || $seed || '@example.org>'
            ELSE '<t' || l.i || '.' || l.number || '.' || $seed || '@' || $domain || '>' END AS message_id,
        CASE WHEN l.kind <> 'mail' OR l.role = 'machine' OR (l.role = 'customer' AND l.number = 1) THEN ''
            ELSE '<c' || l.i || '.1.' || $seed || '@example.org>' END AS reference_ids,
        CASE WHEN l.kind = 'mail' AND l.role = 'customer' THEN sha256($seed || ' ' || l.id) ELSE '' END AS mail_sha256,
        l.at_time AS happened_at, l.at_time AS stored_at
    FROM past_lines l JOIN past_inquiries n ON n.i = l.i JOIN past_guests g ON g.k = n.k
    JOIN past_words w ON w.number = l.word JOIN past_people p ON p.number = coalesce(l.owner, 0)
    LEFT JOIN past_slots x ON x.number = l.visit
    ORDER BY l.id"""

_OUTBOX = """
    INSERT INTO outbox BY NAME
    SELECT $message_base + l.id AS message_id,
        '<t' || l.i || '.' || l.number || '.' || $seed || '@' || $domain || '>' AS mail_id,
        'history ' || $seed || ' ' || l.id AS form_key, 'sent' AS state, g.name AS recipient_name, g.mail AS recipient,
        '' AS cc, if(l.role = 'answer', l.at_time + INTERVAL 20 SECOND, l.at_time) AS due_at, 1 AS attempts,
        if(l.role = 'answer', l.at_time + to_seconds(20 + l.i % 6), l.at_time) AS attempted_at,
        attempted_at AS sent_at, attempted_at + INTERVAL 2 SECOND AS copied_at, '' AS problem,
        if(l.role = 'machine', $booking_base + v.id, NULL) AS booking_id,
        if(l.role = 'answer' AND l.number = 1 AND luck(l.i, 'template', $seed) < d.template,
            $templates[1 + l.i % len($templates)], NULL) AS template_id
    FROM past_lines l JOIN past_inquiries n ON n.i = l.i JOIN past_guests g ON g.k = n.k
    LEFT JOIN past_talks t ON t.i = l.i LEFT JOIN past_days d ON d.number = t.day
    LEFT JOIN past_visits v ON v.number = l.visit
    WHERE l.kind = 'mail' AND l.role <> 'customer'
    ORDER BY l.id"""

_MAILS = """
    INSERT INTO mail BY NAME
    SELECT $address AS mailbox, sha256($seed || ' ' || l.id) AS sha256, sha256($seed || '-' || l.id) AS content_key,
        'inbox' AS folder, 0 AS uidvalidity, l.id AS uid,
        '<c' || l.i || '.' || l.number || '.' || $seed || '@example.org>' AS message_id, g.mail AS sender_address,
        'message' AS fate, $inquiry_base + n.id AS inquiry_id, l.at_time AS stored_at
    FROM past_lines l JOIN past_inquiries n ON n.i = l.i JOIN past_guests g ON g.k = n.k
    WHERE l.kind = 'mail' AND l.role = 'customer'
    ORDER BY l.id"""

_EVENTS = """
    INSERT INTO event BY NAME
    SELECT $event_base + row_number() OVER (ORDER BY e.at_time, e.i, e.number) AS id,
        $inquiry_base + n.id AS inquiry_id, $inquiry_base + n.id AS stream, p.staff_id, e.kind,
        if(e.kind = 'closed_with', ($message_base + a.id)::VARCHAR, e.reason) AS detail, e.at_time AS happened_at
    FROM past_ends e JOIN past_inquiries n ON n.i = e.i JOIN past_people p ON p.number = coalesce(e.owner, 0)
    LEFT JOIN (SELECT i, number, id FROM past_lines WHERE role = 'answer' AND kind = 'mail') a
        ON a.i = e.i AND a.number = e.number
    ORDER BY 1"""

_PROMISES = """
    INSERT INTO promise BY NAME
    SELECT $promise_base + row_number() OVER (ORDER BY r.asked_at, r.i) AS id, $inquiry_base + n.id AS inquiry_id,
        p.staff_id, g.dialled AS phone, n.flat AS topic, r.due_at, 'kept' AS state, if(r.at_once, 0, 1) AS tries,
        if(r.at_once, NULL, r.tried_at) AS last_try_at, r.asked_at AS created_at, r.done_at,
        r.tried_at AS first_try_at
    FROM past_promises r JOIN past_inquiries n ON n.i = r.i JOIN past_guests g ON g.k = n.k
    JOIN past_people p ON p.number = r.owner
    ORDER BY 1"""

# Noted of most inquiries when they ended, of every complaint; whether it went as promised, of four in ten.
_WRAP_UPS = """
    INSERT INTO wrap_up BY NAME
    SELECT $inquiry_base + n.id AS inquiry_id, r.reason_id, if(luck(t.i, 'avoidable', $seed) < s.avoidable,
            s.kinds[1 + (luck(t.i, 'kind', $seed) * 1000)::BIGINT % len(s.kinds)], 'no') AS avoidable,
        if(luck(t.i, 'asked', $seed) < 0.4, luck(t.i, 'held', $seed) < d.held, NULL) AS promise_kept,
        e.at_time AS changed_at
    FROM past_talks t JOIN past_inquiries n ON n.i = t.i JOIN past_reasons r ON r.topic = t.topic
    JOIN past_shares s ON s.day = t.day AND s.topic = t.topic JOIN past_days d ON d.number = t.day
    JOIN past_ends e ON e.i = t.i AND e.number < 3
    WHERE t.topic IN ('complaint', 'praise') OR luck(t.i, 'noted', $seed) < 0.96
    ORDER BY n.id"""

_COMPLAINTS = """
    INSERT INTO complaint BY NAME
    SELECT c.inquiry_id, c.at_time AS noted_at, $causes[c.cause] AS cause,
        (100 * $costs[c.cause] * (0.3 + 1.4 * luck(c.i, 'cost', $seed)))::BIGINT AS cost_cents,
        $solutions[1 + (luck(c.i, 'solution', $seed) * 1000)::BIGINT % len($solutions)] AS solution,
        luck(c.i, 'lost', $seed) < c.lost AS lost, if(o.begins IS NULL, NULL, o.begins + to_seconds(c.until - o.before))
            AS solved_at
    FROM (
        SELECT t.i, $inquiry_base + n.id AS inquiry_id, e.at_time, d.lost,
            1 + (len($causes) * pow(luck(t.i, 'cause', $seed), 1.4))::BIGINT % len($causes) AS cause,
            e.until + (32400 * if(luck(t.i, 'solved', $seed) < d.solved, 3.5 * luck(t.i, 'solved at', $seed),
                6 + 6 * luck(t.i, 'solved at', $seed)))::BIGINT AS until
        FROM past_talks t JOIN past_inquiries n ON n.i = t.i JOIN past_days d ON d.number = t.day
        JOIN past_ends e ON e.i = t.i AND e.number < 3 WHERE t.topic = 'complaint') c
    ASOF LEFT JOIN past_spans o ON if(c.until < $last, c.until, -1) >= o.before"""

_PRAISES = """
    INSERT INTO praise BY NAME
    SELECT $inquiry_base + n.id AS inquiry_id, e.at_time AS noted_at, least($now::TIMESTAMP - INTERVAL 1 HOUR, e.at_time
        + to_seconds((if(luck(t.i, 'passed', $seed) < 0.9, 100000, 500000) * luck(t.i, 'passed at', $seed))::BIGINT))
            AS passed_on_at
    FROM past_talks t JOIN past_inquiries n ON n.i = t.i JOIN past_ends e ON e.i = t.i AND e.number < 3
    WHERE t.topic = 'praise' OR (e.reason = 'thanks_only' AND luck(t.i, 'praise', $seed) < 0.02)"""

_BOOKINGS = """
    INSERT INTO booking BY NAME
    SELECT $booking_base + v.id AS id, 'K-' || array_to_string(list_transform(range(5),
            lambda n: '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'[1 + v.id * 48271 // (31 ** n)::BIGINT % 31]), '') AS number,
        md5('secret ' || v.id || ' ' || $seed)[:22] AS secret,
        md5('uid ' || v.id || ' ' || $seed) || '@theke' AS uid, 'history ' || $seed || ' ' || v.id AS form_key,
        if(v.gone_at IS NULL, 0, 1) AS sequence, x.offering_id, x.offering_name, $guest_base + g.id AS customer_id,
        g.name AS customer_name, if(v.way = 'phone', '', g.mail) AS mail, if(v.way = 'online', '', g.dialled) AS phone,
        $inquiry_base + n.id AS inquiry_id, if(v.gone_at IS NULL, v.fate, 'cancelled') AS state,
        v.begins AS starts_at, v.ends AS ends_at, x.buffer_before, x.buffer_after, x.price_cents, x.answer,
        '' AS note, 'de' AS language, p.staff_id, v.made_at AS created_at, v.made_at AS agreed_at,
        NULL AS lapses_at, if(v.reminded AND v.gone_at IS NULL, 'sent', 'none') AS reminder, '' AS calendar_answer
    FROM past_visits v JOIN past_slots x ON x.number = v.number JOIN past_inquiries n ON n.i = v.i
    JOIN past_guests g ON g.k = v.k JOIN past_people p ON p.number = coalesce(v.owner, 0)
    ORDER BY v.id"""

_RESOURCES = """
    INSERT INTO booking_resource BY NAME
    SELECT $booking_base + v.id AS booking_id, x.person_id AS resource_id, 0 AS position
    FROM past_visits v JOIN past_slots x ON x.number = v.number
    UNION ALL
    SELECT $booking_base + v.id, x.thing_id, 1 FROM past_visits v JOIN past_slots x ON x.number = v.number
    WHERE x.thing_id IS NOT NULL"""

_OCCUPANCY = """
    INSERT INTO occupancy BY NAME
    SELECT r.resource_id, unnest(range(
            (epoch(b.starts_at)::BIGINT // 60 - b.buffer_before) // 5,
            (epoch(b.ends_at)::BIGINT // 60 + b.buffer_after + 4) // 5)) AS cell, b.id AS booking_id
    FROM booking b JOIN booking_resource r ON r.booking_id = b.id
    WHERE b.id > $booking_base AND b.id <= $booking_base + (SELECT count(*) FROM past_visits)
        AND b.state <> 'cancelled'"""

_NEWS = """
    INSERT INTO booking_event BY NAME
    SELECT $news_base + e.id AS id, $booking_base + e.visit AS booking_id, p.staff_id, e.kind,
        if(e.kind = 'booked', strftime(v.begins, '%Y-%m-%dT%H:%M:%S+00:00'), '') AS detail, e.at_time AS happened_at
    FROM past_news e JOIN past_visits v ON v.id = e.visit JOIN past_people p ON p.number = coalesce(e.owner, 0)
    ORDER BY e.id"""

_BLOCKS = """
    INSERT INTO block BY NAME
    SELECT $block_base + row_number() OVER (ORDER BY begins, resource_id) AS id, resource_id, begins AS starts_at,
        ends AS ends_at, $label AS label, $owner AS staff_id, begins - INTERVAL 7 DAY AS created_at
    FROM past_absences"""

ROWS = (
    _CUSTOMERS, _CONTACTS, _INQUIRIES, _MESSAGES, _OUTBOX, _MAILS, _EVENTS, _PROMISES, _WRAP_UPS, _COMPLAINTS, _PRAISES,
    _BOOKINGS, _RESOURCES, _OCCUPANCY, _NEWS, _BLOCKS,
)  # fmt: skip
