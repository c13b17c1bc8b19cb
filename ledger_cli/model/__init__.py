"""The nouns: catalog, registry, submission, ledger, finding. No input or output here."""
