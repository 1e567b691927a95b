-- Channels, what was wished, promised and delivered, «fertig zur Abholung», ideas of customers.

-- wished, promised, delivered: in few words. otherwise: it was not as promised but something else came, which `delivered`
-- says; promise_kept is false then. offered: which next step an inquiry was offered that was closed without an answer.
ALTER TABLE wrap_up ADD COLUMN wished VARCHAR DEFAULT '';
ALTER TABLE wrap_up ADD COLUMN promised VARCHAR DEFAULT '';
ALTER TABLE wrap_up ADD COLUMN delivered VARCHAR DEFAULT '';
ALTER TABLE wrap_up ADD COLUMN otherwise BOOLEAN DEFAULT false;
ALTER TABLE wrap_up ADD COLUMN offered VARCHAR DEFAULT '';
UPDATE wrap_up SET wished = '', promised = '', delivered = '', otherwise = false, offered = '';

-- «Fertig zur Abholung» was said: message_id is the mail of ours, or the line of the call. booking_id: the job that is
-- done, NULL where there is none.
CREATE TABLE pickup (
    id BIGINT PRIMARY KEY, inquiry_id BIGINT NOT NULL, booking_id BIGINT, message_id BIGINT, told_at TIMESTAMP NOT NULL);

-- An idea of a customer, in whose words message_id says it. fate: '' nobody decided yet, 'done' or 'declined'; why: the
-- reason for the latter. told_at: when somebody said that the customer knows; a reply that left shows it by itself.
CREATE TABLE customer_idea (
    id BIGINT PRIMARY KEY, inquiry_id BIGINT NOT NULL, message_id BIGINT NOT NULL, fate VARCHAR NOT NULL,
    why VARCHAR NOT NULL, decided_at TIMESTAMP, told_at TIMESTAMP);
