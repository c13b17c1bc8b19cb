"""The rooms of the package, held by its imports: data flows one way, and only the edges touch the world.

The layers are derived: a room (a module or a package right below ledger_cli) stands above all that it imports, and
no room may stand above itself. So a new module needs no entry here.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "ledger_cli"
MODULES = sorted(PACKAGE.rglob("*.py"))
WORLD = {"os", "subprocess", "shutil", "tempfile", "socket", "sys"}
OFFICE = {"docx", "lxml", "jinja2", "markupsafe", "openpyxl"}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def room_of(module: str) -> str:
    return module.split(".")[1]


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a file imports, those of its functions too, as dotted names."""
    return frozenset(_imports(ast.parse(path.read_text("utf-8"))))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own(path: Path) -> set[str]:
    return {module for module in imports(path) if module.startswith("ledger_cli.")}


def outside(path: Path) -> set[str]:
    return {module.split(".")[0] for module in imports(path)}


def circle(uses: dict[str, set[str]]) -> list[str]:
    """Names that use each other in a circle, if any do."""
    try:
        TopologicalSorter(uses).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_room_stands_above_itself() -> None:
    rooms: dict[str, set[str]] = {}
    for path in MODULES:
        room = name_of(path).split("/")[0]
        rooms.setdefault(room, set()).update({room_of(module) for module in own(path)} - {room})
    assert circle(rooms) == []
    assert len(rooms) > 10


def test_no_modules_import_each_other() -> None:
    names = {"ledger_cli." + name_of(path).replace("/", "."): path for path in MODULES}
    uses = {
        name: {known for module in own(path) for known in (module, module.rpartition(".")[0]) if known in names}
        - {name}
        for name, path in names.items()
    }
    assert circle(uses) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_edges_touch_files_git_and_the_terminal(path: Path) -> None:
    if name_of(path).split("/")[0] not in {"edge", "cli", "__main__"} and name_of(path) != "gather/workers":
        assert not outside(path) & WORLD


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_office_libraries_stay_with_those_who_read_and_write_such_files(path: Path) -> None:
    if not name_of(path).startswith(("read/office/", "write/")):
        assert not outside(path) & OFFICE


def test_no_command_imports_another() -> None:
    """Right below cli/ lie the commands and the app that holds them; what they share lies in cli/shared/."""
    commands = {f"ledger_cli.cli.{path.stem}" for path in (PACKAGE / "cli").glob("*.py")} - {"ledger_cli.cli.app"}
    for path in (PACKAGE / "cli").rglob("*.py"):
        if path.name != "app.py":
            used = {module for module in own(path) if module in commands or module.rpartition(".")[0] in commands}
            assert used <= {f"ledger_cli.cli.{path.stem}"}, f"{name_of(path)} imports {used}"
