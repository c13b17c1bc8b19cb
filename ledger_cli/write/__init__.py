"""A ledger to files: YAML, JSON, CSV and, through templates, Word and PDF."""
