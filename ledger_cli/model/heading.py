"""What offices write over the columns of a ledger, by what the columns mean: one list for all that is read."""

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
        责任单位 责任部门 责任单位（部门） 责任主体 承办单位 承办部门 落实单位 实施单位
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

REPORTING = ("填报单位", "单位", "报送单位", "单位名称")
"""What stands over the names of the units that answer."""


def headings_of(column: Column) -> tuple[str, ...]:
    """All that may stand over a column: its own names and, where it means what others mean, theirs."""
    return (column.name, column.key, *column.aliases, *HEADINGS.get(column.role, ()))
