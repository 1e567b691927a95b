-- When a copy of a sent mail was known to lie in Sent, ours or the provider's own; empty as long as none is.
ALTER TABLE outbox ADD COLUMN copied_at TIMESTAMP;
