"""A fault of the program itself: one line for the user, the details in a file for those who mend it."""

from pathlib import Path


def log_fault(details: str) -> str:
    """Keep a traceback in a file; returns the sentence for the user, with the file's name."""
    sentence = details.strip().splitlines()[-1]
    reason = sentence.partition("ToolFault: ")[2] if "ToolFault: " in sentence else "程序内部出错"
    for place in (_log_in_build, _log_elsewhere):
        try:
            log = place(details)
        except OSError:
            continue
        return f"{reason}，没有写出文件。详情记在 {log}，请把它发给维护人员。"
    return f"{reason}，没有写出文件。"


def _log_in_build(details: str) -> Path:
    """A new file in build/ of the current folder; whatever stands under its name, a link too, is taken away first."""
    log = Path.cwd() / "build" / "ledger-error.log"
    log.unlink(missing_ok=True)
    with log.open("x", encoding="utf-8") as file:
        file.write(details)
    return log


def _log_elsewhere(details: str) -> Path:
    """A file of its own in the folder for temporary files, which may be everybody's."""
    import tempfile  # noqa: PLC0415

    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="ledger-error-", suffix=".log", delete=False
    ) as file:
        file.write(details)
    return Path(file.name)
