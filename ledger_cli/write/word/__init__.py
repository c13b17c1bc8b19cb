"""Word documents from templates: tags, rows, cells, and what was printed read back."""
