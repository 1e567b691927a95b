-- What people note about an inquiry when it ends, one tap each. No table here names who noted it: no figure ever
-- splits by person.

-- What contacts are about; a list per trade that the shop edits. intent: 'appointment', 'price', 'availability',
-- 'status', 'invoice', 'complaint' or 'other'; minutes: the shop's own estimate of what one such contact takes.
CREATE TABLE reason (
    id BIGINT PRIMARY KEY, name VARCHAR NOT NULL, intent VARCHAR NOT NULL, minutes INTEGER NOT NULL,
    position INTEGER NOT NULL, active BOOLEAN NOT NULL);

-- avoidable: '' nobody said, 'no', or why: 'status_asked', 'promise_broken', 'info_missing', 'our_error', 'asked_twice'
CREATE TABLE wrap_up (
    inquiry_id BIGINT PRIMARY KEY, reason_id BIGINT, avoidable VARCHAR NOT NULL, promise_kept BOOLEAN,
    changed_at TIMESTAMP NOT NULL);

-- lost: whether the customer went for good, NULL as long as nobody said
CREATE TABLE complaint (
    inquiry_id BIGINT PRIMARY KEY, noted_at TIMESTAMP NOT NULL, cause VARCHAR NOT NULL, cost_cents BIGINT NOT NULL,
    solution VARCHAR NOT NULL, lost BOOLEAN, solved_at TIMESTAMP);

CREATE TABLE praise (inquiry_id BIGINT PRIMARY KEY, noted_at TIMESTAMP NOT NULL, passed_on_at TIMESTAMP);

-- What the shop changed to get better; `figure` is a name of data.report_records.Figure, '' for none
CREATE TABLE measure (
    id BIGINT PRIMARY KEY, title VARCHAR NOT NULL, figure VARCHAR NOT NULL, staff_id BIGINT, begins_on DATE NOT NULL,
    due_on DATE, ended_on DATE, created_at TIMESTAMP NOT NULL);

-- Mails of Theke to its owner: kind 'digest' or 'look_back', key the local day or week it is about; at most one each.
-- state: 'sending', 'sent', 'failed' or 'unsure'. mail_id: our Message-ID, '' where none was ever made, by which a copy
-- in the inbox is known. retry_at: when a failed one that did not leave is tried again, NULL for never.
CREATE TABLE notice (
    kind VARCHAR NOT NULL, key VARCHAR NOT NULL, state VARCHAR NOT NULL, claimed_at TIMESTAMP NOT NULL,
    mail_id VARCHAR NOT NULL, attempts INTEGER NOT NULL, retry_at TIMESTAMP, problem VARCHAR NOT NULL,
    PRIMARY KEY (kind, key));

-- The template a reply began with: what it saves is shown as an estimate.
ALTER TABLE outbox ADD COLUMN template_id BIGINT;

-- When a promised call was first tried or made; a promise with a try inside its time is kept. missed_at: the time that
-- had passed without a try when it was put off: it stays a broken one.
ALTER TABLE promise ADD COLUMN first_try_at TIMESTAMP;
ALTER TABLE promise ADD COLUMN missed_at TIMESTAMP;
UPDATE promise SET first_try_at = coalesce(last_try_at, CASE WHEN state = 'kept' THEN done_at END);
UPDATE promise SET first_try_at = coalesce((
    SELECT min(m.happened_at) FROM message m
    WHERE m.inquiry_id = promise.inquiry_id AND m.role = 'attempt' AND m.happened_at >= promise.created_at), first_try_at)
WHERE tries > 1;
