"""A filled form or ledger as both readers give it, from Word and from Excel: lines of text and tables of cells."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Loss:
    """Content that the ledger's text cannot hold: its kind, and words that quote or describe it."""

    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """One paragraph's, note's or cell's text; ``formula`` where an equation is in it, whose marks a reader must add."""

    text: str
    formula: bool = False


class UnreadableFile(Exception):
    """A file that is no readable Word or Excel document, and why, in a Chinese sentence, with a hint.

    ``foreign`` says that it is none at all, such as a picture or a PDF file.
    """

    def __init__(self, message: str, hint: str, *, foreign: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.foreign = foreign


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

    @property
    def flat(self) -> list[str]:
        """A line a row, as the table stands in the text of a cell around it."""
        return ["\t".join(cell.text.replace("\n", " ") for cell in row) for row in self.rows]


@dataclass(slots=True)
class FilledDocument:
    """Blocks in order: a list of lines for a run of paragraphs, or a table.

    ``margin`` has the lines of headers and footers, ``keywords`` the core property of that name, which our
    own forms use to tell whose they are. ``words`` are all words of the file as ``office_words`` finds them,
    ``saved`` is the moment of the last saving as the file states it, or "".
    """

    blocks: list[list[str] | Table]
    losses: list[Loss]
    revised: bool
    margin: list[str] = field(default_factory=list)
    keywords: str = ""
    words: list[Words] = field(default_factory=list)
    saved: str = ""

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]
