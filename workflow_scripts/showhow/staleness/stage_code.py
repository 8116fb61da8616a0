"""The meaning of each stage's code, as a parameter of its rule."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from showhow.analysis.claims import claim_file
from showhow.figures import figure_files
from showhow.report.sections import SECTIONS
from showhow.responses import variant_files
from showhow.staleness.fingerprint import SOURCES, Fingerprint, Known, take_fingerprint
from showhow.staleness.fingerprint_records import (
    record_fingerprint,
    record_meanings,
    recorded_meanings,
)
from showhow.study.inputs.models import ModelInputs
from showhow.study.inputs.probes import ProbeInputs
from showhow.study.studies import Studies, Wildcards
from showhow.tasks import task_files

MODELS = ("torch", "transformers", "accelerate", "tokenizers", "safetensors")
ADAPTERS = ("peft",)
TABLES = ("numpy", "pandas")
VALIDATION = SOURCES / "showhow/evaluation/validation.py"

Code = Callable[[Wildcards], str]


class StageCode:
    """Gives, for each rule, the fingerprint of the code that its jobs run.

    What a fingerprint is made of stands beside Snakemake's own records, so that `make plan` can
    name what changed.
    """

    def __init__(self, studies: Studies):
        self.studies = studies
        self.taken: dict[str, Fingerprint] = {}
        self._recorded = recorded_meanings()
        self._known = Known(meanings=dict(self._recorded))
        self._digest = cache(self._take)

    def of(self, stage: str, *modules: Path, libraries: Iterable[str] = ()) -> str:
        """Give the fingerprint of a stage's script, with all that it imports and these modules."""
        return self._digest(stage, modules, tuple(libraries))

    def _take(self, stage: str, modules: tuple[Path, ...], libraries: tuple[str, ...]) -> str:
        roots = [SOURCES / "stages" / f"{stage}.py", *modules]
        taken = take_fingerprint(roots, libraries, self._known)
        self.taken[taken.digest] = taken
        return taken.digest

    def record(self) -> None:
        """Write down what the fingerprints that were taken are made of."""
        for taken in self.taken.values():
            record_fingerprint(taken)
        if self._known.meanings.keys() != self._recorded.keys():
            record_meanings(self._known.meanings)

    def _task(self, task: str) -> Path:
        return task_files()[self.studies.configuration.tasks[task].kind]

    def _variant(self, variant: str) -> Path:
        return variant_files()[self.studies.configuration.variant_of(variant).kind]

    def of_task(self, stage: str) -> Code:
        """Give the code of a stage that makes a task's problems, or asks of it what they are."""

        def code(wildcards: Wildcards) -> str:
            task = wildcards.task
            return self.of(stage, self._task(task), *self.studies.own_code(task))

        return code

    def reading_answers(self, stage: str, libraries: Iterable[str] = ()) -> Code:
        """Give the code of a stage that reads answers as the task reads them."""

        def code(wildcards: Wildcards) -> str:
            return self.of(stage, *self.studies.own_code(wildcards.task), libraries=libraries)

        return code

    def writing(self, stage: str) -> Code:
        """Give the code of a stage that writes responses."""

        def code(wildcards: Wildcards) -> str:
            return self.of(stage, self._task(wildcards.task), self._variant(wildcards.variant))

        return code

    def writing_corpus(self, wildcards: Wildcards) -> str:
        recipe = self.studies.corpora[wildcards.corpus]
        solved = ModelInputs(self.studies).tasks_solved_in(wildcards.corpus)
        return self.of("write_corpus", *map(self._task, sorted({*solved, *recipe.facts})))

    def with_weights(self, stage: str) -> Code:
        """peft counts for the runs that have an adapter, and for no others."""

        def code(wildcards: Wildcards) -> str:
            return self.of(stage, libraries=self._libraries(wildcards))

        return code

    def training(self, stage: str) -> Code:
        """It reads answers where a checkpoint is chosen, and there alone."""

        def code(wildcards: Wildcards) -> str:
            chosen = self.studies.configuration.training_of(wildcards.model).checkpoint
            reading = [VALIDATION, *self.studies.own_code(wildcards.task)] if chosen else []
            return self.of(stage, *reading, libraries=self._libraries(wildcards))

        return code

    def _libraries(self, wildcards: Wildcards) -> tuple[str, ...]:
        return (*MODELS, *(ADAPTERS if self.studies.is_adapted(wildcards.model) else ()))

    def measuring_retention(self, wildcards: Wildcards) -> str:
        """It reads the answers of every task that it asks."""
        asked = ProbeInputs(self.studies).retained_tasks(wildcards)
        own = [file for task in asked for file in self.studies.own_code(task)]
        return self.of("measure_retention", *own, libraries=self._libraries(wildcards))

    def measuring_faithfulness(self, wildcards: Wildcards) -> str:
        """It solves problems and words their steps."""
        worded = (self._task(wildcards.task), self._variant(wildcards.variant))
        return self.of("measure_faithfulness", *worded, libraries=self._libraries(wildcards))

    def deciding(self, wildcards: Wildcards) -> str:
        claims = map(claim_file, self.studies.claims_of(wildcards.study))
        variants = map(self._variant, self.studies.variants_of(wildcards.study))
        libraries = (*TABLES, "scipy", "statsmodels")
        return self.of("decide_claims", *claims, *variants, libraries=libraries)

    def drawing(self, wildcards: Wildcards) -> str:
        figure = figure_files()[wildcards.figure]
        return self.of("draw_figure", figure, libraries=(*TABLES, "matplotlib"))

    def reporting(self, wildcards: Wildcards) -> str:
        """It says what the study's claims are, beside what was registered of them."""
        study = wildcards.get("study", self.studies.reported)
        claims = map(claim_file, self.studies.claims_of(study))
        sections = (section.file for section in SECTIONS)
        libraries = ("jinja2", "numpy", "pandas", "scipy", "statsmodels")
        return self.of("write_report", *sections, *claims, libraries=libraries)
