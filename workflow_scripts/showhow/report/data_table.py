"""The data of a configuration as Markdown: what was read of each source, and how prompts look."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from random import Random

from showhow.tasks import load_task
from showhow.tasks.entity_questions import EntityQuestionsSettings, facts_of
from showhow.tasks.knowledge.published_facts import file_of
from showhow.tasks.own_data.reading import read_file
from showhow.tasks.own_data.selection import (
    Losses,
    OwnQuestion,
    ReadRow,
    Selected,
    normalised,
    rows_read,
    select,
)
from showhow.tasks.own_data.settings import DatasetSettings, Source
from showhow.tasks.task import TaskSettings

COLUMNS = ("data set", "split", "source", "rows", "questions", "read", "right")


@dataclass(frozen=True)
class Counted:
    """One source of one split: rows, distinct questions, and answers of them all.

    read: answers that could be read of the source's texts. right: those that are the right one;
    both None where it has no answers of its own. wrong: the texts that are not right.
    """

    task: str
    split: str
    source: str
    rows: int
    questions: int
    read: int | None = None
    right: int | None = None
    wrong: tuple[str, ...] = ()


def counted_of(task: str, settings: TaskSettings) -> Iterator[Counted]:
    """Count all rows of a task's files, whether or not a study draws them."""
    if isinstance(settings, DatasetSettings):
        for split, sources in settings.sources.items():
            yield from _own(task, split, settings, sources)
    elif isinstance(settings, EntityQuestionsSettings):
        yield from _published(task, settings)


def _own(
    task: str, split: str, settings: DatasetSettings, sources: tuple[Source, ...]
) -> Iterator[Counted]:
    first, *_ = sources
    known = select(settings, [first.model_copy(update={"responses": {}})]).questions
    for source in sources:
        rows = list(rows_read(settings, source, Losses(), Selected()))
        questions = {normalised(row.prompt, settings.instruction) for row in rows}
        for name in source.responses:
            read, right, wrong = _judged(settings, known, rows, name)
            yield Counted(task, split, name, len(rows), len(questions), read, right, wrong)
        if not source.responses:
            yield Counted(task, split, source.name, len(rows), len(questions))


def _judged(
    settings: DatasetSettings, known: dict[str, OwnQuestion], rows: list[ReadRow], name: str
) -> tuple[int, int, tuple[str, ...]]:
    """Read the responses of all rows, and compare them with the first file's answers."""
    asked = [known.get(normalised(row.prompt, settings.instruction)) for row in rows]
    read = [settings.answer.read(row.responses[name]) for row in rows]
    compared = [(text, one.answers if one else ()) for text, one in zip(read, asked, strict=True)]
    right = settings.answer.are_right(compared)
    wrong = [
        f"{row.responses[name]}\n[read: {text!r}; right: {', '.join(answers)}]"
        for row, (text, answers), good in zip(rows, compared, right, strict=True)
        if not good
    ]
    return sum(text is not None for text in read), sum(right), tuple(wrong)


def _published(task: str, settings: EntityQuestionsSettings) -> Iterator[Counted]:
    folder = Path(settings.folder)
    for split in ("train", "test", "unseen") if settings.unseen_relations else ("train", "test"):
        relations = settings.unseen_relations if split == "unseen" else settings.relations
        file = "train" if split == "train" else "test"
        rows = sum(len(read_file(file_of(folder, name, file), None)) for name in relations)
        facts = facts_of(settings, split)
        yield Counted(task, split, f"{len(relations)} relations", rows, len(facts))


def in_markdown(counted: list[Counted]) -> str:
    """Write a table with a line for each source."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" * 3 + "|--:" * 4 + "|"]
    for one in counted:
        numbers = (one.rows, one.questions, one.read, one.right)
        cells = [one.task, one.split, one.source]
        cells += ["" if number is None else f"{number:,}" for number in numbers]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def prompts_in_markdown(task: str, kind: str, settings: TaskSettings) -> str:
    """Set the first training prompt beside the first test prompt."""
    loaded = load_task(kind)
    train, test = (loaded.generate(settings, split, 1, set()) for split in ("train", "test"))
    cells = [f"<td><pre>{_kept(each[0].prompt)}</pre></td>" for each in (train, test)]
    rows = ["<th>training</th><th>test</th>", "".join(cells)]
    table = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f"### {task}\n\n<table>\n{table}\n</table>\n"


def _kept(text: str) -> str:
    """Write a text so that Markdown leaves it as it is: a blank line would end the table."""
    return escape(text, quote=False).replace("\n", "<br>").replace("\r", "").replace("_", "&#95;")


def some_wrong(counted: list[Counted], count: int) -> str:
    """Draw responses that are not right, for a person to read: the same ones each time."""
    parts = []
    for one in counted:
        drawn = Random(one.source).sample(one.wrong, min(count, len(one.wrong)))
        heading = f"=== {one.task}, {one.split}, {one.source}: {len(drawn)} of {len(one.wrong)}"
        parts += [heading, *drawn] if drawn else []
    return "\n\n".join(parts)
