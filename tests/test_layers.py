"""The layers of the package, held by its imports: data flows one way, and only the edges touch the world."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "ledger_cli"

# A module may import from its own layer and from those before it.
LAYERS = [
    {"exits", "__init__"},
    {"model"},
    {"read"},
    {"check"},
    {"merge", "status", "attachment", "redline", "compare", "compare_catalog"},
    {"write"},
    {"workspace", "console"},
    {"git"},
    {"lock", "replacing"},
    {"outputs"},
    {"scaffold", "earlier", "reviews", "hints", "baselines"},
    {"intake"},
    {"submission"},
    {"checking"},
    {"pipeline"},
    {"history", "opening", "migration"},
    {"unit_log"},
    {"cli", "__main__"},
]
ORDER = {name: place for place, names in enumerate(LAYERS) for name in names}
WORLD = {"os", "subprocess", "shutil", "tempfile", "socket", "sys"}
EDGES = {"workspace", "lock", "replacing", "git", "outputs", "console", "cli", "checking", "__main__", "write/pdf"}
WORD = {"docx", "lxml", "jinja2", "markupsafe", "openpyxl"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_imports_from_a_later_layer(path: Path) -> None:
    own = ORDER[name_of(path).split("/", maxsplit=1)[0]]
    for imported in imports(path):
        parts = imported.split(".")
        if parts[0] == "ledger_cli" and len(parts) > 1:
            assert ORDER[parts[1]] <= own, f"{name_of(path)} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_edges_touch_files_git_and_the_terminal(path: Path) -> None:
    name = name_of(path)
    if name.split("/", maxsplit=1)[0] in EDGES or name in EDGES:
        return
    touched = {imported.split(".", maxsplit=1)[0] for imported in imports(path)} & WORLD
    assert not touched, f"{name} imports {touched}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_word_libraries_stay_with_the_word_step(path: Path) -> None:
    used = {imported.split(".", maxsplit=1)[0] for imported in imports(path)} & WORD
    readers = {"read/package", "read/excel", "read/words", "read/excel_layout", "read/excel_values"}
    assert not used or name_of(path).startswith("write/") or name_of(path) in readers


def test_no_command_module_imports_another() -> None:
    commands = {
        "ledger_cli.cli.clerk",
        "ledger_cli.cli.office",
        "ledger_cli.cli.forms",
        "ledger_cli.cli.diff",
        "ledger_cli.cli.log",
        "ledger_cli.cli.intake",
        "ledger_cli.cli.catalog",
        "ledger_cli.cli.report",
        "ledger_cli.cli.review",
        "ledger_cli.cli.period",
    }
    for path in (PACKAGE / "cli").glob("*.py"):
        if f"ledger_cli.cli.{path.stem}" in commands:
            assert not imports(path) & commands
