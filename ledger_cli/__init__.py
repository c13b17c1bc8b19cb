"""Gather the answers of many units to one government plan into a ledger and its Word document."""

__version__ = "0.1.0"
