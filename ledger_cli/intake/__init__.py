"""Filled forms and ledgers to submissions: columns, rows, then the drafts of the files they make."""
