"""``python -m ledger_cli`` runs the command line."""

from ledger_cli.cli.app import main

if __name__ == "__main__":
    main()
