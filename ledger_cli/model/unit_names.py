"""Responsible units as an issued document writes them, to the ids of the registry."""

import re
from collections.abc import Iterator

from ledger_cli.model.registry import Registry, name_key

_REGION = "自治区"
_PREFIXES = (_REGION, "省", "市", "州", "盟", "区", "县", "旗")
"""What stands before the first of several names and holds for all of them."""
_BRACKETS = str.maketrans("()", "（）")
_SEPARATORS = "，,；;、。"
# One name, whichever way it is written, though 、 stands in it.
_LOCAL = r"各\w{0,3}市、县(?:、区|（[^）]*）)?(?:人民政府)?"
_ROLE_BEFORE = re.compile(r"(?:牵头|责任|配合|主办|协办)(?:单位|部门)?[：:]")
_ROLE_AFTER = re.compile(r"（(?:牵头|配合|主办|协办)）$")
_JOINED = re.compile(r"\s+|和|及|与")
# Words beside the names: how the work is shared, and that there are more.
_SHARED = re.compile(r"(?:各自)?(?:按照?|依照?)(?:各自)?(?:职责|职能|分工)(?:分工)?(?:分别)?(?:负责|落实|推进)?")
_AND_MORE = re.compile(r"等(?:有关|相关)?(?:单位|部门|方面)?$")
_LEADS = re.compile(
    r"(?:牵头|负责|配合|承办|主办|协办|具体负责|共同负责|分别负责|参与|参加|落实|承担|推进|实施|协同|协助)$"
)
_WITH = re.compile(r"(?<=[局厅委办部院会社队处所站室镇乡府司])(?:会同|联合|商)(?=\w{2})")
_WITH_PEER = re.compile(r"^(\S+?)（([^（）]+?)(?:牵头|配合|参与|协助|协同|协办|负责)）$")
_NAME_END = re.compile(
    r"(?:[局厅委办部院会社队处所站室镇股科行段台校馆关]|中心|政府|公司|银行|大学|学院|集团|单位|部门|街道)(?:（[^（）]*）)?$"
)
_FULL_REGION = re.compile(r"\w{2,6}族自治区")


def _key(name: str) -> str:
    return name_key(name.translate(_BRACKETS))


def _cleaned(name: str) -> str:
    """A name without the role written beside it, and with 自治区 the way the registry has it."""
    return _FULL_REGION.sub(_REGION, _ROLE_AFTER.sub("", _ROLE_BEFORE.sub("", name.strip())))


def _bare(name: str) -> str:
    """A name without the words beside it; "" where there are no others."""
    bare = _unbracketed(_SHARED.sub("", name).strip())
    while (less := _AND_MORE.sub("", _LEADS.sub("", bare)).strip()) != bare:
        bare = less
    return bare


def _unbracketed(name: str) -> str:
    """A name without a bracket around all of it, or one that has lost its other half."""
    if name.startswith("（") and name.endswith("）") and name.count("（") == 1:
        return name[1:-1]
    if name.count("（") == name.count("）"):
        return name.removesuffix("（）")
    return name.lstrip("（") if name.count("（") > name.count("）") and name.startswith("（") else name.rstrip("）")


class UnitNames:
    """Finds units and groups by the names that a column 责任单位 uses for them.

    ，starts a new group of names, 、 joins peers, and 自治区, 省, 市 or the like before the first of them holds for
    all; once 自治区 has been written, later groups may drop it as well.
    """

    def __init__(self, registry: Registry) -> None:
        self._ids = {_key(group.name): group.id for group in reversed(registry.groups)}
        self._ids |= {_key(name): unit.id for unit in reversed(registry.units) for name in unit.names[1:]}
        whole = sorted((name for name in self._ids if set(name) & set(_SEPARATORS)), key=len, reverse=True)
        known = "|".join([*map(re.escape, whole), _LOCAL])
        self._pieces = re.compile(rf"(?:{known}|（[^）]*）|[^{_SEPARATORS}])+|[{_SEPARATORS}]")

    def resolve(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids in the order of the text, each once, and the names that nobody in the registry has."""
        found: dict[str, None] = {}
        unknown: dict[str, None] = {}
        region = False
        for name, carried in self.names(text):
            region = region or name.startswith(_REGION)
            ids = self._named(name, carried=carried, region=region)
            found |= dict.fromkeys(ids)
            if not ids:
                unknown["".join(name.split())] = None
        return tuple(found), tuple(unknown)

    def names(self, text: str) -> Iterator[tuple[str, str]]:
        """The names in a text, each with the prefix that one before it carries over to it, or ""."""
        carried, before = "", ""
        for piece in self._parted(text.translate(_BRACKETS)):
            if piece in _SEPARATORS:
                carried = carried if piece == "、" else ""
                continue
            name = self._name(piece)
            if name in ("政府", "人民政府") and before.endswith("委"):
                name = before.removesuffix("委").removesuffix("党") + name  # 桥头镇党委、政府
            if name:
                before = name
                yield name, carried
                carried = carried or next((prefix for prefix in _PREFIXES if name.startswith(prefix)), "")

    def _parted(self, text: str) -> Iterator[str]:
        """The names and the marks between them; blanks part names too, and one in a bracket stands behind its peer."""
        for piece in self._pieces.findall(text):
            one = piece if _key(_cleaned(piece)) in self._ids else _WITH_PEER.sub(r"\1、\2", piece)
            one = _WITH.sub("、", one)
            words = one.split()
            if len(words) > 1 and all(map(_NAME_END.search, words[:-1])):
                one = "、".join(words)
            for place, part in enumerate(one.split("、") if one != piece else (one,)):
                if place:
                    yield "、"
                yield part

    def _name(self, piece: str) -> str:
        """The name in a piece of the text, as it stands where somebody has it so, else without the words beside it."""
        name = _cleaned(piece)
        return name if _key(name) in self._ids else _bare(name)

    def _named(self, name: str, *, carried: str, region: bool) -> list[str]:
        one = self._one(name, carried=carried, region=region)
        if one is not None:
            return [one]
        # Names a line each, or joined by a word; 和 also stands within names, so only where all parts are known.
        parts = [self._one(part, carried=carried, region=region) for part in _JOINED.split(name) if part]
        ids = [part for part in parts if part is not None]
        return ids if len(ids) == len(parts) else []

    def _one(self, name: str, *, carried: str, region: bool) -> str | None:
        own = _cleaned(name)
        bare, full = _key(own), _key((carried or _REGION) + own)
        order = (full, bare) if carried else (bare, full) if region else (bare,)
        return next((self._ids[key] for key in order if key in self._ids), None)
