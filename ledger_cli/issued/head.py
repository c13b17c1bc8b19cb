"""What stands above an issued table: the annex's mark, the title, the document's number, the years of the plan."""

import re
from datetime import date

from ledger_cli.issued.reader import ANNEX, ANNEX_AND_TITLE, IssuedReader, flat
from ledger_cli.model.catalog import Head

_NOT_TITLE = re.compile(
    r"[（(]?(?:填报|报送|制表|编制|填表|统计|牵头|责任)?(?:单位|时间|日期|部门|人)[^:：]{0,6}[:：]|"
    r"[^《》：:]{2,6}[:：]|.{0,20}[二〇○零一]{4}年[一二三四五六七八九十]{1,2}月|"
    r"[（(]?\d{4}年\d{1,2}月(?:\d{1,2}日)?[）)]?$|.{80,}|.*[。；;]$"
)
"""What stands between an annex's mark and its table and is no part of the title: who fills it in, when, sentences."""
_DOCUMENT = re.compile(r"\w{2,12}[〔\[［]\d{4}[〕\]］]\d+号")
_YEARS = re.compile(r"(\d{4})年?[—–－\-~～至]+(\d{4})年")
YEAR = re.compile(r"(20\d{2})年")


def only_year(head: Head, reader: IssuedReader) -> int | None:
    """The year of a plan of one year, which its dates need not name."""
    lines = [head.title, head.document or "", *reader.before]
    years = {int(year) for line in lines[:1] for year in YEAR.findall(line)}
    if not years:
        cells = [flat(cell) for task in reader.tasks for cell in task.cells.values()]
        years = {int(year) for words in cells for year in YEAR.findall(words)}
    return years.pop() if len(years) == 1 else None


def head_of(reader: IssuedReader) -> Head:
    """The head of the catalog, as the lines before the tasks say it."""
    annex, title, document = "", [], None
    for line in reader.before:
        text = line.strip()
        alone, together = ANNEX.fullmatch(text), ANNEX_AND_TITLE.fullmatch(text)
        if _DOCUMENT.fullmatch(text):
            document = text
        elif alone or together:
            found = alone or together
            assert found is not None
            annex, title = "".join(found[1].split()), [together[2]] if together else []
        elif not text and not annex:
            # Without an annex mark only the last paragraph before the table can be told from other text.
            title.append("")
        elif text and not _NOT_TITLE.match(text):
            title.append(text)
        elif text and title and not annex and reader.paragraphs:
            break  # of a plan in prose the title stands first, and then what it is about
    if not annex:
        reader.notes.append("表格前面没有“附件”字样，“附件”留空")
        while title and not title[-1]:
            title.pop()
        start = max((place + 1 for place, line in enumerate(title) if not line), default=0)
        title = title[start:]
    name = "".join(title)
    if not name:
        reader.notes.append("表格前面没有标题，暂记为“工作台账”")
    fields: dict[str, object] = {"附件": annex, "名称": name or "工作台账", "文号": document}
    if not annex:
        del fields["附件"]
    years = _YEARS.search(name)
    if years:
        fields |= {"开始": date(int(years[1]), 1, 1), "结束": date(int(years[2]), 12, 31)}
    return Head.model_validate(fields)
