"""What the styles of a Word document say of its runs: raised or lowered, in which symbol font, a prompt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger_cli.read.office.namespaces import W
from ledger_cli.read.office.script import SUBSCRIPT, SUPERSCRIPT
from ledger_cli.read.office.symbols import is_symbol_font
from ledger_cli.read.office.word_markup import value, whole

_SIZE = 20  # half points, where a document names none
_SMALLER = 0.85
_FONT_SCRIPTS = ("ascii", "hAnsi")
_DEEPEST = 20  # styles based on each other; Word stops far sooner
_PROMPT_STYLES = ("placeholder text", "占位符文本")


@dataclass(slots=True)
class Styles:
    """The styles of a document by id."""

    _by_id: dict[str, Any] = field(default_factory=dict)
    _default: Any = None
    _known: dict[str, list[Any]] = field(default_factory=dict)
    _prompts: dict[str, bool] = field(default_factory=dict)
    _styled: dict[Any, str] = field(default_factory=dict)
    _measured: dict[Any, int] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Any) -> "Styles":
        """The styles in styles.xml, which may be None."""
        if root is None:
            return cls()
        default = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        return cls({style.get(f"{W}styleId", ""): style for style in root.iterchildren(f"{W}style")}, default)

    def script(self, run: Any, paragraph: Any) -> str:
        """The ``vertAlign`` of a run, from itself or its styles; empty where it stands on the line."""
        for properties in self._properties(run, paragraph):
            found = value(properties, "vertAlign", "-")
            if found != "-":
                return found if found in (SUPERSCRIPT, SUBSCRIPT) else ""
        return self._script_by_place(run, paragraph)

    def _script_by_place(self, run: Any, paragraph: Any) -> str:
        """The script of a run that is both moved off the line and smaller than it.

        So LibreOffice writes what a web page raises; moved alone, words are only aligned to something.
        """
        place = re.fullmatch(r"(-?)\d{1,3}", value(run, "rPr/position"))
        if place is None or not int(place[0]):
            return ""
        if self._size(run, paragraph) > _SMALLER * self._size_on_line(paragraph):
            return ""
        return SUBSCRIPT if place[1] else SUPERSCRIPT

    def _size_on_line(self, paragraph: Any) -> int:
        """The largest size of a paragraph's runs that stand on the line; kept for the runs that follow."""
        if paragraph not in self._measured:
            on_line = (other for other in paragraph.iter(f"{W}r") if not value(other, "rPr/position"))
            self._measured[paragraph] = max((self._size(other, paragraph) for other in on_line), default=0)
        return self._measured[paragraph]

    def _size(self, run: Any, paragraph: Any) -> int:
        """The size of a run in half points."""
        for properties in (*self._properties(run, paragraph), self._default):
            size = whole(value(properties, "sz"), 0, 3276)
            if size:
                return size
        return _SIZE

    def symbol_font(self, run: Any, paragraph: Any) -> str | None:
        """The font of a run, from itself or its styles, where it is one that shows symbols."""
        for properties in self._properties(run, paragraph):
            fonts = properties.find(f"{W}rFonts")
            if fonts is None:
                continue
            named = [str(fonts.get(f"{W}{script}")) for script in _FONT_SCRIPTS if fonts.get(f"{W}{script}")]
            if named:
                return next((font for font in named if is_symbol_font(font)), None)
        return None

    def is_prompt(self, run: Any) -> bool:
        """Whether a run has the style that Word gives to the prompts of content controls."""
        name = value(run, "rPr/rStyle")
        if name not in self._prompts:
            self._prompts[name] = any(value(e, "name").lower() in _PROMPT_STYLES for e in self._chain(name))
        return self._prompts[name]

    def _properties(self, run: Any, paragraph: Any) -> Iterator[Any]:
        """Run properties, the nearest first: the run's own, those of its style, those of the paragraph's."""
        own = run.find(f"{W}rPr")
        if own is not None:
            yield own
            yield from self._of_style(value(own, "rStyle"))
        if paragraph not in self._styled:
            # Without properties the search goes through all its runs, for each of its runs.
            self._styled[paragraph] = value(paragraph, "pPr/pStyle")
        yield from self._of_style(self._styled[paragraph])

    def _of_style(self, name: str) -> list[Any]:
        """Run properties of a style and those it is based on; a document asks for few styles, and often."""
        if name not in self._known:
            found = (style.find(f"{W}rPr") for style in self._chain(name))
            self._known[name] = [properties for properties in found if properties is not None]
        return self._known[name]

    def _chain(self, name: str) -> Iterator[Any]:
        """A style and those it is based on; damaged files base them on each other."""
        seen: set[str] = set()
        while name in self._by_id and name not in seen and len(seen) < _DEEPEST:
            seen.add(name)
            yield self._by_id[name]
            name = value(self._by_id[name], "basedOn")
