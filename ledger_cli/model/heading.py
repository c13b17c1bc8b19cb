"""What offices write over the columns of a ledger, by what the columns mean: one list for all that is read."""

import re

from ledger_cli.model.column import Column, Role

_LISTED = {
    Role.SECTION: """
        章节 类别 部分 板块 领域
    """,
    Role.NUMBER: """
        序号 编号 任务编号 任务序号 项目编号
    """,
    Role.TEXT: """
        任务举措 任务 工作任务 任务内容 重点任务 主要任务 举措 工作举措 主要举措 任务名称 工作内容
        工作措施 目标任务 具体任务 具体举措 重点工作 重点工作任务 具体措施 主要措施 整改措施 整改任务
        任务分解 任务事项 工作事项 事项
    """,
    Role.UNITS: """
        责任单位 责任部门 责任分工 责任单位（部门） 责任主体 承办单位 承办部门 落实单位 实施单位
    """,
    Role.LEAD: """
        牵头单位 牵头部门 牵头责任单位 主办单位 主要责任单位 主责单位
    """,
    Role.JOINT: """
        配合单位 配合部门 协办单位 协同单位 参与单位 参加单位 协作单位
    """,
    Role.DEADLINE: """
        完成时限 时限 完成时间 时限要求 办理时限 时间节点 完成期限 整改时限 完成日期 时间要求 进度要求
        时间安排 完成节点
    """,
    Role.PROGRESS: """
        具体落实情况 落实情况 落实 进展 进展情况 工作进展 工作进展情况 完成情况 贯彻落实情况 落实进展
        工作开展情况 开展情况 推进情况 工作推进情况 目前进展 目前进展情况 整改进展 整改情况 整改进展情况
        办理情况 工作成效 落实成效 任务进展 任务完成情况 当前进展
    """,
    Role.PROBLEMS: """
        存在问题 存在的问题 存在的问题和不足 存在问题和不足 存在问题及原因 存在的问题及原因 问题
        问题和不足 主要问题 存在的主要问题 困难和问题 存在困难 存在的困难和问题 存在问题和困难
    """,
    Role.PLANS: """
        工作打算 打算 下一步打算 下一步工作打算 下一步工作安排 下步工作打算 下步打算 下一步计划
        下一步工作计划 工作计划 下一步措施 下一步工作 下步工作 下步措施 下步计划 下一步工作措施
        下步工作安排
    """,
}

HEADINGS = {role: tuple(names.split()) for role, names in _LISTED.items()}
"""Apart from blanks, and with brackets of full width."""

_WHO = "(?:单位|部门|科室|处室|部室|支部|机构|主体|方|股室|中队|镇街)"
_OWN = re.compile(
    r"(?:填报|填表|报送|报告|更新|实际完成|办结|销号|验收|印发|反馈|发现)(?:时间|日期|人|单位)|领导|人员|负责人|联系|电话"
)
"""What means something of its own: 填报时间 is no deadline, 牵头领导 no unit."""
_LOOKS = (
    # The order matters: 整改进展 is no 整改措施.
    (Role.JOINT, rf"(?:配合|协同|协助|协办|参与|参加|协作|联合)(?:责任)?{_WHO}?(?:及.{{1,4}})?"),
    (Role.LEAD, rf"(?:牵头|主责|主办|主要责任|第一责任){_WHO}?(?:及.{{1,4}})?"),
    (Role.UNITS, rf".{{0,6}}(?:责任|承办|落实|实施|包抓|负责|办理|推进|承担|主管){_WHO}(?:及.{{1,4}})?"),
    (
        Role.PROGRESS,
        r".{0,8}(?:进展|落实|完成|办理|推进|开展|整改|执行|工作|销号|建设|实施)(?:情况|进展|成效|结果|进度)(?:说明|汇报)?",
    ),
    (Role.PROGRESS, r".{0,6}成效|已(?:完成|开展|落实|取得).{0,6}"),
    (Role.PLANS, r"下一?(?:步|阶段).{0,8}|后续.{0,6}|.{0,4}工作(?:打算|安排)"),
    (Role.DEADLINE, r".{0,8}(?:时限|期限|限期|节点|年限|时间|完成日期|有效期|完工|工期)(?:要求|安排|进度)?"),
    (Role.DEADLINE, r"(?:工作|时间|完成|实施)?进度(?:安排|要求|计划)"),
    (Role.PROBLEMS, r"(?:存在|主要|遇到|面临)的?.{0,4}(?:问题|困难|不足|短板).{0,6}"),
    (
        Role.TEXT,
        r".{0,8}(?:任务|措施|举措|事项|内容|要点|工作|项目|标准|目标|清单|要求)(?:内容|名称|分解|及规模|及要求)?",
    ),
    (Role.UNITS, r".{1,6}(?:单位|部门|科室|处室|部室|股室|业主|支部|学院)"),
)
_LOOKS_LIKE = tuple((role, re.compile(pattern)) for role, pattern in _LOOKS)
"""Headings of no list, by how they look."""


def looks_like(heading: str) -> Role | None:
    """What a heading of no list looks like; None where it is hard to say."""
    bare = re.sub(r"（[^（）]*）", "", heading)
    if _OWN.search(bare):
        return None
    return next((role for role, pattern in _LOOKS_LIKE if pattern.fullmatch(bare)), None)


REPORTING = ("填报单位", "单位", "报送单位", "单位名称")
"""What stands over the names of the units that answer."""


def headings_of(column: Column) -> tuple[str, ...]:
    """All that may stand over a column: its own names and, where it means what others mean, theirs."""
    return (column.name, column.key, *column.aliases, *HEADINGS.get(column.role, ()))
