"""The program's start, which an interruption ends without a word of Python's; also for ``python -m ledger_cli``."""

import sys


def main() -> None:
    """Load the command line and run it."""
    try:
        from ledger_cli.cli.app import main as run  # noqa: PLC0415 - loading takes long enough to be interrupted

        run()
    except KeyboardInterrupt:
        sys.exit(2)


if __name__ == "__main__":
    main()
