"""The catalog against the document it was made from, cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger_cli.intake.net import unaccounted
from ledger_cli.issued.attachment import Attachment
from ledger_cli.model.catalog import Catalog, Task
from ledger_cli.model.column import SEED, Role, Shape
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.shaped import words_of
from ledger_cli.read.office.tables import FilledDocument, Words


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is another in the catalog: of a task, or (None) of the head; ``where`` is its column.

    Without ``where`` the whole task stands on one side only; without a task it is a cell that is nowhere.
    """

    task: TaskNumber | None
    where: str
    issued: str
    catalog: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What differs, and how many cells of how many tasks were compared."""

    differences: tuple[Difference, ...]
    tasks: int
    cells: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell's column and words, and whether these were taken from a neighbour since it is empty in print."""

    name: str
    words: str
    assumed: bool = False

    def same(self, other: "_Cell") -> bool:
        """Whether two cells say the same; blanks, line breaks, and what stands in an empty one, make no difference."""
        return _plain(self.words) == _plain(other.words) or (self.assumed and other.assumed)


def verify(document: FilledDocument, attachment: Attachment, catalog: Catalog) -> Verification:
    """Every cell of the issued document beside the catalog's.

    As a net under the reading, each cell of its tables is looked for in the catalog as well, whatever it was taken for.
    """
    shape = SEED if attachment.columns is None else Shape(attachment.columns)
    found = list(_head(attachment, shape.issued, catalog))
    issued = {task.number: (task, titles) for task, titles in attachment.placed}
    known = {placed.task.number: (placed.task, placed.titles) for placed in catalog.placed}
    cells = 0
    for number in dict.fromkeys((*issued, *known)):
        if number not in known:
            found.append(Difference(number, "", issued[number][0].text, ""))
        elif number not in issued:
            found.append(Difference(number, "", "", known[number][0].text))
        else:
            theirs, ours = _cells(*issued[number], shape), _cells(*known[number], catalog.shape)
            cells += len(theirs)
            for place in dict.fromkeys((*theirs, *ours)):
                one, other = theirs.get(place, _Cell("", "")), ours.get(place, _Cell("", ""))
                if not one.same(other):
                    words = "" if one.assumed else one.words
                    found.append(Difference(number, other.name or one.name, words, other.words))
    found += [Difference(None, "", words, "") for words in _lost(document, attachment, catalog)]
    return Verification(tuple(found), len(issued), cells)


def _lost(document: FilledDocument, attachment: Attachment, catalog: Catalog) -> Iterator[str]:
    """The cells of the document's tables that are nowhere in the catalog."""
    shape = catalog.shape
    kept = [catalog.head.annex, catalog.head.title, *attachment.others, *attachment.left, *attachment.above]
    kept += [words for column in shape.columns for words in (column.name, column.group or "")]
    for placed in catalog.placed:
        task = placed.task
        kept += [*placed.titles, f"{task.number}.{task.text}", f"{task.label}{task.text}", str(task.number), task.label]
        kept += [words_of(task, column) for column in shape.beside]
    cells = [Words(cell.text) for table in document.tables for row in table.rows for cell in row]
    yield from unaccounted(cells, kept)


def _head(attachment: Attachment, shape: Shape, catalog: Catalog) -> Iterator[Difference]:
    for name, one, other in (
        ("附件", attachment.head.annex, catalog.head.annex),
        ("名称", attachment.head.title, catalog.head.title),
        ("栏目", _names(shape), _names(catalog.shape.issued)),
    ):
        if _plain(one) != _plain(other):
            yield Difference(None, name, one, other)


def _names(shape: Shape) -> str:
    return "、".join(f"{column.group}—{column.name}" if column.group else column.name for column in shape.columns)


def _cells(task: Task, titles: tuple[str, ...], shape: Shape) -> dict[str, _Cell]:
    """The words of a task by what their columns mean, those of the plan's own columns by their keys."""
    cells = {"章节": _Cell("章节", "　".join(titles)), "编号": _Cell("编号", task.label or str(task.number))}
    for column in shape.text_and_beside:
        place = column.key if column.role is Role.PLAN else f"作用：{column.role}"
        cells[place] = _Cell(column.name, words_of(task, column), column.key in task.gaps)
    return cells


def _plain(words: str) -> str:
    return "".join(words.split())
