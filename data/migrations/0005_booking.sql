-- kind: 'person' or 'thing'; week: seven lists of [begin, end] in minutes after local midnight as JSON, '' = the shop's
CREATE TABLE resource (
    id BIGINT PRIMARY KEY, kind VARCHAR NOT NULL, name VARCHAR NOT NULL, week VARCHAR NOT NULL,
    position INTEGER NOT NULL, active BOOLEAN NOT NULL);

-- resource_id NULL: for all of them
CREATE TABLE block (
    id BIGINT PRIMARY KEY, resource_id BIGINT, starts_at TIMESTAMP NOT NULL, ends_at TIMESTAMP NOT NULL,
    label VARCHAR NOT NULL, staff_id BIGINT NOT NULL, created_at TIMESTAMP NOT NULL);

CREATE TABLE offering (
    id BIGINT PRIMARY KEY, name VARCHAR NOT NULL, description VARCHAR NOT NULL, duration INTEGER NOT NULL,
    buffer_before INTEGER NOT NULL, buffer_after INTEGER NOT NULL, step INTEGER NOT NULL, price_cents INTEGER,
    online BOOLEAN NOT NULL, instant BOOLEAN NOT NULL, notice_minutes INTEGER NOT NULL, horizon_days INTEGER NOT NULL,
    cancel_minutes INTEGER NOT NULL, daily_limit INTEGER NOT NULL, bring VARCHAR NOT NULL, question VARCHAR NOT NULL,
    choices VARCHAR NOT NULL, position INTEGER NOT NULL, active BOOLEAN NOT NULL);

-- One resource of each group is needed at the same time.
CREATE TABLE offering_resource (
    offering_id BIGINT NOT NULL, group_number INTEGER NOT NULL, resource_id BIGINT NOT NULL, position INTEGER NOT NULL);

-- secret: 128 bits, the way in for the customer; form_key: a form sent twice makes one booking
CREATE TABLE booking (
    id BIGINT PRIMARY KEY, number VARCHAR UNIQUE NOT NULL, secret VARCHAR UNIQUE NOT NULL, uid VARCHAR UNIQUE NOT NULL,
    form_key VARCHAR UNIQUE NOT NULL, sequence INTEGER NOT NULL, offering_id BIGINT NOT NULL,
    offering_name VARCHAR NOT NULL, customer_id BIGINT NOT NULL, customer_name VARCHAR NOT NULL, mail VARCHAR NOT NULL,
    phone VARCHAR NOT NULL, inquiry_id BIGINT NOT NULL, state VARCHAR NOT NULL,
    starts_at TIMESTAMP NOT NULL, ends_at TIMESTAMP NOT NULL, buffer_before INTEGER NOT NULL,
    buffer_after INTEGER NOT NULL, price_cents INTEGER, answer VARCHAR NOT NULL, note VARCHAR NOT NULL,
    language VARCHAR NOT NULL, staff_id BIGINT, created_at TIMESTAMP NOT NULL, agreed_at TIMESTAMP NOT NULL,
    lapses_at TIMESTAMP, reminder VARCHAR NOT NULL, calendar_answer VARCHAR NOT NULL);

-- Which resources a booking has, also one that was cancelled: the day's history.
CREATE TABLE booking_resource (booking_id BIGINT NOT NULL, resource_id BIGINT NOT NULL, position INTEGER NOT NULL);

-- One row for every five minutes that a booking with its buffers holds a resource: the key makes a double booking
-- impossible, whatever the code does. cell: minutes since 1970 UTC, divided by five.
CREATE TABLE occupancy (
    resource_id BIGINT NOT NULL, cell BIGINT NOT NULL, booking_id BIGINT NOT NULL, PRIMARY KEY (resource_id, cell));

-- Append-only: 'requested', 'booked', 'confirmed', 'declined', 'lapsed', 'moved', 'cancelled', 'arrived', 'done',
-- 'no_show', 'reopened', 'reminded', 'calendar_answer'; staff_id NULL: the customer or a job
CREATE TABLE booking_event (
    id BIGINT PRIMARY KEY, booking_id BIGINT NOT NULL, staff_id BIGINT, kind VARCHAR NOT NULL, detail VARCHAR NOT NULL,
    happened_at TIMESTAMP NOT NULL);

-- Which booking a mail tells of; an automatic one that has not left is taken back when the next one overtakes it.
ALTER TABLE outbox ADD COLUMN booking_id BIGINT;

-- The calendar part of a mail of ours: method 'REQUEST' or 'CANCEL'
CREATE TABLE calendar_part (message_id BIGINT PRIMARY KEY, method VARCHAR NOT NULL, content VARCHAR NOT NULL);
