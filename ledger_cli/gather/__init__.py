"""The plan and the files of a period to one ledger and its status; nothing here prints."""
