"""The only rooms that know IMAP, SMTP and iCalendar. `contract` says what the rest of the house expects of them."""
