"""Bytes of a YAML file to data with places, in one strict reading (Y codes)."""
