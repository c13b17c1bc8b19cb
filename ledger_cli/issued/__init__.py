"""Issued attachments to plans: the catalog, a registry to begin with, and the catalog against the paper."""
