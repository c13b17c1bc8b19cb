"""Hints about prose (W codes): what a reader of the ledger would ask back. None needs a network or a model."""
