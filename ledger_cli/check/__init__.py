"""What a readable file can still get wrong: against the catalog, the registry and the calendar."""
