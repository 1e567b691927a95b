-- Focus hours and occasions: quiet times of the shop, and reasons to call somebody.

-- follow_up_days: so many days after the job somebody calls to ask whether all is well; repeat_months: after so many
-- months the work is due again. 0: never.
ALTER TABLE offering ADD COLUMN follow_up_days INTEGER DEFAULT 0;
ALTER TABLE offering ADD COLUMN repeat_months INTEGER DEFAULT 0;
UPDATE offering SET follow_up_days = 0, repeat_months = 0;

-- What became of a reason to call. kind: 'complaint', 'offer', 'follow_up', 'due' or 'quiet'; subject_id: the complaint's
-- inquiry, the offer's message or the booking behind it, so that a new one is a new reason. state: 'done', 'skipped' or
-- 'later'; again_on: of 'later' the day on which it comes back. What was said stands in the conversation.
CREATE TABLE occasion (
    kind VARCHAR NOT NULL, subject_id BIGINT NOT NULL, state VARCHAR NOT NULL, again_on DATE,
    decided_at TIMESTAMP NOT NULL, PRIMARY KEY (kind, subject_id));

-- Until when a person has seen what came in focus times.
CREATE TABLE focus_seen (staff_id BIGINT PRIMARY KEY, seen_until TIMESTAMP NOT NULL);
