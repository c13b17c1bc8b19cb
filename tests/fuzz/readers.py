"""Every reader of the program that is tried."""

from tests.fuzz import office, templates, yaml_files

READERS = (*yaml_files.READERS, *office.READERS, *templates.READERS)
