"""A filled form or ledger as both readers give it, from Word and from Excel: lines of text and tables of cells."""

from dataclasses import dataclass, field

PROMPT = "点击此处填写"
"""What stands in an answer cell of our form until somebody fills it in."""

RETURNED = "退回修改　"
"""What each line begins with that we put in front of a form sent back for correction."""
REVIEWER = "退回意见"
"""The author of the comments in such a form."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Content that the ledger's text cannot hold: its kind, and words that quote or describe it."""

    kind: str
    words: str = ""


class UnreadableFile(Exception):
    """A file that is no readable Word or Excel document, and why, in a Chinese sentence, with a hint."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(slots=True)
class Cell:
    """A table cell: its lines, where it lies in the grid, the tag of its content control if it has one.

    ``continued`` marks a cell merged into the one above, whose text stands there. ``tables`` are the tables
    within the cell; their texts are in ``lines`` too, a line a row, and their losses in ``losses``.
    """

    lines: list[str]
    column: int
    span: int = 1
    continued: bool = False
    tag: str | None = None
    losses: list[Loss] = field(default_factory=list)
    tables: list["Table"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")


@dataclass(slots=True)
class Table:
    """A table's rows of cells, in order."""

    rows: list[list[Cell]]


@dataclass(slots=True)
class FilledDocument:
    """Blocks in order: a list of lines for a run of paragraphs, or a table.

    ``margin`` has the lines of headers and footers, ``keywords`` the core property of that name, which our
    own forms use to tell whose they are.
    """

    blocks: list[list[str] | Table]
    losses: list[Loss]
    revised: bool
    margin: list[str] = field(default_factory=list)
    keywords: str = ""

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]
