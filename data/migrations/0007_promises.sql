-- Promises: callbacks with a window, waited-for articles, the customer's own page, the customer's card.

-- from_at: when the agreed window begins, NULL for «any time until due_at». staff_id 0: whoever is free.
-- source, who said this time last: 'shop'; 'form' or 'status' for the link of a form; 'mail' for the link in our mails.
-- page_id: the page (its inquiry) on which somebody asked for this call, NULL for one that the shop promised. first_try_at is the first try that counts: one that reached, or one that did not
-- and was made when the window had begun.
ALTER TABLE promise ADD COLUMN from_at TIMESTAMP;
ALTER TABLE promise ADD COLUMN source VARCHAR DEFAULT 'shop';
ALTER TABLE promise ADD COLUMN page_id BIGINT;
-- When the next try is planned after one that did not reach; the promise's own time stays.
ALTER TABLE promise ADD COLUMN next_try_at TIMESTAMP;

-- Every try of a promised call. outcome: 'reached', 'not_reached' or 'mailbox'; message_id: its line in the conversation
CREATE TABLE call_attempt (
    id BIGINT PRIMARY KEY, promise_id BIGINT NOT NULL, message_id BIGINT NOT NULL, outcome VARCHAR NOT NULL,
    happened_at TIMESTAMP NOT NULL);

-- A waited-for article; what is said of it stands in the conversation `inquiry_id`. kind: article and size in one
-- spelling, by which wishes for the same are counted; folded: article, size and colour as the search wants them. state:
-- 'open', 'told', 'fulfilled', 'declined' or 'lapsed'. price_cents: what it would have cost, NULL when nobody knows.
-- expected: in words («KW 49»). told_at: when somebody said in person that it is there; a mail (told_message_id) or a
-- promised call (told_promise_id) shows by itself whether and when it reached. reserved_until_on: the last day on which
-- it is held. missed_on: the day until which it was promised first, where that passed and another was agreed.
-- first_heard_at: when the customer was first told, where nobody fetched it and it waits again. offered: what was offered
-- instead of a declined one, '' where the customer did not want it any more.
CREATE TABLE wish (
    id BIGINT PRIMARY KEY, customer_id BIGINT NOT NULL, inquiry_id BIGINT NOT NULL, article VARCHAR NOT NULL,
    size VARCHAR NOT NULL, colour VARCHAR NOT NULL, kind VARCHAR NOT NULL, folded VARCHAR NOT NULL,
    note VARCHAR NOT NULL, price_cents BIGINT, until_on DATE NOT NULL, expected VARCHAR NOT NULL,
    expected_source VARCHAR NOT NULL, state VARCHAR NOT NULL, reserved_until_on DATE, told_message_id BIGINT,
    told_promise_id BIGINT, told_at TIMESTAMP, missed_on DATE, first_heard_at TIMESTAMP, offered VARCHAR NOT NULL,
    ended_at TIMESTAMP, created_at TIMESTAMP NOT NULL);

-- Every message and every promised call that told a customer of an arrived wish, also those that were told again.
CREATE TABLE wish_news (wish_id BIGINT NOT NULL, message_id BIGINT, promise_id BIGINT);

-- preferred: '' nobody said, 'mail' or 'phone' («nur Telefon»). referred_by: the customer who sent this one; no_ads:
-- «Werbesperre», which beats every consent. merged_into: the card that took this one's place. erased_at: made nameless.
ALTER TABLE customer ADD COLUMN preferred VARCHAR DEFAULT '';
ALTER TABLE customer ADD COLUMN likes VARCHAR DEFAULT '';
ALTER TABLE customer ADD COLUMN referred_by BIGINT;
ALTER TABLE customer ADD COLUMN no_ads BOOLEAN DEFAULT false;
ALTER TABLE customer ADD COLUMN merged_into BIGINT;
ALTER TABLE customer ADD COLUMN erased_at TIMESTAMP;
UPDATE customer SET preferred = '', likes = '', no_ads = false;
UPDATE promise SET source = 'shop';

-- Two cards of one person. moved: what went over, as JSON {table: [ids]}, so that it can go back.
CREATE TABLE customer_merge (
    id BIGINT PRIMARY KEY, gone_id BIGINT NOT NULL, into_id BIGINT NOT NULL, moved VARCHAR NOT NULL,
    staff_id BIGINT NOT NULL, merged_at TIMESTAMP NOT NULL, undone_at TIMESTAMP);

-- What a customer agreed to or took back, append-only. kind: 'ads' or 'survey'; how: where and in which words.
CREATE TABLE consent (
    id BIGINT PRIMARY KEY, customer_id BIGINT NOT NULL, kind VARCHAR NOT NULL, given BOOLEAN NOT NULL,
    how VARCHAR NOT NULL, staff_id BIGINT, noted_at TIMESTAMP NOT NULL);

CREATE TABLE customer_import (
    id BIGINT PRIMARY KEY, file_name VARCHAR NOT NULL, staff_id BIGINT NOT NULL, imported_at TIMESTAMP NOT NULL,
    undone_at TIMESTAMP);

-- One row for every line of an imported file. fate: 'added', 'changed', 'known' or 'refused'; before: what the line
-- changed as JSON, so that it can be taken back: the fields as they were and as they became, the addresses that came;
-- problem: why it was refused, or why it could not be taken back, without a word of the line itself.
CREATE TABLE customer_import_line (
    import_id BIGINT NOT NULL, line INTEGER NOT NULL, fate VARCHAR NOT NULL, customer_id BIGINT, before VARCHAR NOT NULL,
    problem VARCHAR NOT NULL, PRIMARY KEY (import_id, line));

-- Requests to be forgotten, asked, confirmed by an owner and done. No word here says who it was. asked_how: 'mail',
-- 'phone', 'visit' or 'letter'; kept: why something of it stays, in words.
CREATE TABLE erasure (
    id BIGINT PRIMARY KEY, customer_id BIGINT NOT NULL, asked_at TIMESTAMP NOT NULL, asked_how VARCHAR NOT NULL,
    staff_id BIGINT NOT NULL, confirmed_by BIGINT, done_at TIMESTAMP, kept VARCHAR NOT NULL, withdrawn_at TIMESTAMP);

-- The customer's own page of an inquiry. form_key: a form sent twice makes one inquiry, '' for a page that came with a
-- receipt; answer_by: what the customer was told; mail and phone: as they were typed. secret: 128 bits, the way in of
-- whoever sent the form; anybody may have typed that address, so it opens only what was said by it. mail_secret: another
-- way in, that only our mails carry, to everything.
CREATE TABLE status_page (
    inquiry_id BIGINT PRIMARY KEY, secret VARCHAR UNIQUE NOT NULL, mail_secret VARCHAR UNIQUE NOT NULL,
    form_key VARCHAR NOT NULL, answer_by TIMESTAMP, name VARCHAR NOT NULL, mail VARCHAR NOT NULL,
    phone VARCHAR NOT NULL, language VARCHAR NOT NULL, created_at TIMESTAMP NOT NULL);

-- Of what was said on such a page: by the link in our mails (true) or by that of the form; NULL for everything else.
ALTER TABLE message ADD COLUMN by_mail_link BOOLEAN;

-- It stays with the inquiry it was given for, also when that is merged into another: two pages may say two things.
-- value: 5 very content … 1 very discontent; way: 'status', 'shop' or 'phone'; by_mail_link: as above
CREATE TABLE rating (
    inquiry_id BIGINT PRIMARY KEY, value INTEGER NOT NULL, words VARCHAR NOT NULL, way VARCHAR NOT NULL,
    rated_at TIMESTAMP NOT NULL, by_mail_link BOOLEAN);

-- Automatic receipts that were written or left out. address: normalised; fate: 'written' or why not: 'recent', 'many',
-- 'machine', 'loop', 'own', 'late'
CREATE TABLE receipt (
    inquiry_id BIGINT PRIMARY KEY, address VARCHAR NOT NULL, fate VARCHAR NOT NULL, decided_at TIMESTAMP NOT NULL);

-- Files of erased people that still have to go from the disk; a row goes together with its file.
CREATE TABLE erased_file (sha256 VARCHAR PRIMARY KEY, noted_at TIMESTAMP NOT NULL);

-- When somebody's data were handed out as a file (Art. 15). No word here says who it was.
CREATE TABLE disclosure (
    id BIGINT PRIMARY KEY, customer_id BIGINT NOT NULL, staff_id BIGINT NOT NULL, given_at TIMESTAMP NOT NULL);
