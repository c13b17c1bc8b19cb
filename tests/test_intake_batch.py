"""Folders and zips of filled files: every file in the closing table, and of several for one unit the right one."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.conftest import PERIOD, Ledger
from tests.test_intake import HEAD, catalog_text, taken, texts_of, word


def ledger_file(root: Path, path: Path, words: str = "办结三件。", saved: datetime | None = None) -> Path:
    """A ledger of the general office with one answer, under any name."""
    document = word([HEAD, ["13." + catalog_text(root, 13), "", "", words, "无", "无"]], ("填报单位：政府办公厅",))
    if saved:
        document.core_properties.modified = saved
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return path


def results(files: list[dict[str, Any]]) -> dict[str, str]:
    return {Path(file["file"]).name: file["result"] for file in files}


def in_zip(files: dict[str, bytes], encoding: str = "utf-8") -> bytes:
    """A zip whose names are written in an encoding without saying so, as Chinese Windows does with GBK."""
    raw = {f"{number:0{len(name.encode(encoding))}}": name.encode(encoding) for number, name in enumerate(files)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in zip(raw, files.values(), strict=True):
            package.writestr(name, data)
    made = buffer.getvalue()
    for name, written in raw.items():
        made = made.replace(name.encode(), written)
    return made


def test_every_file_of_a_folder_is_in_the_closing_table(bare: Path, ledger: Ledger) -> None:
    ledger_file(bare, Path("收/台账.docx"))
    for name, data in {
        "扫描件.pdf": b"%PDF-1.7\n",
        "照片.jpg": b"\xff\xd8\xff\xe0 JFIF",
        "说明.txt": "请查收".encode(),
        "空的.docx": b"",
        "旧.rar": b"Rar!\x1a\x07\x00",
    }.items():
        (Path("收") / name).write_bytes(data)
    (Path("收") / "~$台账.docx").write_bytes(b"x")
    _, files = taken(ledger, "收")
    told = results(files)
    assert told["台账.docx"] == "已写入"
    for name in ("扫描件.pdf", "照片.jpg", "说明.txt", "旧.rar"):
        assert told[name] == "不认识的类型", name
    assert told["空的.docx"].startswith("未写入：")
    assert "~$台账.docx" not in told
    (bare / PERIOD / "zfbgt.yaml").unlink()
    shown = ledger("intake", "收").out
    for name in ("扫描件.pdf", "照片.jpg", "说明.txt", "空的.docx", "旧.rar", "台账.docx"):
        assert shown.count(name) >= 2 or "不认识的类型" in shown
    assert "结果" in shown
    assert "不认识的类型" in shown


def test_a_second_round_says_unchanged(bare: Path, ledger: Ledger) -> None:
    ledger_file(bare, Path("收/台账.docx"))
    Path("收/扫描件.pdf").write_bytes(b"%PDF-1.7\n")
    assert results(taken(ledger, "收")[1])["台账.docx"] == "已写入"
    result, files = taken(ledger, "收")
    assert results(files)["台账.docx"] == "未变"
    assert result.code == 0


def test_what_would_be_written_in_a_dry_run(bare: Path, ledger: Ledger) -> None:
    ledger_file(bare, Path("台账.docx"))
    assert results(taken(ledger, "台账.docx", "--dry-run")[1]) == {"台账.docx": "将写入"}
    assert not (bare / PERIOD / "zfbgt.yaml").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_zip_is_opened(bare: Path, ledger: Ledger, encoding: str) -> None:
    inner = ledger_file(bare, Path("内/台账.docx")).read_bytes()
    nested = in_zip({"里层的台账.docx": inner}, encoding)
    Path("报送.zip").write_bytes(in_zip({"司法厅的照片.jpg": b"\xff\xd8\xff", "里层.zip": nested}, encoding))
    _, files = taken(ledger, "报送.zip")
    assert [file["file"] for file in files] == ["报送.zip/司法厅的照片.jpg", "报送.zip/里层.zip/里层的台账.docx"]
    assert results(files) == {"司法厅的照片.jpg": "不认识的类型", "里层的台账.docx": "已写入"}
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


def test_a_zip_with_a_password_or_damage_is_told(bare: Path, ledger: Ledger) -> None:
    data = bytearray(in_zip({"司法厅的台账.docx": b"x" * 100}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    Path("密.zip").write_bytes(bytes(data))
    Path("坏.zip").write_bytes(in_zip({"司法厅的台账.docx": b"x" * 100})[:60])
    result, files = taken(ledger, "密.zip", "坏.zip")
    assert result.code == 1
    assert "密码" in files[0]["result"]
    assert files[1]["result"].startswith("未写入")


def test_equal_files_of_a_unit_count_once(bare: Path, ledger: Ledger) -> None:
    ledger_file(bare, Path("收/台账.docx"))
    ledger_file(bare, Path("收/台账（1）.docx"))
    _, files = taken(ledger, "收")
    assert results(files) == {"台账.docx": "已写入", "台账（1）.docx": "未变：与“收/台账.docx”内容相同"}


def test_the_final_one_is_taken_and_says_why(bare: Path, ledger: Ledger) -> None:
    ledger_file(bare, Path("收/台账.docx"), "办结两件。")
    ledger_file(bare, Path("收/台账（终稿）.docx"), "办结三件。")
    result, files = taken(ledger, "收")
    assert result.code == 1
    assert results(files)["台账（终稿）.docx"].startswith(
        "已写入（自治区人民政府办公厅有2份不同的表，取这一份：文件名写着"
    )
    assert results(files)["台账.docx"].startswith("未写入：")
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


def test_without_a_word_in_the_name_the_one_saved_last(bare: Path, ledger: Ledger) -> None:
    ledger_file(bare, Path("收/一.docx"), "办结三件。", datetime(2024, 7, 5, 10, tzinfo=UTC))
    ledger_file(bare, Path("收/二.docx"), "办结两件。", datetime(2024, 7, 3, 10, tzinfo=UTC))
    _, files = taken(ledger, "收")
    assert "保存得最晚" in results(files)["一.docx"]
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


@pytest.mark.parametrize(
    ("names", "saved"),
    [
        (("一.docx", "二.docx"), (None, None)),
        (("一.docx", "二.docx"), (5, 5)),
        (("一（终稿）.docx", "二（定稿）.docx"), (None, None)),
        (("一（终稿）.docx", "二.docx"), (3, 5)),
    ],
)
def test_where_nothing_tells_which_none_is_taken(
    bare: Path, ledger: Ledger, names: tuple[str, str], saved: tuple[int | None, int | None]
) -> None:
    for name, words, day in zip(names, ("办结三件。", "办结两件。"), saved, strict=True):
        moment = datetime(2024, 7, day, tzinfo=UTC) if day else datetime(2024, 7, 15, tzinfo=UTC)
        ledger_file(bare, Path("收") / name, words, moment)
    result, files = taken(ledger, "收")
    assert result.code == 1
    assert all(text.startswith("未写入：") for text in results(files).values())
    assert not (bare / PERIOD / "zfbgt.yaml").exists()


def test_a_final_one_that_is_refused_does_not_look_like_a_success(bare: Path, ledger: Ledger) -> None:
    ledger_file(bare, Path("收/初稿.docx"), "办结两件。")
    taken(ledger, "收")
    ledger_file(bare, Path("收/终稿.docx"), "办结三件。")
    result = ledger("intake", "收")
    assert result.code == 1
    assert "没有写入" in result.err
    assert "已写入" not in result.out
    assert texts_of(bare)["13"]["落实"] == "办结两件。"


def test_units_in_one_file_and_again_in_another(sample: Path, ledger: Ledger) -> None:
    """A consolidated report and one unit's older ledger: neither is guessed at."""
    assert ledger("report", "--under", "银川市", "-o", "收/汇总.docx").code == 0
    for unit in ("yinchuan", "xingqing"):
        (sample / PERIOD / f"{unit}.yaml").unlink()
    document = word([HEAD, ["1." + catalog_text(sample, 1), "", "", "别的话。", "无", "无"]], ("填报单位：兴庆区",))
    document.save("收/兴庆区.docx")
    _, files = taken(ledger, "收")
    told = results(files)
    assert told["兴庆区.docx"].startswith("未写入：")
    assert told["汇总.docx"].startswith("已写入1家，未写入1家：")
    assert (sample / PERIOD / "yinchuan.yaml").exists()
    assert not (sample / PERIOD / "xingqing.yaml").exists()


def test_an_empty_folder_is_told(bare: Path, ledger: Ledger) -> None:
    Path("空").mkdir()
    assert ledger("intake", "空").code == 2


def test_a_document_is_no_bundle() -> None:
    from ledger_cli.intake.bundle import is_bundle

    buffer = io.BytesIO()
    Document().save(buffer)
    assert not is_bundle("a", buffer.getvalue())
    assert is_bundle("a.zip", in_zip({"司法厅.docx": b"x"}))
    assert not is_bundle("a.docx", in_zip({"司法厅.docx": b"x"}))
    assert not is_bundle("a.zip", b"PK\x03\x04 broken")


def test_a_submission_that_changed_meanwhile_is_not_replaced(
    bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger_cli.intake import rivals

    original = rivals.settle_rivals

    def meanwhile(*arguments: Any) -> None:
        (bare / PERIOD / "zfbgt.yaml").write_text("别人刚写的", "utf-8")
        original(*arguments)

    monkeypatch.setattr("ledger_cli.cli.intake.settle_rivals", meanwhile)
    ledger_file(bare, Path("台账.docx"))
    result, (file,) = taken(ledger, "台账.docx")
    assert result.code == 1
    assert "刚刚被别人改过" in file["result"]
    assert (bare / PERIOD / "zfbgt.yaml").read_text("utf-8") == "别人刚写的"


def test_a_file_that_is_called_a_document_and_is_none_is_an_error(bare: Path, ledger: Ledger) -> None:
    Path("收").mkdir()
    Path("收/司法厅.docx").write_text("单位: sft\n", "utf-8")
    result, (file,) = taken(ledger, "收")
    assert result.code == 1
    assert file["result"].startswith("未写入：")
