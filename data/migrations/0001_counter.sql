-- Times are UTC in plain TIMESTAMP columns named …_at; ids are made by the app (one counter for all tables).
-- No foreign keys and few indexes: DuckDB refuses updates of referenced rows and cannot alter indexed tables.

CREATE TABLE counter (name VARCHAR PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counter VALUES ('id', 100);

CREATE TABLE setting (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL, changed_at TIMESTAMP NOT NULL);

CREATE TABLE staff (
    id BIGINT PRIMARY KEY, name VARCHAR NOT NULL, job_title VARCHAR NOT NULL, phone VARCHAR NOT NULL,
    role VARCHAR NOT NULL, language VARCHAR NOT NULL, pin_hash VARCHAR NOT NULL, active BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL);

CREATE TABLE session (
    token_hash VARCHAR PRIMARY KEY, staff_id BIGINT NOT NULL, created_at TIMESTAMP NOT NULL, expires_at TIMESTAMP NOT NULL);

-- subject: 'staff:<id>' or 'address:<ip>'
CREATE TABLE sign_in_lock (
    subject VARCHAR PRIMARY KEY, failures INTEGER NOT NULL, last_failure_at TIMESTAMP NOT NULL, locked_until_at TIMESTAMP);

CREATE TABLE job_run (
    name VARCHAR PRIMARY KEY, started_at TIMESTAMP NOT NULL, finished_at TIMESTAMP, succeeded_at TIMESTAMP,
    problem VARCHAR NOT NULL);
