"""Two periods or revisions of the answers to what changed between them, and who changed it."""
