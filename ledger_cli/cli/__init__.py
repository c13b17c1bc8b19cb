"""The command line: options in, pipeline, console, exit code. No command imports another."""

import os

# pydantic looks through every installed package for plugins, a sixth of the start; this program uses none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
