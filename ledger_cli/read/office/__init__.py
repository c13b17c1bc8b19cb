"""Word and Excel files to tables of text, with all that text cannot hold told."""
