"""The report from top to bottom: a list of sections, each a module of this folder.

A module says what its section shows, `show(material: Material) -> Mapping[str, Any] | None` (None:
nothing, and the section is left out), and names the template beside it, which draws that, in
DATA_FILES. The list says under which heading it stands and which of the study's tables it reads,
as study/paths.py names them. So planning knows what a report reads and imports none of it.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True)
class Chapter:
    """A heading of the report, and the link to it at its top."""

    id: str
    heading: str
    link: str


def _chapter(heading: str, id: str = "", link: str = "") -> Chapter:
    return Chapter(id or heading.lower(), heading, link or heading)


@dataclass(frozen=True)
class Section:
    """A part of the report. chapter: None for what stands above all of them."""

    name: str
    chapter: Chapter | None
    tables: tuple[str, ...] = ()

    @property
    def module(self) -> ModuleType:
        return import_module(f"{__name__}.{self.name}")

    @property
    def file(self) -> Path:
        return Path(__file__).with_name(f"{self.name}.py")


TABLES, DATA = _chapter("Tables"), _chapter("Data")
SECTIONS = (
    Section("registration", None, ("claims", "comparisons")),
    Section("claims", _chapter("Claims"), ("claims", "claims by task")),
    # Without claims, the overview has a heading of its own.
    Section("overview", _chapter("Overview", id="claims"), ("runs",)),
    Section("comparisons", _chapter("Comparisons"), ("comparisons", "runs")),
    Section("figures", _chapter("Figures"), ("comparisons", "runs")),
    Section("accuracy", TABLES, ("runs",)),
    Section("faithfulness", TABLES, ("faithfulness",)),
    Section("learning_rates", TABLES, ("learning rates",)),
    Section("checkpoints", TABLES, ("runs",)),
    Section("checks", _chapter("Manipulation checks", id="checks", link="Checks"), ("checks",)),
    Section("warnings", DATA, ("runs",)),
    Section("sources", DATA),
    Section("contamination", DATA),
    Section("written", DATA),
    Section("predictions", _chapter("Predictions")),
    Section("configuration", _chapter("Configuration")),
    Section("costs", _chapter("Costs"), ("costs",)),
)


def tables_read() -> list[str]:
    """Name the tables that sections read, each once."""
    return list(dict.fromkeys(table for section in SECTIONS for table in section.tables))
