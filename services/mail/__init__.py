"""The only rooms that know IMAP and SMTP. `contract` says what the rest of the house expects of them."""
