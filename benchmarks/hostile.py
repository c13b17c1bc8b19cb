"""What small Office files that were made to cost much cost `ledger intake`: processor seconds and peak memory of each.

python benchmarks/hostile.py [NAME...]
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.hostile import COSTLY, costly

REPOSITORY = Path(__file__).resolve().parent.parent
_COMMAND = """
import resource, sys
from ledger_cli.cli.app import run
code = run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"\\nCOST {code} {used.ru_utime + used.ru_stime:.1f} {used.ru_maxrss / 1024:.0f}")
"""


def main() -> None:
    print(f"{'file':40} {'KB':>6} {'exit':>4} {'s':>6} {'MB':>6}")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "ledger_cli", "init", folder + "/w"], check=True, capture_output=True)
        for name in sys.argv[1:] or COSTLY:
            data = costly(name)
            suffix = "zip" if name.startswith("a zip") else "xlsx" if b"xl/workbook" in data else "docx"
            path = Path(folder) / f"x.{suffix}"
            path.write_bytes(data)
            arguments = [sys.executable, "-c", _COMMAND, "-C", folder + "/w", "intake", "--unit", "zfbgt", str(path)]
            done = subprocess.run(arguments, capture_output=True, text=True, cwd=REPOSITORY, check=False)
            code, seconds, megabytes = done.stdout.rpartition("COST ")[2].split() or ("?", "?", "?")
            print(f"{name:40} {len(data) // 1024:6} {code:>4} {seconds:>6} {megabytes:>6}")


if __name__ == "__main__":
    main()
