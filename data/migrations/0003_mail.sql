-- One row for every mail ever read, also for those that became no message: nothing comes back, nothing is lost.
-- content_key: hash of what a person would see, alike for two deliveries of one mail
CREATE TABLE mail (
    mailbox VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, content_key VARCHAR NOT NULL, folder VARCHAR NOT NULL, uidvalidity BIGINT NOT NULL, uid BIGINT NOT NULL,
    message_id VARCHAR NOT NULL, sender_address VARCHAR NOT NULL, fate VARCHAR NOT NULL, inquiry_id BIGINT,
    stored_at TIMESTAMP NOT NULL, PRIMARY KEY (mailbox, folder, uidvalidity, uid));
CREATE INDEX mail_by_message_id ON mail (message_id);

-- mailbox: user and host, so that another mailbox is read from its own beginning; folder: 'inbox' or 'sent'
CREATE TABLE bookmark (
    mailbox VARCHAR NOT NULL, folder VARCHAR NOT NULL, uidvalidity BIGINT NOT NULL, last_uid BIGINT NOT NULL,
    moved_at TIMESTAMP NOT NULL, PRIMARY KEY (mailbox, folder));

CREATE TABLE ignored_sender (address VARCHAR PRIMARY KEY, staff_id BIGINT NOT NULL, added_at TIMESTAMP NOT NULL);

-- message_id: the id of the message row; mail_id: the Message-ID header, made once and never again
CREATE TABLE outbox (
    message_id BIGINT PRIMARY KEY, mail_id VARCHAR UNIQUE NOT NULL, form_key VARCHAR UNIQUE NOT NULL,
    state VARCHAR NOT NULL, recipient_name VARCHAR NOT NULL, recipient VARCHAR NOT NULL, cc VARCHAR NOT NULL,
    due_at TIMESTAMP NOT NULL, attempts INTEGER NOT NULL, attempted_at TIMESTAMP, sent_at TIMESTAMP,
    bounced_at TIMESTAMP, delayed_at TIMESTAMP, problem VARCHAR NOT NULL);

CREATE TABLE draft (
    inquiry_id BIGINT NOT NULL, staff_id BIGINT NOT NULL, subject VARCHAR NOT NULL, body VARCHAR NOT NULL,
    cc VARCHAR NOT NULL, seen_version INTEGER NOT NULL, saved_at TIMESTAMP NOT NULL, PRIMARY KEY (inquiry_id, staff_id));

CREATE TABLE draft_attachment (
    id BIGINT PRIMARY KEY, inquiry_id BIGINT NOT NULL, staff_id BIGINT NOT NULL, file_name VARCHAR NOT NULL,
    media_type VARCHAR NOT NULL, size BIGINT NOT NULL, sha256 VARCHAR NOT NULL);

CREATE TABLE template (
    id BIGINT PRIMARY KEY, code VARCHAR NOT NULL, name VARCHAR NOT NULL, subject VARCHAR NOT NULL, body VARCHAR NOT NULL,
    position INTEGER NOT NULL, active BOOLEAN NOT NULL, changed_at TIMESTAMP NOT NULL);
