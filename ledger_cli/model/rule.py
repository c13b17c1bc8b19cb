"""The one table of rules: what each permanent code means, why it matters and how to put it right.

``ledger rule`` and the manual's table are made from it. A code is never reused or renumbered.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Severity = Literal["error", "warning", "info"]
SEVERITY_WORDS: dict[Severity, str] = {"error": "错误", "warning": "警告", "info": "提示"}


class Family(StrEnum):
    """What a rule looks at; the letter that its code begins with."""

    TEXT = "Y"
    """How a file is written, whatever it says."""
    SHAPE = "S"
    """Whether a submission has the keys and values that its model has."""
    CONTENT = "C"
    """A submission against the plan."""
    DUTY = "D"
    """Completion dates and figures."""
    PROSE = "W"
    """What the texts say: opinions, which an office may switch off."""
    PLAN = "K"
    """The files that the issuing office keeps."""
    FORM = "F"
    """Filled forms; these findings quote words that stand nowhere else."""


class KeptOut(StrEnum):
    """What an error keeps out of the ledger."""

    ALL = "all"
    """Everything: there is nothing to measure answers by."""
    FILE = "file"
    """The whole file: nobody knows whose its answers are, or how they read."""
    PLACE = "place"
    """The answer that it stands in; outside of the answers the whole file."""
    ANSWER = "answer"
    """The answer that it stands in; outside of the answers nothing."""
    NOTHING = "nothing"


KEPT_OUT_WORDS = {
    KeptOut.ALL: "全部文件都不能汇总",
    KeptOut.FILE: "整份文件不收入",
    KeptOut.PLACE: "所在的答复不收入；在答复以外的，整份文件不收入",
    KeptOut.ANSWER: "所在的答复不收入",
    KeptOut.NOTHING: "不妨碍汇总",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``name`` states the fault.

    ``keeps_out`` is what an error of it keeps out of a partial merge; where a file could not be read to its end, all of
    it stays out, whatever the code. ``refuses`` is whether an error refuses a merge that is not partial. ``waivable``
    hints can be switched off by an answer, under 忽略. With a ``doubtful`` fault it is not sure how an answer reads or
    what task it is for, so that it cannot be compared with another version of itself. Behind a fault that ``hides``
    stand words of the clerk's that are in none of the values. What is ``on_form`` shows in a filled form, too: a cell
    without text, a task without an answer, a duty without a completion date.
    """

    code: str
    name: str
    severity: Severity
    title: str
    why: str
    fix: str
    keeps_out: KeptOut = KeptOut.NOTHING
    refuses: bool = True
    waivable: bool = False
    doubtful: bool = False
    hides: bool = False
    on_form: bool = False

    @property
    def family(self) -> Family:
        return Family(self.code[0])


_TABLE = (
    Rule(
        "Y001",
        "not-utf8",
        "error",
        "文件不是 UTF-8 编码",
        "用其他编码（多为 GBK）保存的文件，在别的电脑上会变成乱码，字就丢了。"
        "Word、Excel 文件只改扩展名，也读不出里面的字。",
        "用记事本打开，选“文件—另存为”，编码选“UTF-8”，保存后再检查；Word、Excel 文件用 ledger intake 收入。",
        keeps_out=KeptOut.FILE,
        doubtful=True,
    ),
    Rule(
        "Y002",
        "yaml-syntax",
        "error",
        "写法不合 YAML 格式，这一处读不下去",
        "读不下去的地方，后面的字可能归错位置，所以整份文件暂不收入。",
        "正文一律写在“|”的下一行并比栏名多缩进两格，正文里就可以有任何符号。",
        keeps_out=KeptOut.PLACE,
        doubtful=True,
    ),
    Rule(
        "Y003",
        "full-width-punctuation",
        "error",
        "该用半角符号的地方用了全角符号，或者冒号后面少了空格",
        "栏名后的冒号、列表的减号和逗号、引号必须是半角，冒号后要有空格，否则这一栏会被当成普通文字。",
        "切换到英文输入法重打这个符号，例如“单位: sft”。",
        keeps_out=KeptOut.PLACE,
        doubtful=True,
    ),
    Rule(
        "Y004",
        "odd-indentation",
        "error",
        "缩进用了制表符、全角空格或者不换行空格",
        "这几种空白看上去一样，读出来的层级却是错的。",
        "删去行首空白，改用空格键输入半角空格。",
        keeps_out=KeptOut.PLACE,
        doubtful=True,
    ),
    Rule(
        "Y005",
        "duplicate-key",
        "error",
        "同一栏（或同一项任务）写了两次",
        "两处只能留下一处，程序不替您决定丢掉哪一处的字。",
        "把两处内容合并到一处，删去另一处。",
        keeps_out=KeptOut.ANSWER,
        doubtful=True,
        hides=True,
    ),
    Rule(
        "Y006",
        "yaml-machinery",
        "error",
        "用了锚点（&）、引用（*）、标签（!）、合并键（<<）或者第二个文档（---）",
        "报送文件里的每个字都应当是明写的，这些写法会把字搬来搬去。",
        "正文以这些符号开头时，改用“|”块；“---”以后的内容另存为一个文件。",
        keeps_out=KeptOut.ANSWER,
        doubtful=True,
    ),
    Rule(
        "Y007",
        "unprintable-character",
        "error",
        "有 Word 存不下或者看不见的字符",
        "这类字符多从网页、PDF 粘贴而来，会使文档打不开，或者使查找、比对失灵。",
        "删去所指的字符重新输入；看不见时，把前后几个字一起删掉重打。",
        keeps_out=KeptOut.ANSWER,
        doubtful=True,
    ),
    Rule(
        "Y008",
        "too-large-or-deep",
        "error",
        "文件太大，或者层层嵌套太深",
        "正常的报送文件不到 200 KB、最多五层；超出许多的多半不是报送文件。",
        "检查是否误存了别的内容；括号成串时改用“|”块。",
        keeps_out=KeptOut.PLACE,
        doubtful=True,
    ),
    Rule(
        "Y009",
        "text-cut-off",
        "error",
        "“#”后面的字会被当成注释丢掉",
        "YAML 里空格加“#”表示注释，正文会从这里截断。",
        "把这段正文改写在“|”的下一行，“#”就照原样保留。",
        keeps_out=KeptOut.ANSWER,
        doubtful=True,
        hides=True,
    ),
    Rule(
        "Y010",
        "folded-paragraphs",
        "warning",
        "几段文字会被并成一段",
        "不用“|”块时，换行会变成空格，分好的段落就没有了。",
        "在栏名的冒号后写“|”，正文另起一行并多缩进两格。",
    ),
    Rule(
        "S101",
        "unknown-key",
        "error",
        "没有这个栏目",
        "不认识的栏目不会进入台账，里面的字会丢。",
        "对照提示改正栏名，或者把内容移到已有的栏目里。",
        keeps_out=KeptOut.ANSWER,
        doubtful=True,
    ),
    Rule(
        "S102",
        "missing-key",
        "error",
        "缺少必填的栏目",
        "每项任务都要有具体落实情况、存在问题、工作打算三栏（或者只写“不涉及”）。",
        "补上这一栏；没有问题就写“无”。",
        keeps_out=KeptOut.ANSWER,
        doubtful=True,
        on_form=True,
    ),
    Rule(
        "S103",
        "wrong-value",
        "error",
        "内容的形式不对",
        "日期、数字和正文各有各的形式，认不准的内容不能替您猜。",
        "日期写成 2024-06-30，数字只写数字，正文写在“|”块里。",
        keeps_out=KeptOut.ANSWER,
        doubtful=True,
    ),
    Rule(
        "C201",
        "unknown-task",
        "error",
        "任务目录里没有这个编号",
        "编号对不上，答复就没有归处。",
        "核对任务编号，只写数字。ledger todo 单位 可以列出本单位的任务。",
        keeps_out=KeptOut.ANSWER,
        doubtful=True,
    ),
    Rule(
        "C202",
        "task-not-owed",
        "error",
        "本单位不承担这项任务",
        "责任单位里没有本单位，多半是编号写错了。",
        "核对编号；确实承担的，请印发机关在 data/tasks.yaml 的责任主体里加上。",
        keeps_out=KeptOut.ANSWER,
    ),
    Rule(
        "C203",
        "owed-task-missing",
        "error",
        "漏报了应报的任务",
        "承担的每项任务都要有答复，漏一项台账就缺一格。",
        "补上这项任务；确与本单位无关的写“不涉及: 理由”。",
        on_form=True,
    ),
    Rule(
        "C204",
        "unknown-unit",
        "error",
        "登记册里没有这个单位",
        "单位认不出来，整份文件就没有归处。",
        "写登记册（data/units.yaml）里的代码、全称或者简称。",
        keeps_out=KeptOut.FILE,
    ),
    Rule(
        "C205",
        "unknown-period",
        "error",
        "没有这个报送期",
        "报送期认不出来，整份文件就没有归处。",
        "写任务目录里登记的报送期编号，例如 2024H1。",
        keeps_out=KeptOut.FILE,
    ),
    Rule(
        "C206",
        "misplaced-file",
        "error",
        "文件名、文件夹名与文件里写的单位、报送期不一致",
        "名称和内容各说一个单位，不知道该信哪一个。",
        "文件应是 submissions/报送期/单位代码.yaml，改文件名或者改文件里的内容。",
        keeps_out=KeptOut.FILE,
    ),
    Rule(
        "C207",
        "not-filled",
        "error",
        "没有填写",
        "空着不等于“无”。具体落实情况必须写做了什么；存在问题、工作打算没有的写“无”。"
        "整份都没有动过的空白文件不算错误，按“未报”统计；只填了日期、姓名的，提醒一次。",
        "填上内容；本单位没有这项职责的，改写“不涉及: 理由”。",
        keeps_out=KeptOut.ANSWER,
        on_form=True,
    ),
    Rule(
        "C208",
        "two-files-for-one-unit",
        "error",
        "同一单位、同一报送期有两份文件",
        "两份文件不知以哪份为准。",
        "把内容合到一份里，删去另一份（常见的是“副本”或者“(1)”）。",
        keeps_out=KeptOut.FILE,
    ),
    Rule(
        "C209",
        "unknown-duty",
        "error",
        "这项任务没有这个时限要求或者指标",
        "编号对不上，完成日期和数值就没有归处。",
        "核对 data/tasks.yaml 里这项任务的时限要求、指标编号。",
        keeps_out=KeptOut.ANSWER,
    ),
    Rule(
        "C210",
        "joint-unit-unclear",
        "warning",
        "“联合”里的单位不承担这项任务，或者仍要自己报送",
        "联合报送的单位由牵头单位代报，写错了，会以为谁已经报了。",
        "“联合”只写这项任务里由本单位代报的单位。",
    ),
    Rule(
        "D301",
        "duty-overdue",
        "warning",
        "时限要求已到期，没有填完成日期",
        "到期未完成的要求会列入逾期。",
        "已完成的，在“完成”里填日期；没有完成的，在存在问题里说明。",
        waivable=True,
        on_form=True,
    ),
    Rule(
        "D302",
        "impossible-date",
        "error",
        "完成日期不可能",
        "完成日期不能晚于统计日期，也不能早于方案实施的第一天。",
        "核对年份和月份。",
        keeps_out=KeptOut.ANSWER,
    ),
    Rule(
        "D303",
        "below-bound",
        "warning",
        "指标低于下限",
        "方案对这个数值有最低要求。",
        "核对数值；确实不足的，在存在问题里说明原因和补足的办法。",
        waivable=True,
    ),
    Rule(
        "W401",
        "says-nothing",
        "warning",
        "只有占位文字、套话或者任务原文，看不出做了什么",
        "汇总时这样的答复等于没有报，多半要退回重写。",
        "写清做了什么、什么时候、多少；确实没有进展的，写明原因。套话的清单在 data/hints.yaml。",
        waivable=True,
    ),
    Rule(
        "W402",
        "like-another-unit",
        "warning",
        "与另一单位对同一任务的答复几乎一样",
        "两个单位做的事很少连数字和说法都一样，多半是抄来的稿子。",
        "改写成本单位的情况；确系联合报送的，两家都写“忽略: {W402: 与某单位联合报送}”。",
        waivable=True,
    ),
    Rule(
        "W403",
        "unchanged",
        "warning",
        "与上一报送期的答复一样，而任务还没有办完",
        "还有要求没有完成，半年里总该有进展；一字未改多半是忘了更新。",
        "写本期的进展；确实没有进展的，在存在问题里写明原因。",
        waivable=True,
    ),
    Rule(
        "W404",
        "personal-data",
        "warning",
        "含有个人信息（身份证号、手机号、银行卡号）",
        "台账要层层传阅、印发，不应带有个人的号码。",
        "删去号码，或者只留末几位，其余用“*”代替；联系人的电话写在“联系电话”里。",
        waivable=True,
    ),
    Rule(
        "W405",
        "no-figure",
        "warning",
        "任务要求有数，答复里没有数",
        "没有数，无从判断是否达到要求。",
        "在正文里写明数量，或者在“指标”里填数。",
        waivable=True,
    ),
    Rule(
        "W406",
        "problem-without-plan",
        "warning",
        "有存在问题，没有相应的打算",
        "问题写了而没有打算，就没有人跟着办。",
        "在工作打算里写明怎样解决、什么时候解决。",
        waivable=True,
    ),
    Rule(
        "W407",
        "plan-not-taken-up",
        "warning",
        "上一报送期的打算，这一期没有交代",
        "上一期说要做的事，汇总时会对照着看。",
        "写明上一期的打算办得怎样；没有办或者改了主意的，说明原因。",
        waivable=True,
    ),
    Rule(
        "W408",
        "finished-with-open-problem",
        "warning",
        "说已经完成，又写着没有解决的问题",
        "完成了的任务不应还有问题；两样总有一样不准确。",
        "没有全部完成的，写明完成到哪一步；问题已解决的，存在问题写“无”。",
        waivable=True,
    ),
    Rule(
        "W409",
        "excuse-in-text",
        "warning",
        "正文里写着不涉及，没有用“不涉及”这一栏",
        "写在正文里的，会按“已报”统计；写在“不涉及”一栏的，才按“不涉及”统计。",
        "与本单位无关的，删去三栏，改写一行“不涉及: 理由”；做了工作的，写清做了什么。",
        waivable=True,
    ),
    Rule(
        "K501",
        "catalog-malformed",
        "error",
        "任务目录或者登记册的内容形式不对",
        "目录和登记册是所有检查的依据，它们错了，别的都靠不住。",
        "按提示改 data/tasks.yaml 或者 data/units.yaml。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K502",
        "unknown-member",
        "error",
        "引用了登记册里没有的单位或者组",
        "引用不到的单位不会被催报，也不会被统计。",
        "改成已登记的代码，或者先在登记册里加上这个单位。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K503",
        "ambiguous-name",
        "error",
        "两个单位（或组）用了同一个代码、名称或者简称",
        "同名就分不清是谁报的。",
        "给其中一个换名，或者删去重复的简称。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K504",
        "circular-reference",
        "error",
        "上级或者组的引用绕成了圈，或者上下级颠倒",
        "绕成圈的隶属关系算不出谁管谁。",
        "改正“上级”“成员”或者“同”。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K505",
        "task-numbering",
        "error",
        "任务编号重复、跳号或者次序不对",
        "编号是各单位答复的依据，必须从 1 起连续。",
        "补上缺的任务，或者改正编号。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K506",
        "task-without-unit",
        "error",
        "任务没有责任主体",
        "没有人承担的任务不会有人报。",
        "在“责任主体”里写上单位或者组的代码。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K507",
        "duty-inconsistent",
        "error",
        "时限要求或者指标登记得不对",
        "编号、日期或者种类不对的要求无法督办。",
        "每条写一个“任务号-序号”的编号，截止、每年、每季、每月、触发、适时六种只写一种，日期在方案年限之内。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K508",
        "period-inconsistent",
        "error",
        "报送期登记得不对",
        "报送期的起止和截止日期决定什么算逾期。",
        "核对开始、结束、报送截止的先后，编号不要重复，当前报送期要在其中。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K509",
        "hint-settings-malformed",
        "error",
        "提示的设置（data/hints.yaml）形式不对",
        "设置读不出来，文字方面的提示（W 开头的代码）就一条也不做，不能当作没有问题。",
        "按提示改 data/hints.yaml；改不好的，删去这个文件，就用程序自带的设置。",
    ),
    Rule(
        "K510",
        "assumed-cell",
        "info",
        "原件此处为空，所填的是推定值",
        "推定的责任单位和时限需要印发机关确认。",
        "确认后删去这项任务的“原件缺失”。",
    ),
    Rule(
        "K511",
        "review-record-malformed",
        "error",
        "审核记录有误",
        "审核记录决定哪些答复算已通过，读不准就可能把没有通过的当成通过。",
        "审核记录由 ledger accept、reject、return、reopen 追加，不要手工改；改坏了的行删去，重新审核。"
        "已经不在登记册、目录里的单位、任务的记录只提醒，不算数。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K512",
        "task-text-differs",
        "error",
        "答复所对的任务原文，与任务目录里现在的不同",
        "任务目录改动以后，编号可能指着另一项任务；照编号放，答复就到了别的任务名下。汇总时略去这样的答复，其余照常。",
        "由印发机关运行 ledger catalog migrate：原文换了编号的，答复跟着移过去；原文有修改的，核对后用 --keep 确认。",
        keeps_out=KeptOut.ANSWER,
        refuses=False,
        doubtful=True,
    ),
    Rule(
        "K514",
        "columns-inconsistent",
        "error",
        "台账的栏目不成一张表",
        "栏目决定任务目录、报送文件、填报表和台账各有哪些栏，写错了哪一样都读不出来。",
        "照样例改正“栏目”。",
        keeps_out=KeptOut.ALL,
    ),
    Rule(
        "K515",
        "group-without-members",
        "warning",
        "任务写着一组单位，登记册里这一组没有成员",
        "没有成员的组，哪家也不会被催报，也不会被统计。",
        "在登记册里补上这一组的成员。",
    ),
    Rule(
        "F601",
        "text-without-place",
        "error",
        "填报表里有一段文字在台账中没有归处",
        "没有归处的字会丢。",
        "把文字移到三栏之一。",
        hides=True,
    ),
    Rule(
        "F602",
        "row-unplaced",
        "error",
        "填报表里有一行对不上任务",
        "对错任务比没有更糟。",
        "在该行写明任务编号。",
        keeps_out=KeptOut.ANSWER,
        hides=True,
    ),
    Rule(
        "F603",
        "content-not-text",
        "warning",
        "填报表里有文字存不下的内容（图片、嵌入对象），未收入",
        "台账只收文字。",
        "把要紧的内容写成文字。",
    ),
    Rule(
        "F604",
        "file-unreadable",
        "error",
        "填报表打不开，或者认不出是谁的",
        "打不开的文件一个字也收不进来；认不出单位的，不知道放在哪里。",
        "用 Word 或者 WPS 打开，另存为 .docx；用 --unit 写明单位。",
        keeps_out=KeptOut.FILE,
    ),
    Rule(
        "F605",
        "two-owners",
        "error",
        "一个文件里有两个单位或者两个报送期，或者标记与写的不一致",
        "分不清是谁的内容，写进去就可能记在别人名下，所以整个文件都不写入。",
        "两份表贴在一起的，分开存成两个文件；单位、报送期写错的，改正后再收。",
        keeps_out=KeptOut.FILE,
    ),
    Rule(
        "F606",
        "sentence-multiplied",
        "warning",
        "同一句话在一条答复里出现了三次以上",
        "有的程序保存填报表时会把格子里的段落重复几遍，台账里就会多出字来。",
        "与原文件核对，多余的删去。",
    ),
    Rule(
        "F607",
        "value-of-a-column-not-understood",
        "error",
        "填报表里的一格不是这一栏要的内容，没有收入",
        "百分比、日期、是否、选项这样的栏，写成别的话就不能统计。",
        "按这一栏的要求改写，再收一次。",
    ),
)

PROSE_CODES = frozenset(rule.code for rule in _TABLE if rule.family is Family.PROSE)
"""Codes about prose, which data/hints.yaml can switch off for a whole workspace."""

RULES: dict[str, Rule] = {rule.code: rule for rule in _TABLE}

WAIVABLE = frozenset(rule.code for rule in _TABLE if rule.waivable)
"""Codes that an answer may switch off under 忽略: the hints, never a fault."""
