"""A ledger to the bytes of a file, by its suffix."""

from collections.abc import Callable

from ledger_cli.emit import json_text
from ledger_cli.model.ledger import Ledger
from ledger_cli.write.ledger_csv import to_table
from ledger_cli.write.ledger_json import ledger_json
from ledger_cli.write.ledger_yaml import to_yaml
from ledger_cli.write.spreadsheet import csv_bytes


def _xlsx(ledger: Ledger) -> bytes:
    from ledger_cli.write.ledger_xlsx import ledger_workbook  # noqa: PLC0415 - openpyxl is slow to load

    return ledger_workbook(ledger)


WRITERS: dict[str, Callable[[Ledger], bytes]] = {
    ".yaml": lambda ledger: to_yaml(ledger).encode("utf-8"),
    ".yml": lambda ledger: to_yaml(ledger).encode("utf-8"),
    ".json": lambda ledger: json_text(ledger_json(ledger)).encode("utf-8"),
    ".csv": lambda ledger: csv_bytes(*to_table(ledger)),
    ".xlsx": _xlsx,
}
"""What ``ledger merge`` writes. An output format more is a line more here."""
