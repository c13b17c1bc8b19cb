"""Two periods of six units from ``open`` to ``report`` in a real git repository; every figure was counted by hand.

Who owes what: tasks 1 (five units), 2 (all six), 3 (the four local governments) and 4 (the justice bureau) make
16 answers a period. Duties: 1-1 until 2024-06-30 (5), 2-1 every 15 January, 2024 and 2025 since the plan was
issued in November 2023 (12), 3-1 of the two cities (2), 4-1 after an event (1): 20 in all.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.conftest import REPOSITORY, Ledger, answer
from tests.revisions import History, new_repository

UNITS = """\
单位:
  - {代码: ju, 名称: 省司法局, 简称: [司法局], 层级: 自治区}
  - {代码: an, 名称: 省应急局, 简称: [应急局], 层级: 自治区, 已确认: false}
  - {代码: dongshi, 名称: 东市人民政府, 简称: [东市], 层级: 市}
  - {代码: jiaqu, 名称: 东市甲区人民政府, 简称: [甲区], 层级: 县, 上级: dongshi}
  - {代码: xishi, 名称: 西市人民政府, 简称: [西市], 层级: 市}
  - {代码: yixian, 名称: 西市乙县人民政府, 简称: [乙县], 层级: 县, 上级: xishi}
组:
  - {代码: bureaus, 名称: 省级各执法机关, 成员: [ju, an]}
  - {代码: local, 名称: 各市、县（区）人民政府, 成员: [dongshi, jiaqu, xishi, yixian]}
"""

TASKS = """\
台账: {附件: 附件1, 名称: 《执法质量三年行动方案（2023—2025年）》工作台账, 印发日期: 2023-11-01}
当前报送期: 2023H2
报送期:
  - {编号: 2023H2, 名称: 2023年下半年, 开始: 2023-07-01, 结束: 2023-12-31, 报送截止: 2024-01-15}
章节:
  - 标题: 一、队伍建设
    任务:
      - 编号: 1
        举措: 2024年6月底前完成执法人员全员轮训，每人每年不少于60学时。
        责任单位: 司法局，各市、县（区）人民政府
        责任主体: [ju, local]
        完成时限: 2024年6月底前
        时限要求:
          - {编号: "1-1", 内容: 完成全员轮训, 截止: 2024-06-30}
        指标:
          - {编号: "1-a", 内容: 每人每年学时, 下限: 60, 单位: 学时}
      - 编号: 2
        举措: 每年1月15日前报送并公开上年度执法工作报告。
        责任单位: 省级各执法机关，各市、县（区）人民政府
        责任主体: [bureaus, local]
        完成时限: 长期坚持
        时限要求:
          - {编号: "2-1", 内容: 报送年度报告, 每年: 01-15, 出处: 举措}
  - 标题: 二、制度建设
    任务:
      - 编号: 3
        举措: 2024年9月底前，设区的市制定裁量基准，县区抓好落实。
        责任单位: 各市、县（区）人民政府
        责任主体: [local]
        完成时限: 2024年9月底前
        时限要求:
          - {编号: "3-1", 内容: 制定裁量基准, 截止: 2024-09-30, 层级: 市}
      - 编号: 4
        举措: 国家条例出台后，及时修订本省条例。
        责任单位: 司法局
        责任主体: [ju]
        完成时限: 及时
        时限要求:
          - {编号: "4-1", 内容: 修订本省条例, 触发: 国家条例出台}
"""


class Play:
    """The workspace, its repository and the command line."""

    def __init__(self, root: Path, repository: History, ledger: Ledger) -> None:
        self.root = root
        self.repository = repository
        self.ledger = ledger

    def run(self, *arguments: str) -> str:
        result = self.ledger(*arguments)
        assert result.code == 0, (arguments, result.out, result.err)
        return result.out

    def file(self, period: str, unit: str, answers: dict[int, str]) -> None:
        """A unit files its answers; what it filed before is replaced."""
        head = f"单位: {unit}\n报送期: {period}\n任务:\n"
        body = "".join(f"  {number}:\n{text}" for number, text in answers.items())
        (self.root / f"submissions/{period}/{unit}.yaml").write_text(head + body, "utf-8")

    def status(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--format", "json", *arguments))
        return found

    def states(self, *arguments: str) -> Counter[str]:
        return Counter(row["state"] for row in self.status(*arguments)["obligations"])

    def counts(self, *arguments: str) -> tuple[int, int, int, int, int]:
        """应报, 已报, 不涉及, 有误, 未报 over all units."""
        rows = self.status(*arguments)["coverage"]
        keys = ("owed", "reported", "not_applicable", "faulty", "missing")
        owed, reported, excused, faulty, missing = (sum(row[key] for row in rows) for key in keys)
        return owed, reported, excused, faulty, missing

    def reviews(self) -> tuple[int, int, int]:
        """已通过, 退回, 待审 over all units."""
        rows = self.status("--as-of", "2024-07-10")["coverage"]
        accepted, rejected, pending = (sum(row[key] for row in rows) for key in ("accepted", "rejected", "pending"))
        return accepted, rejected, pending


def met(text: str, **days: str) -> str:
    dates = ", ".join(f'"{duty[1:].replace("_", "-")}": {day}' for duty, day in days.items())
    return f"{text}    完成: {{{dates}}}\n"


EXCUSED = "    不涉及: 本单位没有这项职责\n"


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Ledger) -> Play:
    root = tmp_path / "台账"
    (root / "data").mkdir(parents=True)
    (root / "data/tasks.yaml").write_text(TASKS, "utf-8")
    (root / "data/units.yaml").write_text(UNITS, "utf-8")
    (root / "templates").mkdir()
    for template in (REPOSITORY / "templates").glob("*.docx"):
        (root / "templates" / template.name).write_bytes(template.read_bytes())
    (root / ".gitignore").write_text("build/\n", "utf-8")
    monkeypatch.chdir(root)
    repository = new_repository(root)
    repository.commit("建台账")
    return Play(root, repository, ledger)


def words(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_two_periods_of_six_units(play: Play) -> None:
    _the_first_period_opens(play)
    _five_units_report_and_one_is_late(play)
    _reviewers_accept_and_reject(play)
    _the_late_unit_reports(play)
    _the_second_period_opens_with_a_changed_catalog(play)
    _everybody_but_one_reports_again(play)
    _what_changed_is_told(play)
    _documents_go_out(play)


def _the_first_period_opens(play: Play) -> None:
    play.run("open", "2024H1")
    assert len(list((play.root / "submissions/2024H1").glob("*.yaml"))) == 6
    play.repository.commit("开始2024年上半年")
    day = ("--as-of", "2024-05-20")
    assert play.counts(*day) == (16, 0, 0, 0, 16)
    # 1-1 is 41 days off (5), the reports of 2025 (6) and the cities' standard (2) are far.
    assert play.states(*day) == {"未到期": 13, "逾期": 6, "待触发": 1}


def _five_units_report_and_one_is_late(play: Play) -> None:
    trained = answer("办班三期，参训人员全部结业。", "课程偏少。", "下半年加开两期。")
    reported = answer("已经报送并在网站公开。")
    figures = '    指标: {"1-a": 64}\n'
    play.file("2024H1", "ju", {
        1: met(trained, d1_1="2024-06-20") + figures, 2: met(reported, d2_1="2024-01-10"), 4: answer("跟踪立法进展。"),
    })  # fmt: skip
    play.file("2024H1", "an", {2: EXCUSED})
    play.file("2024H1", "dongshi", {
        1: met(trained, d1_1="2024-07-05"), 2: met(reported, d2_1="2024-01-15"), 3: answer("起草了初稿。"),
    })  # fmt: skip
    play.file("2024H1", "jiaqu", {
        1: met(trained, d1_1="2024-06-30"), 2: met(reported, d2_1="2024-01-12"), 3: answer("梳理了事项。"),
    })  # fmt: skip
    play.file("2024H1", "xishi", {1: trained, 2: met(reported, d2_1="2024-01-20"), 3: EXCUSED})
    play.repository.commit("五家报送", author="王五")
    day = ("--as-of", "2024-07-10")
    assert play.counts(*day) == (16, 11, 2, 0, 3)
    # On time: 1-1 of ju and jiaqu, 2-1 of ju, dongshi, jiaqu. Late: 1-1 of dongshi, 2-1 of xishi.
    # Overdue: 1-1 of xishi, 1-1 and 2-1 of yixian. What does not concern a unit drops out: 2-1 of an (2), 3-1 of xishi.
    assert play.states(*day) == {"按期完成": 5, "逾期完成": 2, "逾期": 3, "未到期": 6, "待触发": 1}
    play.run("merge", *day)  # the form of yixian that is not filled in stops nothing
    assert "已报 11 条，不涉及 2 条，未报 3 条" in play.run("report", "-o", "build/h1.docx", *day)
    play.run("remind", *day)
    reminded = play.root / "build/remind-2024H1"
    assert sorted(path.stem for path in reminded.iterdir()) == ["xishi", "yixian"]
    assert "已逾期10天" in (reminded / "xishi.txt").read_text("utf-8-sig")
    assert "未报3项（全部没有报）" in (reminded / "yixian.txt").read_text("utf-8-sig")
    assert play.ledger("status", "--fail-on", "missing", *day).code == 1


def _reviewers_accept_and_reject(play: Play) -> None:
    play.run("accept", "ju", "--by", "赵六")
    play.run("accept", "东市", "--by", "赵六")
    play.run("reject", "甲区", "--task", "1", "--reason", "参训人数没有写。", "--by", "赵六")
    play.run("accept", "甲区", "--task", "2", "--by", "赵六")
    play.run("accept", "甲区", "--task", "3", "--by", "赵六")
    assert play.reviews() == (8, 1, 4)  # ju 3, dongshi 3, jiaqu 2; an 1 and xishi 3 wait
    play.run("remind", "--as-of", "2024-07-10")
    assert "退回理由：参训人数没有写。" in (play.root / "build/remind-2024H1/jiaqu.txt").read_text("utf-8-sig")
    accepted = ("report", "--accepted-only", "--as-of", "2024-07-10", "-o", "build/accepted.docx")
    assert "已报 8 条" in play.run(*accepted)
    path = play.root / "submissions/2024H1/jiaqu.yaml"
    path.write_text(path.read_text("utf-8").replace("参训人员全部结业", "参训的82人全部结业"), "utf-8")
    play.repository.commit("甲区补正", author="钱七")
    assert play.reviews() == (8, 0, 5)
    play.run("accept", "甲区", "--task", "1", "--by", "赵六")
    path = play.root / "submissions/2024H1/dongshi.yaml"
    path.write_text(path.read_text("utf-8").replace("起草了初稿", "起草了征求意见稿"), "utf-8")
    assert play.reviews() == (8, 0, 5)  # one more accepted, one acceptance lapsed
    play.repository.commit("东市补正")


def _the_late_unit_reports(play: Play) -> None:
    trained = met(answer("7月补办轮训一期。", "人手不足。", "下半年补训。"), d1_1="2024-07-12")
    play.file("2024H1", "yixian", {1: trained, 2: answer("报告正在汇总。"), 3: answer("等市里的基准。")})
    play.repository.commit("乙县迟报", author="孙八")
    day = ("--as-of", "2024-07-14")
    assert play.counts(*day) == (16, 14, 2, 0, 0)
    assert play.states(*day) == {"按期完成": 5, "逾期完成": 3, "逾期": 2, "未到期": 6, "待触发": 1}
    play.run("merge", *day)
    play.repository.git("tag", "v1")


def _the_second_period_opens_with_a_changed_catalog(play: Play) -> None:
    play.run("open", "2024H2")
    scaffold = (play.root / "submissions/2024H2/dongshi.yaml").read_text("utf-8")
    assert "起草了征求意见稿" in scaffold
    assert all("起草" not in line for line in scaffold.splitlines() if not line.lstrip().startswith("#"))
    assert play.counts("--as-of", "2024-08-01") == (16, 0, 0, 0, 16)
    path = play.root / "data/tasks.yaml"
    text = path.read_text("utf-8").replace("县区抓好落实", "县区抓好执行")
    path.write_text(text.replace("触发: 国家条例出台", "触发: 国家条例出台, 触发日期: 2024-10-01"), "utf-8")
    assert play.counts("--period", "2024H1", "--as-of", "2024-07-14") == (16, 11, 1, 4, 0)
    play.run("catalog", "migrate", "--write")
    play.run("catalog", "migrate", "--period", "2024H1", "--keep", "3", "--write")
    play.repository.commit("开始2024年下半年，改第3项文字")


def _everybody_but_one_reports_again(play: Play) -> None:
    trained, reported = answer("下半年加开两期，补训34人。"), answer("报告已经公开。")
    play.file("2024H2", "ju", {1: trained, 2: met(reported, d2_1="2024-12-30"), 4: answer("草案已经起草。")})
    play.file("2024H2", "dongshi", {1: trained, 2: reported, 3: met(answer("印发裁量基准。"), d3_1="2024-09-20")})
    play.file("2024H2", "jiaqu", {1: trained, 2: reported, 3: answer("按市里的基准执行。")})
    play.file("2024H2", "xishi", {1: met(trained, d1_1="2024-08-01"), 2: reported, 3: answer("正在征求意见。")})
    play.file("2024H2", "yixian", {1: trained, 2: met(reported, d2_1="2024-02-01"), 3: answer("等市里的基准。")})
    play.repository.commit("下半年报送")
    day = ("--as-of", "2025-01-10")
    assert play.counts(*day) == (16, 15, 0, 0, 1)  # an filed nothing
    # On time: 1-1 of ju and jiaqu, 2-1 of 2024 of ju, dongshi, jiaqu, of 2025 of ju, 3-1 of dongshi.
    # Late: 1-1 of dongshi, xishi, yixian, 2-1 of 2024 of xishi, yixian. Overdue: 2-1 of an, 3-1 of xishi, 4-1 of ju.
    assert play.states(*day) == {"按期完成": 7, "逾期完成": 5, "逾期": 3, "临近": 5}
    # The first period stays as it was, now and as of its tag.
    first = ("--period", "2024H1", "--as-of", "2024-07-14")
    assert play.counts(*first) == (16, 14, 2, 0, 0)
    assert play.status("--at", "v1", "--as-of", "2024-07-14")["period"] == "2024H1"
    assert play.states("--at", "v1", "--as-of", "2024-07-14") == {
        "按期完成": 5,
        "逾期完成": 3,
        "逾期": 2,
        "未到期": 6,
        "待触发": 1,
    }


def _what_changed_is_told(play: Play) -> None:
    def changes(*arguments: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(play.run("diff", *arguments, "--format", "json"))["changes"]
        return found

    periods = changes("2024H1", "2024H2")
    kinds = Counter((change["kind"], change["unit"]) for change in periods if change["kind"] != "changed")
    # xishi answers task 3, which it had excused: a change. an has filed nothing any more.
    assert kinds == {("removed", "an"): 1}
    dates = [(c["unit"], c["item"], c["after"]) for c in periods if c["field"] == "完成" and c["before"] is None]
    assert ("dongshi", "3-1", "2024-09-20") in dates
    assert ("xishi", "1-1", "2024-08-01") in dates
    assert not [c for c in periods if c["field"] == "完成" and c["after"] is None]  # once reported, they count on
    (figure,) = [c for c in periods if c["field"] == "指标"]
    assert (figure["unit"], figure["item"], figure["before"], figure["after"]) == ("ju", "1-a", "64", None)
    revisions = changes("v1..HEAD")
    (text,) = [c for c in revisions if c["unit"] is None and c["field"] == "举措"]
    assert (text["task"], text["kind"]) == (3, "changed")
    assert text["after"].endswith("县区抓好执行。")
    assert {c["kind"] for c in revisions if c["period"] == "2024H2" and c["unit"]} == {"added"}
    told = play.run("log", "甲区", "--task", "1")
    subjects = [line.split("　")[-1] for line in told.splitlines() if line.startswith("2024-")]
    assert subjects == ["下半年报送", "甲区补正", "五家报送"]
    assert "钱七" in told
    assert re.search("〔增：[^〕]*82[^〕]*〕", told)


def _documents_go_out(play: Play) -> None:
    day = ("--as-of", "2025-01-10")
    play.run("report", "--template", "brief", "-o", "build/brief.docx", *day)
    brief = words(play.root / "build/brief.docx")
    assert "应报16条。" in brief
    assert "已报15条，不涉及0条，有误未收入0条，未报1条；已报和不涉及合计占应报的93.7%。" in brief
    assert "5家单位已报齐，0家单位报了一部分或者有误，1家单位一条未报。" in brief
    assert "逾期3条" in brief
    assert "1家：应急局" in brief
    assert "名单待印发机关确认" in brief
    play.run("diff", "v1..HEAD", "-o", "build/变化情况表.docx")
    assert "县区抓好" in words(play.root / "build/变化情况表.docx")
    play.run("remind", "--docx", *day)
    reminded = {path.stem for path in (play.root / "build/remind-2024H2").glob("*.docx")}
    assert reminded == {"an", "ju", "xishi"}
    played = play.run("report", "-o", "build/h2.docx", *day)
    assert "未报 1 条" in played
    assert "办结" in play.run("diff", "2024H1", "2024H2")
