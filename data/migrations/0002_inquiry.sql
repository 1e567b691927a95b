CREATE TABLE customer (
    id BIGINT PRIMARY KEY, name VARCHAR NOT NULL, salutation VARCHAR NOT NULL, title VARCHAR NOT NULL,
    form_of_address VARCHAR NOT NULL, language VARCHAR NOT NULL, note VARCHAR NOT NULL, folded VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL);

-- kind: 'mail' or 'phone'; address: normalised, lower case or E.164
CREATE TABLE customer_contact (
    kind VARCHAR NOT NULL, address VARCHAR NOT NULL, customer_id BIGINT NOT NULL, shown VARCHAR NOT NULL,
    added_at TIMESTAMP NOT NULL, PRIMARY KEY (kind, address, customer_id));

-- The columns from state to version are derived from message, outbox and event by
-- data.inquiries.refresh_clock and by nothing else.
CREATE TABLE inquiry (
    id BIGINT PRIMARY KEY, customer_id BIGINT NOT NULL, subject VARCHAR NOT NULL, channel VARCHAR NOT NULL,
    started_by VARCHAR NOT NULL, owner_id BIGINT, next_step VARCHAR NOT NULL, next_step_at TIMESTAMP,
    snoozed_until_at TIMESTAMP, merged_into BIGINT, dismissed BOOLEAN NOT NULL, created_at TIMESTAMP NOT NULL,
    state VARCHAR NOT NULL, waiting_since TIMESTAMP, contacts_waiting INTEGER NOT NULL, first_contact_at TIMESTAMP,
    first_response_at TIMESTAMP, closed_at TIMESTAMP, close_reason VARCHAR NOT NULL, reopened INTEGER NOT NULL,
    last_message_at TIMESTAMP NOT NULL, snippet VARCHAR NOT NULL, version INTEGER NOT NULL);

-- stream: the inquiry in which it was said; merging changes inquiry_id and leaves stream.
CREATE TABLE message (
    id BIGINT PRIMARY KEY, inquiry_id BIGINT NOT NULL, stream BIGINT NOT NULL, kind VARCHAR NOT NULL, role VARCHAR NOT NULL,
    staff_id BIGINT, sender_name VARCHAR NOT NULL, sender_address VARCHAR NOT NULL, subject VARCHAR NOT NULL,
    body VARCHAR NOT NULL, quoted VARCHAR NOT NULL, folded VARCHAR NOT NULL, message_id VARCHAR NOT NULL,
    reference_ids VARCHAR NOT NULL, mail_sha256 VARCHAR NOT NULL, happened_at TIMESTAMP NOT NULL,
    stored_at TIMESTAMP NOT NULL);
CREATE INDEX message_by_inquiry ON message (inquiry_id);
CREATE INDEX message_by_message_id ON message (message_id);

CREATE TABLE attachment (
    id BIGINT PRIMARY KEY, message_id BIGINT NOT NULL, file_name VARCHAR NOT NULL, media_type VARCHAR NOT NULL,
    size BIGINT NOT NULL, sha256 VARCHAR NOT NULL, refusal VARCHAR NOT NULL);
CREATE INDEX attachment_by_message ON attachment (message_id);

-- Append-only history. Kinds 'closed', 'reopened' and 'merged' enter the clock; no list reads this table.
CREATE TABLE event (
    id BIGINT PRIMARY KEY, inquiry_id BIGINT NOT NULL, stream BIGINT NOT NULL, staff_id BIGINT, kind VARCHAR NOT NULL, detail VARCHAR NOT NULL,
    happened_at TIMESTAMP NOT NULL);
CREATE INDEX event_by_inquiry ON event (inquiry_id);

CREATE TABLE promise (
    id BIGINT PRIMARY KEY, inquiry_id BIGINT NOT NULL, staff_id BIGINT NOT NULL, phone VARCHAR NOT NULL,
    topic VARCHAR NOT NULL, due_at TIMESTAMP NOT NULL, state VARCHAR NOT NULL, tries INTEGER NOT NULL,
    last_try_at TIMESTAMP, created_at TIMESTAMP NOT NULL, done_at TIMESTAMP);
