"""What a finished study hands to its report: where its tables, figures and files are."""

from pathlib import Path
from typing import Any

from pydantic import Field

from showhow.jobs.options import Reads, ToldPart


class FigureFiles(ToldPart):
    """A figure: its picture, beside which lie those of its views, and its caption."""

    name: str
    picture: Reads
    caption: Reads
    views: Path


class UsageOfWriter(ToldPart):
    """What a writer was asked for one task."""

    task: str
    writing: str
    usage: Reads


class CorpusRead(ToldPart):
    """What the bases of some models have read of one task's problems."""

    task: str
    models: tuple[str, ...]
    counts: Reads


class ExampleRun(ToldPart):
    """A run that stands for its variant where predictions are looked at, and its files."""

    task: str
    variant: str
    name: str
    items: Reads
    predictions: Reads
    responses: Reads


class Material(ToldPart):
    """What a report is made of; a section takes what it reads."""

    study: str = Field(description="The study's name.")
    title: str = Field(description="The report's title.")
    tables: dict[str, Reads] = Field(
        description="The tables that sections read, by name, as far as the study makes them."
    )
    configuration: Reads = Field(description="The resolved configuration, YAML.")
    figures: tuple[FigureFiles, ...] = Field((), description="The figures to show, in order.")
    registered: Reads | None = Field(None, description="What was stated before the data.")
    settings: dict[str, Any] = Field({}, description="The study's settings, to compare with it.")
    claims_tested: tuple[str, ...] = Field((), description="The ids of the study's claims.")
    margins: dict[str, float] = Field({}, description="Margins of claims in place of their own.")
    sources: dict[str, Reads] = Field({}, description="What became of each task's files.")
    usages: tuple[UsageOfWriter, ...] = ()
    contamination: tuple[CorpusRead, ...] = ()
    examples: tuple[ExampleRun, ...] = Field((), description="A run of each variant.")
