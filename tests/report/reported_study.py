"""A finished study as its report reads it: tables in memory, which are written when it is drawn."""

import re
import sys
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from showhow.figures.style import save_figure
from showhow.report.material import FigureFiles, Material
from showhow.report.report import render_report

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from simulated_study import claims_table, costs_table, small_study

LEAST = "short minus none, as many steps"
BY_TASK = pd.DataFrame(
    [
        ("C1", "all", LEAST, 0.31, 0.27, 0.35, 0.001, 18, "above +0.050", "supported"),
        ("C1", "all but addition", LEAST, 0.02, -0.1, 0.1, 0.4, 9, "above +0.050", "inconclusive"),
        ("C1", "all but listops", LEAST, 0.6, 0.5, 0.7, 0.001, 9, "above +0.050", "supported"),
        ("C1", "addition", LEAST, 0.6, 0.5, 0.7, 0.001, 9, "above +0.050", "supported"),
        ("C1", "listops", LEAST, 0.02, -0.1, 0.1, 0.4, 9, "above +0.050", "inconclusive"),
        ("C1", "listops", "mean of levels minus none", 0.3, 0.2, 0.4, 0.001, 6, "", ""),
    ],
    columns=[
        *["id", "task", "contrast", "estimate", "ci_low", "ci_high", "p", "n", "demand"],
        "verdict",
    ],
)


@dataclass(frozen=True)
class Reported:
    """What a report is made of. tables: more of them, by name. others: of Material's fields."""

    folder: Path
    runs: pd.DataFrame
    study: str = "explanations"
    title: str = "What explanations do"
    claims: pd.DataFrame = field(default_factory=claims_table)
    by_task: pd.DataFrame = field(default_factory=lambda: BY_TASK)
    costs: pd.DataFrame = field(default_factory=lambda: costs_table(small_study()))
    configuration: str = "tasks:\n  listops: {classes: 10}\n"
    figures: tuple[str, ...] = ("overview", "accuracy_over_n")
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)

    def material(self) -> Material:
        """Write all of it to files, and name these."""
        tables = {"runs": self.runs, "claims": self.claims, "claims by task": self.by_task}
        tables |= {"costs": self.costs, **self.tables}
        files = {name: self.folder / f"{name}.parquet" for name in tables}
        for name, table in tables.items():
            table.to_parquet(files[name])
        configuration = self.folder / "configuration.yaml"
        configuration.write_text(self.configuration)
        return Material(
            study=self.study,
            title=self.title,
            tables=files,
            configuration=configuration,
            figures=tuple(figure_files(self.folder, name) for name in self.figures),
            **self.others,
        )


def render(reported: Reported) -> str:
    return render_report(reported.material())


def replaced(reported: Reported, **changes: Any) -> Reported:
    """Change what is reported; what it is no field of is one of Material."""
    own = {name: changes.pop(name) for name in [*changes] if name in vars(reported)}
    return replace(reported, **{"others": reported.others | changes, **own})


def figure_files(folder: Path, name: str) -> FigureFiles:
    picture, caption = folder / f"{name}.png", folder / f"{name}.txt"
    return FigureFiles(name=name, picture=picture, caption=caption, views=folder / f"{name}-views")


def draw(folder: Path, name: str, *views: str, title: str = "", caption: str = "") -> None:
    """Write a figure's files."""
    save_figure(Figure(figsize=(1, 1)), folder / f"{name}.png")
    told = f"{title or f'Title of {name}'}\n\n{caption or f'Caption of {name}.'}\n"
    (folder / f"{name}.txt").write_text(told)
    (folder / f"{name}-views").mkdir(exist_ok=True)
    for view in views:
        save_figure(Figure(figsize=(1, 1)), folder / f"{name}-views" / f"{view}.png")


class Page(HTMLParser):
    """What a browser would see: tags in order, what they load, and the text."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.loads, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.loads += [attributes[name] for name in ("src", "srcset", "data") if name in attributes]
        if tag == "link":
            self.loads.append(attributes.get("href"))

    def handle_data(self, data):
        self.text += data


def without_details(html: str) -> str:
    """What is seen without a click, as text."""
    return " ".join(Page(re.sub(r"(?s)<details>.*?</details>", "", html)).text.split())


def rows_of(html: str) -> list[str]:
    """Each row of each table, with a space between its cells."""
    return re.findall(r"(?s)<tr>.*?</tr>", html.replace("</td>", " </td>"))
