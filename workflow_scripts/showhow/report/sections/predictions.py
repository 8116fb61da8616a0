"""A few predictions of a run of each variant."""

from collections.abc import Mapping
from typing import Any

from showhow.report.examples import ExamplesOfRun, read_examples
from showhow.report.material import ExampleRun, Material

DATA_FILES = ("predictions.html.jinja",)


def show(material: Material) -> Mapping[str, Any] | None:
    runs = [_examples_of(run) for run in material.examples]
    return {"runs": runs} if runs else None


def _examples_of(run: ExampleRun) -> ExamplesOfRun:
    examples = read_examples(run.items, run.predictions, run.responses)
    return ExamplesOfRun(run.task, run.variant, run.name, examples)
