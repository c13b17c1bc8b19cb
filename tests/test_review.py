"""Accepting, rejecting and taking back: bound to the text, only ever added to, shown in the ledger and its reports."""

import csv
import io
import json
import re
import shlex
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_cli.edge.lock import locked
from ledger_cli.edge.outputs import rewrite
from ledger_cli.gather.review_lines import appended
from ledger_cli.model.catalog import Period
from ledger_cli.model.review import Action, ReviewEvent, Reviews, Standing, answer_digest
from ledger_cli.model.submission import Answer
from ledger_cli.read.reviews import read_reviews
from ledger_cli.read.yaml.text import UNPRINTABLE
from ledger_cli.write.ledger_yaml import to_yaml
from tests.catalogs import insert_task, remember, reword
from tests.conftest import PERIOD, Ledger, answer, office_submission, write
from tests.ledgers import from_yaml

RECORD = Path("reviews/2024H1.yaml")
HALF = Period.model_validate(
    {"编号": "2024H1", "名称": "上半年", "开始": "2024-01-01", "结束": "2024-06-30", "报送截止": "2024-07-15"}
)


@pytest.fixture
def office(bare: Path) -> Path:
    """A workspace in which the general office has answered its three tasks."""
    write(bare, "zfbgt.yaml", office_submission())
    return bare


def merged(ledger: Ledger, *options: str) -> dict[str, Any]:
    result = ledger("merge", "-o", "out.json", "--force", *options)
    assert result.code == 0, result.err
    data: dict[str, Any] = json.loads(Path("out.json").read_bytes())
    return data


def states(ledger: Ledger, unit: str = "zfbgt") -> dict[int, str | None]:
    """How the unit's answers stand, as the merged ledger says."""
    return {
        task["task"]: given_answer["review"] and given_answer["review"]["state"]
        for task in merged(ledger)["tasks"]
        for given_answer in task["answers"]
        if given_answer["unit"] == unit
    }


def event(action: str = "通过", *, minutes: int = 0, content: str = "0" * 16, **more: Any) -> ReviewEvent:
    moment = datetime(2024, 8, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    usual = {"单位": "zfbgt", "任务": 13, "动作": action, "时间": moment, "审核人": "张三", "内容": content}
    return ReviewEvent.model_validate({**usual, **more})


# -- the states ---------------------------------------------------------------------------------------


def test_a_whole_unit_is_accepted_and_only_once(office: Path, ledger: Ledger) -> None:
    result = ledger("accept", "政府办公厅", "--by", "张三")
    assert result.code == 0
    assert "通过了自治区人民政府办公厅的 3 条答复：第13、19、35项" in result.out
    assert states(ledger) == {13: "已通过", 19: "已通过", 35: "已通过"}
    before = RECORD.read_bytes()
    again = ledger("accept", "zfbgt")
    assert again.code == 0
    assert "已经通过" in again.out
    assert RECORD.read_bytes() == before


def test_an_acceptance_lapses_when_the_text_changes_and_holds_again_when_it_changes_back(
    office: Path, ledger: Ledger
) -> None:
    ledger("accept", "zfbgt")
    write(office, "zfbgt.yaml", office_submission(tasks={19: answer("又补办了两期。")}))
    assert states(ledger) == {13: "已通过", 19: "待审", 35: "已通过"}
    write(office, "zfbgt.yaml", office_submission())
    assert states(ledger)[19] == "已通过"


def test_an_acceptance_lapses_when_the_tasks_text_changes(office: Path, ledger: Ledger) -> None:
    ledger("accept", "zfbgt")
    ledger("reject", "zfbgt", "--task", "13", "--reason", "没有数字。")
    reword(office, "规范涉企行政检查", "规范涉企的行政检查")
    reword(office, "加强对赋权乡镇、街道行政执法事项", "加强对乡镇、街道行政执法事项")
    assert states(ledger) == {13: "待审", 19: "待审", 35: "已通过"}
    ledger("merge", "-o", "out.csv")
    table = csv.DictReader(io.StringIO(Path("out.csv").read_text("utf-8-sig")))
    rows = {row["编号"]: row for row in table if row["填报单位"] == "自治区人民政府办公厅"}
    assert [rows[number]["审核理由"] for number in ("13", "19")] == ["任务原文有改动"] * 2
    ledger("merge", "-o", "out.yaml")
    text = Path("out.yaml").read_text("utf-8")
    assert to_yaml(from_yaml(text)) == text
    ledger("report", "--unit", "zfbgt", "-o", "out.docx")
    assert "待审（任务原文有改动）" in re.sub("<[^>]+>", "", _document_xml(Path("out.docx")))
    reword(office, "加强对乡镇、街道行政执法事项", "加强对赋权乡镇、街道行政执法事项")
    assert states(ledger) == {13: "待审", 19: "已通过", 35: "已通过"}


def test_an_acceptance_goes_with_the_text_to_another_number(office: Path, ledger: Ledger) -> None:
    remember(office)
    ledger("accept", "zfbgt")
    record = RECORD.read_bytes()
    insert_task(office, 14)
    assert ledger("catalog", "migrate", "--write").code == 0
    assert states(ledger) == {13: "已通过", 20: "已通过", 36: "已通过"}
    assert RECORD.read_bytes() == record
    # What was said of a task is not said of the one that has its number now.
    assert ledger("reopen", "zfbgt", "--task", "19").code == 2
    assert ledger("reopen", "zfbgt", "--task", "36").code == 0
    assert states(ledger) == {13: "已通过", 20: "已通过", 36: "待审"}


def test_a_record_without_the_tasks_text_reads_as_before(office: Path, ledger: Ledger) -> None:
    ledger("accept", "zfbgt")
    text = RECORD.read_text("utf-8")
    assert len(re.findall(r', 举措: "[0-9a-f]{8}"', text)) == 3
    RECORD.write_text(re.sub(r', 举措: "[0-9a-f]{8}"', "", text), "utf-8")
    reword(office, "规范涉企行政检查", "规范涉企的行政检查")
    assert states(ledger) == {13: "已通过", 19: "已通过", 35: "已通过"}


def test_a_digest_of_a_task_that_is_none_is_told(office: Path, ledger: Ledger) -> None:
    ledger("accept", "zfbgt")
    RECORD.write_text(re.sub(r'举措: "[0-9a-f]{8}"', '举措: "x"', RECORD.read_text("utf-8"), count=1), "utf-8")
    result = ledger("validate", "--select", "K511")
    assert result.code == 1
    assert "“举措”：任务原文的校验码应是8位十六进制数" in result.out


def _document_xml(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read("word/document.xml").decode("utf-8")


def test_a_rejected_answer_is_pending_again_once_it_is_mended(office: Path, ledger: Ledger) -> None:
    ledger("accept", "zfbgt")
    result = ledger("reject", "zfbgt", "--task", "19", "--reason", "没有数字。", "--by", "李四")
    assert result.code == 0
    assert "没有数字" in result.out
    review = merged(ledger)["tasks"][18]["answers"][0]["review"]
    assert review == {
        "state": "退回", "actor": "李四", "time": review["time"], "reason": "没有数字。", "was": None,
    }  # fmt: skip
    assert datetime.fromisoformat(review["time"]).tzinfo is not None
    write(office, "zfbgt.yaml", office_submission(tasks={19: answer("办班3期，培训120人次。")}))
    review = merged(ledger)["tasks"][18]["answers"][0]["review"]
    assert (review["state"], review["was"]) == ("待审", "退回")
    assert "1 条答复：第19项" in ledger("accept", "zfbgt").out
    assert states(ledger)[19] == "已通过"


def test_every_state_can_be_taken_back(office: Path, ledger: Ledger) -> None:
    ledger("accept", "zfbgt")
    ledger("reject", "zfbgt", "--task", "35", "--reason", "太笼统")
    assert ledger("reopen", "zfbgt", "--task", "13", "--reason", "看错了").code == 0
    assert states(ledger) == {13: "待审", 19: "已通过", 35: "退回"}
    assert "第19、35项" in ledger("reopen", "zfbgt").out
    assert set(states(ledger).values()) == {"待审"}
    nothing = ledger("reopen", "zfbgt")
    assert nothing.code == 2
    assert "没有可以撤回的审核" in nothing.err


def test_a_state_can_be_taken_back_after_the_file_is_gone(office: Path, ledger: Ledger) -> None:
    ledger("accept", "zfbgt")
    (office / PERIOD / "zfbgt.yaml").unlink()
    assert ledger("reopen", "zfbgt").code == 0


def test_accepting_all_names_what_it_could_not_take(bare: Path, ledger: Ledger) -> None:
    text = office_submission(tasks={19: answer(progress="无")})
    write(bare, "zfbgt.yaml", text[: text.index("  35:")])
    result = ledger("accept", "zfbgt")
    assert result.code == 1
    assert "1 条答复：第13项" in result.out
    assert "还没有报的有 1 项：第35项" in result.out
    assert "第19项" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["accept", "zfbgt", "--task", "19"], "第19项的答复有错误"),
        (["reject", "zfbgt", "--task", "19", "--reason", "x"], "第19项的答复有错误"),
        (["accept", "zfbgt", "--task", "35"], "还没有报第35项"),
        (["accept", "zfbgt", "--task", "3"], "不承担第3项任务"),
        (["accept", "zfbgt", "--task", "三"], "没有第“三”项任务"),
        (["accept", "gat"], "还没有报送"),
        (["accept", "没有的单位"], "登记册里没有"),
        (["reject", "zfbgt", "--task", "13", "--reason", " "], "没有写退回的理由"),
        (["reject", "zfbgt", "--task", "13", "--reason", "零\u200b宽"], "Word 存不下"),
        (["accept", "zfbgt", "--by", "张\u200b三"], "Word 存不下"),
        (["accept", "zfbgt", "--by", " "], "没有写审核人"),
        (["reject", "zfbgt", "--reason", "x"], "缺少“--task”"),
        (["reject", "zfbgt", "--task", "13"], "缺少“--reason”"),
        (["accept", "zfbgt", "--period", "2099H1"], "没有“2099H1”这个报送期"),
    ],
)
def test_what_cannot_be_reviewed_is_one_sentence_and_leaves_no_record(
    bare: Path, ledger: Ledger, arguments: list[str], said: str
) -> None:
    text = office_submission(tasks={19: answer(progress="无")})
    write(bare, "zfbgt.yaml", text[: text.index("  35:")])
    result = ledger(*arguments)
    assert result.code == 2
    assert said in result.err
    assert len(result.err.splitlines()) == 1
    assert not RECORD.exists()


@pytest.mark.parametrize("name", ["政府办公厅.yaml", "zfbgt.docx.yaml"])
def test_a_unit_with_two_files_or_a_misnamed_one_is_not_reviewed(office: Path, ledger: Ledger, name: str) -> None:
    write(office, name, office_submission())
    result = ledger("accept", "zfbgt")
    assert result.code == 2
    assert "报送文件有错误" in result.err


def test_an_unfilled_scaffold_is_no_report(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    assert "还没有报送" in ledger("accept", "zfbgt").err


def test_the_reviewer_is_named_by_option_environment_git_or_login(
    office: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def actor(*options: str) -> str:
        ledger("reject", "zfbgt", "--task", "13", "--reason", f"第{len(options)}次", *options)
        review = merged(ledger)["tasks"][12]["answers"][0]["review"]
        ledger("reopen", "zfbgt")
        return str(review["actor"])

    monkeypatch.setenv("LOGNAME", "denglu")
    assert actor() == "denglu"
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "user.name", "王五"], check=True)
    assert actor() == "王五"
    monkeypatch.setenv("LEDGER_ACTOR", "赵六")
    assert actor() == "赵六"
    assert actor("--by", "张  三") == "张 三"
    monkeypatch.delenv("LEDGER_ACTOR")
    monkeypatch.setenv("PATH", "")
    assert actor() == "denglu"


# -- the digest ---------------------------------------------------------------------------------------

FULL = {
    "具体落实情况": "印发方案。\n办班三期。",
    "存在问题": "无",
    "工作打算": "再办一期。",
    "完成": {"3-1": "2024-06-20", "3-2": "2024-06-21"},
    "指标": {"3-a": "64.50", "3-b": "2"},
    "佐证": ["宁司发〔2024〕12号", "通知"],
}


def digest(**changes: Any) -> str:
    return answer_digest(Answer.model_validate({**FULL, **changes}))


def test_the_digest_is_sixteen_digits_that_stay() -> None:
    # Written into records: another value would make every acceptance lapse.
    assert digest() == "301ae15afb3f657f"


@pytest.mark.parametrize(
    "changes",
    [
        {"完成": {"3-2": "2024-06-21", "3-1": "2024年6月20日"}},
        {"指标": {"3-b": "2.0", "3-a": "64.5"}},
        {"具体落实情况": "印发方案。  \n办班三期。\n"},
        {"忽略": {"W402": "联合报送"}},
        {"佐证": ("宁司发〔2024〕12号", "通知")},
    ],
)
def test_what_no_reader_sees_does_not_count(changes: dict[str, Any]) -> None:
    assert digest(**changes) == digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"具体落实情况": "印发方案。办班三期。"},
        {"存在问题": "无。"},
        {"工作打算": "再办两期。"},
        {"完成": {"3-1": "2024-06-20"}},
        {"指标": {"3-a": "64.6", "3-b": "2"}},
        {"佐证": ["通知", "宁司发〔2024〕12号"]},
        {"存在问题": "再办一期。", "工作打算": "无"},
    ],
)
def test_what_a_reader_sees_counts(changes: dict[str, Any]) -> None:
    assert digest(**changes) != digest()


def test_an_answer_in_another_layout_of_its_file_stays_accepted(office: Path, ledger: Ledger) -> None:
    ledger("accept", "zfbgt")
    text = office_submission().replace("存在问题: |\n      无", '存在问题: "无"')
    head, _, rest = text.partition("  13:\n")
    first, _, others = rest.partition("  19:\n")
    write(office, "zfbgt.yaml", f"# 备注\r\n{head}  19:\n{others}  13:\n{first}".replace("\n", "\r\n"))
    assert set(states(ledger).values()) == {"已通过"}


def test_the_last_event_by_time_decides_and_of_one_moment_the_later_line() -> None:
    read = Answer.model_validate(FULL)
    content = answer_digest(read)

    def state(*events: ReviewEvent) -> Standing:
        return Reviews(events).state("zfbgt", 13, read).status

    assert state() is Standing.PENDING
    accepted, rejected = event("通过", content=content), event("退回", content=content, 理由="x")
    assert state(accepted, rejected) is Standing.REJECTED
    assert state(rejected, accepted) is Standing.ACCEPTED
    assert state(event("通过", content=content, minutes=5), rejected) is Standing.ACCEPTED
    assert state(accepted, event("撤回", content=content, minutes=1)) is Standing.PENDING
    assert state(event("通过", content="f" * 16)) is Standing.PENDING


# -- the record ---------------------------------------------------------------------------------------


def test_the_record_is_only_ever_added_to(office: Path, ledger: Ledger) -> None:
    seen = b""
    for arguments in (
        ["accept", "zfbgt"],
        ["reject", "zfbgt", "--task", "13", "--reason", '引号"、# 号、: 和\n换行，\\反斜杠'],
        ["reopen", "zfbgt"],
        ["accept", "zfbgt", "--task", "19", "--reason", "可以"],
    ):
        assert ledger(*arguments).code == 0
        now = RECORD.read_bytes()
        assert now.startswith(seen)
        assert len(now) > len(seen)
        seen = now
    assert seen.startswith("# 2024年上半年（2024H1）的审核记录".encode())
    assert len(seen.decode().splitlines()) == 2 + 3 + 1 + 3 + 1
    assert ledger("validate", "--ignore", "K510").code == 0
    assert list(Path("reviews").iterdir()) == [RECORD]


@pytest.mark.parametrize("before", [b"# a\r\n", b"# a", b"\xef\xbb\xbf# a\n", b"", b"\n\n"])
def test_old_bytes_stay_whatever_their_line_ends(office: Path, ledger: Ledger, before: bytes) -> None:
    RECORD.parent.mkdir()
    RECORD.write_bytes(before)
    assert ledger("accept", "zfbgt", "--task", "13").code == 0
    assert RECORD.read_bytes().startswith(before)
    first = RECORD.read_bytes()
    RECORD.write_bytes(first.rstrip(b"\r\n"))
    assert ledger("accept", "zfbgt", "--task", "19").code == 0
    assert RECORD.read_bytes().startswith(first.rstrip(b"\r\n"))
    assert states(ledger) == {13: "已通过", 19: "已通过", 35: "待审"}


def test_an_event_that_a_person_wrote_counts(office: Path, ledger: Ledger) -> None:
    ledger("accept", "zfbgt", "--task", "13")
    content = merged(ledger)["tasks"][12]["answers"][0]["review"]
    assert content["state"] == "已通过"
    line = RECORD.read_text("utf-8").splitlines()[-1]
    RECORD.write_text(
        "- 单位: 政府办公厅\n  任务: 13\n  动作: 退回\n  时间: 2024-08-02T00:00:00+08:00\n  审核人: 张三\n"
        f"  内容: {line.split('内容: ')[1][1:17]}\n  理由: 太短\n{line}\n",
        "utf-8",
    )
    assert states(ledger)[13] == "退回"


def test_a_record_that_cannot_be_added_to_a_line_at_a_time_is_refused(office: Path, ledger: Ledger) -> None:
    RECORD.parent.mkdir()
    RECORD.write_text("[]\n", "utf-8")
    result = ledger("accept", "zfbgt")
    assert result.code == 2
    assert "每行一条" in result.err
    assert RECORD.read_text("utf-8") == "[]\n"


LINE = (
    '- {单位: "zfbgt", 任务: 13, 动作: 通过, 时间: 2024-07-20T09:00:00+08:00, 审核人: "张三", 内容: "0123456789abcdef"}'
)


@pytest.mark.parametrize(
    ("line", "place", "said"),
    [
        (LINE.replace("通过", "同意"), "2:29 K511", "没有“同意”这个动作"),
        (LINE.replace("2024-07-20T09:00:00+08:00", "2024-07-20"), "2:37 K511", "不是带时区的时间"),
        (LINE.replace("2024-07-20T", "2024-13-20T"), "2:37 K511", "不是带时区的时间"),
        (LINE.replace("0123456789abcdef", "0123"), "2:", "16位十六进制数"),
        (LINE.replace("任务: 13, ", ""), "2:3 K511", "缺少“任务”"),
        (LINE.replace("审核人", "审核员"), "2:", "没有“审核员”这个栏目"),
        ("- 通过", "2:3 K511", "不是一条审核记录"),
        ("单位: zfbgt", "1:1 K511", "应是一个列表"),
        (f"{LINE}\n  {LINE}", "3:3 K511", "连不起来"),
        ("- {单位: zfbgt", "K511|Y002", ""),
        (LINE.replace("张三", "张\\u200b三"), "Y007", "零宽空格"),
        ("<<<<<<< HEAD\n" + LINE + "\n=======\n" + LINE + "\n>>>>>>> b", "2:1 K511", "还没有合并好"),
    ],
)
def test_a_faulty_record_is_told_with_its_place_and_relied_on_by_nobody(
    office: Path, ledger: Ledger, line: str, place: str, said: str
) -> None:
    RECORD.parent.mkdir()
    RECORD.write_text(f"# 审核记录\n{line}\n", "utf-8")
    result = ledger("validate", "--ignore", "K510")
    assert result.code == 1
    assert any(part in result.out for part in place.split("|"))
    assert said in result.out
    for command in (["merge"], ["report"], ["accept", "zfbgt"], ["reopen", "zfbgt"]):
        refused = ledger(*command)
        assert refused.code == 2
        assert "审核记录有" in refused.err
        assert "reviews/2024H1.yaml:" in refused.err
    assert RECORD.read_text("utf-8") == f"# 审核记录\n{line}\n"
    assert ledger("validate", "reviews", "--ignore", "K510").code == 1
    assert ledger("validate", PERIOD).code == 0


def test_a_record_of_no_period_is_told(office: Path, ledger: Ledger) -> None:
    RECORD.parent.mkdir()
    Path("reviews/2024.yaml").write_text(LINE + "\n", "utf-8")
    result = ledger("validate", "--ignore", "K510")
    assert result.code == 1
    assert "“2024.yaml”不是任何报送期的审核记录" in result.out


def test_what_was_said_of_a_unit_that_left_the_registry_hinders_nobody(sample: Path, ledger: Ledger) -> None:
    assert "41 条答复" in ledger("accept", "xingqing").out
    ledger("accept", "zfbgt", "--task", "13")
    path = sample / "data/units.yaml"
    lines = [line for line in path.read_text("utf-8").splitlines(keepends=True) if "代码: xingqing" not in line]
    path.write_text("".join(lines).replace("[yinchuan, xingqing, ", "[yinchuan, "), "utf-8")
    (sample / PERIOD / "xingqing.yaml").unlink()
    for command in (["status"], ["report"], ["accept", "sft"], ["reopen", "zfbgt"]):
        result = ledger(*command)
        assert (result.code, result.err) == (0, "")
    result = ledger("validate", "--format", "json", "--select", "K511")
    assert result.code == 0
    (found,) = json.loads(result.out)["findings"]
    assert (found["severity"], found["line"], found["column"]) == ("warning", 3, 8)
    assert "“xingqing”这个单位，对它的41条审核记录不起作用" in found["message"]
    assert "是不是" not in found["hint"]


def test_what_was_said_of_a_task_that_left_the_catalog_hinders_nobody(office: Path, ledger: Ledger) -> None:
    RECORD.parent.mkdir()
    RECORD.write_text(LINE.replace("13", "44") + "\n", "utf-8")
    result = ledger("validate", "--select", "K511")
    assert result.code == 0
    assert "1:21 K511 第44项任务不存在（任务目录里是第1项至第43项），对它的1条审核记录不起作用" in result.out
    assert ledger("accept", "zfbgt").code == 0
    assert set(states(ledger).values()) == {"已通过"}


def test_a_clock_that_ran_ahead_locks_no_answer(office: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "2030-01-01")
    ledger("accept", "zfbgt", "--task", "13")
    monkeypatch.setenv("LEDGER_TODAY", "2024-08-01")
    rejected = ledger("reject", "zfbgt", "--task", "13", "--reason", "太短")
    assert rejected.code == 0
    assert "第13项最后一次审核的时间晚于这台电脑现在的时间（2024-08-01 00:00:00）" in rejected.err
    assert "记为 2030-01-01 00:00:01" in rejected.err
    assert states(ledger)[13] == "退回"
    assert "记为 2030-01-01 00:00:02" in ledger("reopen", "zfbgt").err
    assert states(ledger)[13] == "待审"
    accepted = ledger("accept", "zfbgt")
    assert "记录里第13项最后" in accepted.err
    assert "2030-01-01 00:00:03" in accepted.err
    assert set(states(ledger).values()) == {"已通过"}
    assert RECORD.read_text("utf-8").count("2024-08-01T") == 2


def test_a_judgement_counts_after_what_another_wrote_while_it_waited(
    office: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def after_another(root: Path) -> Iterator[None]:
        with locked(root):
            RECORD.parent.mkdir(exist_ok=True)
            RECORD.write_text(LINE.replace("2024-07-20", "2030-01-01") + "\n", "utf-8")
            yield

    monkeypatch.setattr("ledger_cli.gather.reviews.locked", after_another)
    rejected = ledger("reject", "zfbgt", "--task", "13", "--reason", "太短")
    assert rejected.code == 0, rejected.err
    assert states(ledger)[13] == "退回"


def test_nothing_can_follow_the_end_of_the_calendar(office: Path, ledger: Ledger) -> None:
    RECORD.parent.mkdir()
    RECORD.write_text(LINE.replace("2024-07-20T09:00:00", "9999-12-31T23:59:59") + "\n", "utf-8")
    result = ledger("reopen", "zfbgt")
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "不能再记更晚的时间" in result.err


def test_a_day_that_has_no_local_time_is_told(office: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER_TODAY", "0001-01-01")
    result = ledger("accept", "zfbgt")
    assert (result.code, len(result.err.splitlines())) == (2, 1)
    assert "LEDGER_TODAY 的“0001-01-01”不能用作审核的时间" in result.err
    assert not RECORD.exists()


def test_a_unit_with_two_files_is_not_accepted_but_a_renamed_copy_does_no_harm(sample: Path, ledger: Ledger) -> None:
    data = (sample / PERIOD / "yinchuan.yaml").read_bytes()
    (sample / PERIOD / "xixia.yaml").write_bytes(data)
    assert ledger("accept", "xixia").code == 2
    assert ledger("accept", "yinchuan", "--task", "1").code == 0
    (sample / PERIOD / "yinchuan副本.yaml").write_bytes(data)
    result = ledger("accept", "yinchuan")
    assert result.code == 2
    assert "报送文件有错误，不能审核" in result.err


def test_each_command_says_what_its_task_is_for(ledger: Ledger) -> None:
    assert "只审核这一项" in ledger("accept", "--help").out
    helped = ledger("reopen", "--help").out
    assert "只撤回对这一项任务的审核" in helped
    assert "只审核这一项" not in helped


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")).filter(lambda c: not UNPRINTABLE.match(c))
    | st.sampled_from("\n\t #:,|>-'\"{}[]&*!%@`\\，。：“”　"),
    max_size=40,
).map(lambda text: text.strip()).filter(bool)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(words, words, st.sampled_from(list(Action)))
def test_whatever_reviewers_write_reads_back_as_written(actor: str, reason: str, action: Action) -> None:
    one = event(action, 审核人=actor, 理由=reason, 举措="1a2b3c4d")
    data = appended(appended(None, [one], HALF), [one], HALF)
    read = read_reviews(data, "reviews/2024H1.yaml")
    assert read.findings == []
    assert [placed.event for placed in read.events] == [one, one]
    # The same through YAML's own reader: a blank keeps the lines from being taken as the program's own.
    as_yaml = read_reviews(data.replace(b"\n- {", b"\n-  {"), "reviews/2024H1.yaml")
    assert as_yaml.findings == []
    assert [placed.event for placed in as_yaml.events] == [one, one]


def test_a_record_of_ten_thousand_events_is_read() -> None:
    events = [event(单位=f"u{n}", minutes=n, 理由="材料齐全，同意，照此上报。" * 3) for n in range(10_000)]
    data = appended(None, events, HALF)
    assert len(data) > 2 * 1024 * 1024
    assert len(read_reviews(data, "x").events) == 10_000


@pytest.mark.parametrize("more", [{}, {"举措": "1a2b3c4d"}])
def test_lines_with_and_without_the_tasks_text_are_taken_as_they_are(
    more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger_cli.read.reviews._read_rest", None)  # YAML's own reader would be ten times slower
    assert [placed.event for placed in read_reviews(appended(None, [event(**more)], HALF), "x").events] == [
        event(**more)
    ]


def test_a_record_too_large_to_be_read_whole_is_refused(office: Path, ledger: Ledger) -> None:
    RECORD.parent.mkdir()
    RECORD.write_bytes(b"# " + b"x" * (16 * 1024 * 1024) + b"\n" + LINE.encode() + b"\n")
    result = ledger("merge")
    assert result.code == 2
    assert "超过16 MB" in result.err


def test_a_record_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    from ledger_cli.exits import CannotRun

    path = tmp_path / "2024H1.yaml"
    path.write_bytes(b"other\n")
    with pytest.raises(CannotRun, match="刚刚被别人改过"):
        rewrite(path, b"mine\n", b"mine\nmore\n")
    assert path.read_bytes() == b"other\n"
    assert set(tmp_path.iterdir()) == {path, tmp_path / "home"}


def test_two_reviewers_branches_merge(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "台账"
    assert ledger("init", root).code == 0
    monkeypatch.chdir(root)
    write(root, "zfbgt.yaml", office_submission())

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=测试", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "start")
    for start in ("new", "longer"):  # the record appears on both branches; both add to one that is there
        git("checkout", "-qb", f"{start}-a")
        ledger("accept", "zfbgt", "--task", "13", "--by", "张三")
        git("add", ".")
        git("commit", "-qm", "a")
        git("checkout", "-qb", f"{start}-b", "main")
        ledger("reject", "zfbgt", "--task", "19", "--reason", "太短", "--by", "李四")
        ledger("accept", "zfbgt", "--task", "35", "--by", "李四")
        git("add", ".")
        git("commit", "-qm", "b")
        git("merge", "-q", f"{start}-a")
        assert ledger("validate", "--ignore", "K510").code == 0
        assert states(ledger) == {13: "已通过", 19: "退回", 35: "已通过"}
        git("checkout", "-q", "main")
        git("merge", "-q", f"{start}-b")
        ledger("reopen", "zfbgt")
        git("commit", "-qam", "reopened")


def test_the_record_is_read_from_a_revision(office: Path, ledger: Ledger) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=测试", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    ledger("accept", "zfbgt")
    assert set(states(ledger).values()) == {"已通过"}
    data = merged(ledger, "--at", "HEAD")
    assert data["tasks"][12]["answers"][0]["review"] is None


def test_no_output_is_written_among_the_reviews(office: Path, ledger: Ledger) -> None:
    assert ledger("merge", "-o", "reviews/out.json").code == 2
    assert not Path("reviews/out.json").exists()


# -- the ledger and its documents ---------------------------------------------------------------------


def text_of(path: str) -> str:
    document = Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_nothing_changes_where_nobody_reviews(sample: Path, ledger: Ledger) -> None:
    for name in ("a", "b"):
        for options in (["report"], ["report", "--unit", "sft"], ["report", "--template", "compact"], ["merge"]):
            suffix = "csv" if options == ["merge"] else "docx"
            assert ledger(*options, "-o", f"{name}-{len(options)}-{options[-1]}.{suffix}").code == 0
        ledger("accept", "sft")
        ledger("reopen", "sft")
        assert "审核" in ledger("report", "-o", "reviewed.docx", "--force").out
        RECORD.unlink()
    for path in sample.glob("a-*"):
        assert path.read_bytes() == (sample / path.name.replace("a-", "b-")).read_bytes()
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as package:
                body = package.read("word/document.xml").decode()
            assert "〔待审〕" not in body
            assert "审核情况" not in body


def test_each_name_in_the_report_is_followed_by_its_state(sample: Path, ledger: Ledger) -> None:
    same = answer("联合开展了评查。")
    for unit in ("zfbgt", "sft"):
        path = sample / PERIOD / f"{unit}.yaml"
        text = path.read_text("utf-8")
        start = text.index("\n  35:\n") + len("\n  35:\n")
        ends = [i for i in (text.find("\n  36:\n", start), len(text)) if i > 0]
        path.write_text(text[:start] + same + text[min(ends) :], "utf-8")
    assert ledger("accept", "sft").code == 0
    ledger("reject", "zfbgt", "--task", "35", "--reason", "由司法厅报")
    assert ledger("report", "-o", "out.docx").code == 0
    text = text_of("out.docx")
    assert "自治区人民政府办公厅〔退回〕、自治区司法厅〔已通过〕：联合开展了评查。" in text
    assert "银川市人民政府〔待审〕：" in text
    assert "审核情况：43条已通过，1条退回，84条待审。" in text
    assert ledger("report", "-o", "unit.docx", "--unit", "zfbgt").code == 0
    own = text_of("unit.docx")
    assert "审核情况：退回（" in own
    assert "）：由司法厅报" in own
    assert "审核情况：待审" in own
    assert ledger("report", "-o", "compact.docx", "--template", "compact").code == 0
    assert "自治区司法厅〔已通过〕" in text_of("compact.docx")


def test_a_report_of_accepted_answers_names_the_others(sample: Path, ledger: Ledger) -> None:
    ledger("accept", "sft")
    ledger("accept", "zfbgt", "--task", "13")
    ledger("reject", "zfbgt", "--task", "19", "--reason", "太短")
    result = ledger("report", "-o", "out.docx", "--accepted-only")
    assert result.code == 0
    assert "未通过审核没有列出 84 条" in result.out
    assert "已报 44 条，不涉及 0 条，未报 2154 条" in result.out
    text = text_of("out.docx")
    assert "自治区司法厅〔已通过〕：" in text
    assert "银川市人民政府〔" not in text
    assert (
        "没有列出的有84条：自治区政府办公厅第19项退回；自治区政府办公厅第35项待审；银川市的41条答复都是待审；" in text
    )
    assert "62家单位中4家有答复" in text
    assert "全部任务未报的单位（58家）" in text
    assert "自治区政府办公厅（退回）" in text
    assert ledger("report", "--accepted-only", "-o", "unit.docx", "--unit", "yinchuan").code == 0
    assert "（待审，没有列出）" in text_of("unit.docx")
    assert ledger("report", "--accepted-only", "--split", "task", "-o", "parts").code == 0


def test_one_units_ledger_says_that_an_answer_is_faulty_not_that_it_was_free(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={19: answer(progress="无")}))
    assert ledger("report", "--unit", "zfbgt", "--partial", "-o", "unit.docx").code == 0
    text = text_of("unit.docx")
    assert "（有误，没有收入）" in text
    assert "由单位自定" not in text


def test_a_report_of_accepted_answers_needs_a_record(sample: Path, ledger: Ledger) -> None:
    result = ledger("report", "--accepted-only")
    assert result.code == 2
    assert "还没有审核记录" in result.err
    assert ledger("report", "--accepted-only", "--blank").code == 2
    assert not Path("build").exists()


def test_counts_of_the_review_are_in_the_merged_ledger(sample: Path, ledger: Ledger) -> None:
    totals = merged(ledger)["totals"]
    assert (totals["accepted"], totals["rejected"], totals["pending"], totals["withheld"]) == (0, 0, 0, 0)
    ledger("accept", "sft")
    ledger("reject", "yinchuan", "--task", "3", "--reason", "太短")
    totals = merged(ledger)["totals"]
    assert (totals["accepted"], totals["rejected"], totals["pending"], totals["withheld"]) == (43, 1, 84, 0)


def test_the_yaml_and_csv_carry_the_review(sample: Path, ledger: Ledger) -> None:
    ledger("merge", "-o", "plain.csv")
    assert "审核" not in (sample / "plain.csv").read_text("utf-8-sig").splitlines()[0]
    ledger("accept", "sft", "--by", '张"三', "--reason", "好: #1")
    ledger("reject", "yinchuan", "--task", "3", "--reason", "=太短")
    for suffix in ("yaml", "csv"):
        assert ledger("merge", "-o", f"out.{suffix}").code == 0
    text = (sample / "out.yaml").read_text("utf-8")
    back = from_yaml(text)
    assert to_yaml(back) == text
    found = {entry.review.status for record in back.records for entry in record.entries if entry.review}
    assert found == set(Standing)
    rows = list(csv.DictReader(io.StringIO((sample / "out.csv").read_text("utf-8-sig"))))
    assert [row["审核"] for row in rows].count("已通过") == 43
    rejected = next(row for row in rows if row["审核"] == "退回")
    assert (rejected["编号"], rejected["审核理由"]) == ("3", "'=太短")
    assert {None} != {row["审核"] for row in rows}


def test_a_ledger_of_accepted_answers_reads_back_from_yaml(sample: Path, ledger: Ledger) -> None:
    from ledger_cli.gather.merge import accepted_only, select

    ledger("accept", "sft")
    ledger("merge", "-o", "out.yaml")
    one = accepted_only(from_yaml((sample / "out.yaml").read_text("utf-8")))
    assert len(one.withheld) == 85
    assert from_yaml(to_yaml(one)) == one
    assert {held.unit for held in select(one, units=["zfbgt"]).withheld} == {"zfbgt"}
    assert {held.task for held in select(one, tasks=[3]).withheld} == {3}
    total = one.coverage()
    assert one.coverage(select(one, tasks=[13]).records).withheld == 3
    parts = total.reported + total.not_applicable + total.faulty + total.missing + total.withheld
    assert total.owed == parts == 2282
    assert select(one, units=["zfbgt"]).coverage().withheld == 3


def test_the_status_counts_the_review_where_there_is_one(sample: Path, ledger: Ledger) -> None:
    assert "待审" not in ledger("status").out
    assert "〔" not in ledger("status", "--unit", "zfbgt").out
    ledger("accept", "sft")
    ledger("reject", "zfbgt", "--task", "13", "--reason", "太短")
    text = ledger("status").out
    assert re.search(r"合计 .* 43 +1 +84", text)
    own = ledger("status", "--unit", "zfbgt").out
    assert own.count("已报〔退回〕") == 1
    assert own.count("已报〔待审〕") == 2
    data = json.loads(ledger("status", "--format", "json").out)
    (office_counts,) = [c for c in data["coverage"] if c["unit"] == "zfbgt"]
    assert (office_counts["accepted"], office_counts["rejected"], office_counts["pending"]) == (0, 1, 2)
    head, *_ = ledger("status", "--format", "csv").out.splitlines()
    assert "已通过,退回,待审" in head
    refused = ledger("report", "--template", "brief", "--accepted-only")
    assert refused.code == 2
    assert "--accepted-only" in refused.err


def test_a_returned_form_carries_the_reasons_of_rejected_answers(office: Path, ledger: Ledger) -> None:
    ledger("reject", "zfbgt", "--task", "19", "--reason", "请写明培训人数")
    ledger("reject", "zfbgt", "--task", "35", "--reason", "已经改好的")
    write(office, "zfbgt.yaml", office_submission(tasks={35: answer("改好了。")}))
    assert ledger("return", "zfbgt", "--task", "13", "--reason", "请补充", "-o", "back.docx").code == 0
    text = text_of("back.docx")
    assert "第13项“具体落实情况”：请补充" in text
    assert "第19项“具体落实情况”：请写明培训人数" in text
    assert "已经改好的" not in text


# -- rejecting and sending back -----------------------------------------------------------------------


def printed_command(out: str) -> list[str]:
    """The arguments of the command that the last line printed, as a shell would read them."""
    program, *arguments = shlex.split(out.strip().splitlines()[-1].partition("：")[2])
    assert program == "ledger"
    return arguments


def test_the_next_step_that_each_prints_works_when_typed(office: Path, ledger: Ledger) -> None:
    rejected = ledger("reject", "政府办公厅", "--task", "19", "--reason", "请写明人数", "--by", "张三")
    assert printed_command(rejected.out) == ["return", "zfbgt", "--task", "19"]
    before = RECORD.read_bytes()
    back = ledger(*printed_command(rejected.out))
    assert back.code == 0, back.err
    assert "退回已经记在 reviews/2024H1.yaml，不再重复记录。" in back.out
    assert RECORD.read_bytes() == before
    assert "第19项“具体落实情况”：请写明人数" in text_of("build/return-2024H1-zfbgt.docx")
    taken = ledger(*printed_command(back.out))
    assert taken.code == 0, taken.out + taken.err


def test_the_printed_step_names_the_period_and_the_folder(
    office: Path, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger("open", "2024H2")
    monkeypatch.chdir(tmp_path)
    arguments = ("--task", "19", "--reason", "请补充", "--period", "2024H1", "--by", "张三")
    rejected = ledger("-C", office, "reject", "zfbgt", *arguments)
    assert rejected.code == 0, rejected.err
    back = ledger(*printed_command(rejected.out))
    assert back.code == 0, back.err
    assert ledger(*printed_command(back.out)).code == 0


def test_sending_back_is_a_rejection_on_record_and_once(office: Path, ledger: Ledger) -> None:
    arguments = ("return", "zfbgt", "--task", "13", "--reason", "请写明人数", "--by", "张三", "-o", "back.docx")
    assert "退回记在 reviews/2024H1.yaml：第13项。" in ledger(*arguments).out
    assert states(ledger) == {13: "退回", 19: "待审", 35: "待审"}
    (written,) = read_reviews(RECORD.read_bytes(), "r").events
    event = written.event
    assert (event.unit, event.task, event.action, event.actor, event.reason) == (
        "zfbgt", 13, Action.REJECT, "张三", "请写明人数",
    )  # fmt: skip
    before, form = RECORD.read_bytes(), Path("back.docx").read_bytes()
    assert "不再重复记录" in ledger(*arguments).out
    assert RECORD.read_bytes() == before
    assert Path("back.docx").read_bytes() == form
    assert "已经以这个理由退回" in ledger("reject", "zfbgt", "--task", "13", "--reason", "请写明人数").out
    assert RECORD.read_bytes() == before
    ledger("remind", "--unit", "zfbgt")
    assert "退回理由：请写明人数" in Path("build/remind-2024H1/zfbgt.txt").read_text("utf-8-sig")


def test_without_a_reason_given_or_on_record_it_says_what_is_missing(office: Path, ledger: Ledger) -> None:
    told = ledger("return", "zfbgt", "--task", "19")
    assert told.code == 2
    assert told.err.startswith(
        "没有写退回的理由，reviews/2024H1.yaml 里也没有退回第19项。加上 --reason，例如：ledger return"
    )
    assert not RECORD.exists()
    whole = ledger("return", "zfbgt")
    assert whole.code == 2
    assert "里也没有还算数的退回" in whole.err
    assert not Path("build/return-2024H1-zfbgt.docx").exists()
    assert ledger(*printed_command(told.err)).code == 0
    write(office, "zfbgt.yaml", office_submission(tasks={19: answer("改好了，培训120人。")}))
    changed = ledger("return", "zfbgt", "--task", "19")
    assert changed.code == 2
    assert "第19项退回以后答复已经改过" in changed.err


def test_a_whole_unit_sent_back_rejects_what_nobody_has_judged(office: Path, ledger: Ledger) -> None:
    ledger("accept", "zfbgt", "--task", "13", "--by", "李四")
    ledger("reject", "zfbgt", "--task", "19", "--reason", "请写明人数", "--by", "李四")
    first = ledger("return", "zfbgt", "--reason", "请核对全部数字", "--by", "张三", "-o", "a.docx")
    assert "退回记在 reviews/2024H1.yaml：第35项。" in first.out
    assert "已经通过的没有退回：第13项。" in first.out
    assert states(ledger) == {13: "已通过", 19: "退回", 35: "退回"}
    text = text_of("a.docx")
    assert "整份报送：请核对全部数字" in text
    assert "第19项“具体落实情况”：请写明人数" in text
    before = RECORD.read_bytes()
    ledger("return", "zfbgt", "--reason", "请核对全部数字", "--by", "张三", "-o", "b.docx")
    assert RECORD.read_bytes() == before
    assert Path("a.docx").read_bytes() == Path("b.docx").read_bytes()
    assert ledger("return", "zfbgt", "-o", "c.docx").code == 0
    assert "第35项“具体落实情况”：请核对全部数字" in text_of("c.docx")


def test_a_reason_that_all_answers_share_is_said_once(office: Path, ledger: Ledger) -> None:
    ledger("return", "zfbgt", "--reason", "请核对全部数字", "-o", "a.docx")
    assert ledger("return", "zfbgt", "-o", "b.docx").code == 0
    assert text_of("b.docx").count("请核对全部数字") == 1
    assert states(ledger) == {13: "退回", 19: "退回", 35: "退回"}


def test_what_cannot_be_rejected_is_sent_back_without_a_record(office: Path, ledger: Ledger) -> None:
    write(office, "zfbgt.yaml", office_submission().replace("完成第19项的工作。", "无"))
    back = ledger("return", "zfbgt", "--task", "19", "--reason", "请写明做了什么", "-o", "back.docx")
    assert back.code == 0
    assert "没有记进 reviews/2024H1.yaml" in back.out
    assert not RECORD.exists()
    assert "请写明做了什么" in text_of("back.docx")
    ledger("new", "gat")
    told = ledger("return", "gat", "--reason", "请报送")
    assert told.code == 2
    assert "还没有报送2024年上半年的内容" in told.err


def test_a_form_that_cannot_be_written_leaves_no_record(office: Path, ledger: Ledger) -> None:
    Path("back.docx").write_bytes(b"mine")
    assert ledger("return", "zfbgt", "--task", "13", "--reason", "请补充", "-o", "back.docx").code == 2
    assert not RECORD.exists()


def test_a_form_sent_back_speaks_of_what_it_shows_and_of_nothing_else(bare: Path, ledger: Ledger) -> None:
    half = "    存在问题: |\n      \n"
    text = office_submission(tasks={
        13: answer() + '    完成: {"13-9": 2024-06-01}\n    忽略: {W999: 无}\n',
        19: answer().replace("    存在问题: |\n      无\n", half) + "    佐佐: [甲]\n",
        35: answer("办结。") + '    指标: {"35-9": 64}\n',
    })  # fmt: skip
    write(bare, "zfbgt.yaml", text.replace("报送期: 2024H1", "报送期: 2024H1\n填报日期: 七月"))
    back = ledger("return", "zfbgt", "--task", "35", "--reason", "请核对", "-o", "back.docx")
    assert back.code == 0, back.err
    shown = [p.text for p in Document("back.docx").paragraphs if p.text.startswith("退回修改")]
    assert shown == [
        "退回修改　1. 第35项“具体落实情况”：请核对",
        "退回修改　2. 第19项“存在问题”：第19项任务的“存在问题”没有填写",
        "退回修改　请逐条修改后，把这个文件发回；有批注的格子就是要改的地方。",
    ]
    assert "处错误不是填报表里的" in back.err
    assert "ledger validate submissions/2024H1/zfbgt.yaml" in back.err


# -- many at once ------------------------------------------------------------------------------------


def standing(ledger: Ledger) -> dict[tuple[int, str], str]:
    """How each answer stands, by task and unit."""
    found = {}
    for task in merged(ledger)["tasks"]:
        for one in task["answers"]:
            found[task["task"], one["unit"]] = (one["review"] or {}).get("state", "")
    return found


def test_a_task_is_accepted_for_all_units_but_some(sample: Path, ledger: Ledger) -> None:
    result = ledger("accept", "--task", "3", "--except", "银川市", "--by", "甲")
    assert (result.code, result.err) == (0, "")
    assert "通过了第3项 2 家单位的 2 条答复" in result.out
    accepted = [place for place, state in standing(ledger).items() if state == "已通过"]
    assert accepted == [(3, "sft"), (3, "xingqing")]


def test_all_are_accepted_but_what_was_sent_back_stays_so(sample: Path, ledger: Ledger) -> None:
    before = len(standing(ledger))
    assert ledger("reject", "银川市", "--task", "3", "--reason", "没有写数", "--by", "甲").code == 0
    result = ledger("accept", "--all", "--by", "乙")
    assert result.code == 0
    assert "退回以后没有改动的 1 条没有通过：银川市人民政府第3项" in result.out
    states = standing(ledger)
    assert [place for place, state in states.items() if state != "已通过"] == [(3, "yinchuan")]
    assert states[3, "yinchuan"] == "退回"
    again = ledger("accept", "--all", "--by", "乙")
    assert f"另有 {before - 1} 条已经通过" in again.out
    assert len(RECORD.read_text("utf-8").splitlines()) == len({*RECORD.read_text("utf-8").splitlines()})


def test_faulty_answers_are_named_when_many_are_accepted(sample: Path, ledger: Ledger) -> None:
    path = sample / PERIOD / "sft.yaml"
    path.write_text(path.read_text("utf-8").replace("    存在问题: |", "    存在 问题: |", 1), "utf-8")
    result = ledger("accept", "--all", "--by", "甲")
    assert result.code == 1
    assert "有错误、没有通过的有 1 处：自治区司法厅第" in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "没有写通过哪些答复"),
        (("sft", "--all"), "写了单位，不再写 --all 和 --except"),
        (("sft", "--except", "银川市"), "写了单位，不再写 --all 和 --except"),
        (("--task", "99"), "没有第“99”项任务"),
        (("--all", "--except", "没有的厅"), "没有的厅"),
    ],
)
def test_what_cannot_be_accepted_is_refused(
    sample: Path, ledger: Ledger, arguments: tuple[str, ...], words: str
) -> None:
    result = ledger("accept", *arguments, "--by", "甲")
    assert result.code == 2
    assert words in result.err
    assert not RECORD.exists()
