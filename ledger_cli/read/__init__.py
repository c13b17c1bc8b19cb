"""Bytes to models: decoding, strict YAML with places, pydantic, findings in the users' words."""
