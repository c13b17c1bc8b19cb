"""What the files of a workspace are called, and how their bytes are asked for, on disk or in a revision."""

from pathlib import PurePosixPath
from typing import Protocol

TASKS = "data/tasks.yaml"
UNITS = "data/units.yaml"
HINTS = "data/hints.yaml"
SUBMISSIONS = "submissions"
REVIEWS = "reviews"
PERIODS = "periods"
READ_LIMIT = 16 * 1024 * 1024

FOREIGN = (".docx", ".doc", ".wps", ".xlsx", ".xls", ".et", ".pdf")
"""Suffixes of files that clerks put among the submissions and that are none."""


class Files(Protocol):
    """Where a plan and its submissions are read from; names are posix paths below the workspace."""

    def read(self, name: str) -> bytes | None:
        """A file's bytes, at most a byte over the limit; None where there is no such file."""

    def names(self, folder: str) -> list[str]:
        """All files below a folder, sorted; empty where there is no such folder."""

    def oddity(self, name: str) -> str:
        """Why a file must not be read, in words that follow its name; "" where it may."""


def submission_name(period: str, unit: str) -> str:
    """Where a unit's submission for a period belongs."""
    return f"{SUBMISSIONS}/{period}/{unit}.yaml"


def review_name(period: str) -> str:
    """Where a period's review record belongs."""
    return f"{REVIEWS}/{period}.yaml"


def is_submission(name: str) -> bool:
    """Whether a file's name is one that a submission could have, rightly or not."""
    path = PurePosixPath(name)
    if any(part.startswith((".", "~$")) for part in path.parts):
        return False
    return path.suffix.lower() in (".yaml", ".yml", ".txt", *FOREIGN)


def folder_of(name: str) -> str:
    return PurePosixPath(name).parent.name


def printable_name(name: str) -> str:
    """A file's name as it can be printed and written: one in GBK reads as such, nothing in it steers a terminal."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "surrogateescape")
        try:
            name = raw.decode("gb18030")
        except UnicodeDecodeError:
            name = raw.decode("utf-8", "replace")
    return "".join(char if char.isprintable() or char == "　" else "�" for char in name)
