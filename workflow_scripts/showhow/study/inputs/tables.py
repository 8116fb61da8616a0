"""What the rules of analysis.smk, figures.smk and crate.smk read and are told."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from showhow.report.material import CorpusRead, ExampleRun, FigureFiles, Material, UsageOfWriter
from showhow.report.sections import tables_read
from showhow.study import grid
from showhow.study.inputs import Inputs
from showhow.study.inputs.evaluation import EvaluationInputs
from showhow.study.inputs.probes import ProbeInputs
from showhow.study.inputs.told import told
from showhow.study.inputs.training import TrainingInputs
from showhow.study.inputs.writing import WritingInputs
from showhow.study.paths import (
    CAPTION,
    CLAIMS,
    CLAIMS_BY_TASK,
    COMPARISONS,
    CONFIGURATION,
    CONTAMINATION,
    COSTS,
    COSTS_TABLE,
    DESCRIPTION,
    FIGURE,
    PICTURE,
    REGISTERED,
    SHORTCUTS,
    SOURCE,
    TABLES,
    VIEWS,
    WARNINGS,
    Run,
    placed,
    report_of,
)
from showhow.study.stated import settings_of
from showhow.study.studies import Studies, Wildcards

MOST_WARNINGS = 8


class TableInputs(Inputs):
    """Tables, claims, figures, reports: what a study ends in, and the named targets."""

    def __init__(self, studies: Studies):
        super().__init__(studies)
        self.probes = ProbeInputs(studies)
        self.training = TrainingInputs(studies)
        self.evaluation = EvaluationInputs(studies)
        self.writing = WritingInputs(studies)

    # The named targets.

    def every_study(self, pattern: str) -> list[str]:
        return [pattern.format(study=study) for study in self.configuration.studies]

    def every_run(self, file: str) -> list[str]:
        return [f"{directory}/{file}" for directory in self.studies.runs]

    def every_comparison(self) -> list[str]:
        return [file for study in self.configuration.studies for file in self._comparisons(study)]

    def every_figure(self) -> list[str]:
        return [file for study in self.configuration.studies for file in self._figures(study)]

    def every_dataset(self) -> list[str]:
        tasks = grid.tasks_used(self.configuration)
        return [*(DESCRIPTION.format(task=task) for task in tasks), *self._sources(tasks).values()]

    def end_of(self, study: str) -> list[str]:
        """List what a study is done with: report, costs, what was probed, read and kept."""
        return [
            self.report_of(study),
            COSTS_TABLE.format(study=study),
            *self.probes.tables(study),
            *self._sources(self.studies.tasks_of(study)).values(),
            *self.evaluation.kept(study),
        ]

    # Runs and tables.

    def files_of_runs(self, file: str) -> Callable[[Wildcards], list[str]]:
        """Give the method that lists one file of every run of a study."""

        def files(wildcards: Wildcards) -> list[str]:
            return [f"{run.directory}/{file}" for run in self.studies.runs_of(wildcards.study)]

        return files

    def manifest(self, wildcards: Wildcards) -> str:
        """Write the list of a study's runs."""
        runs = self.studies.runs_of(wildcards.study)
        return json.dumps([self._listed(run) for run in runs], indent=1)

    def _listed(self, run: Run) -> dict[str, Any]:
        return {**asdict(run), "base": self._base(run), "directory": placed(run.directory)}

    def _base(self, run: Run) -> str:
        return self.configuration.base_of(self.studies.base_for(run))

    def descriptions(self, wildcards: Wildcards) -> list[str]:
        return [*self._descriptions(wildcards.study).values()]

    def _descriptions(self, study: str) -> dict[str, str]:
        return {task: DESCRIPTION.format(task=task) for task in self.studies.tasks_of(study)}

    def shortcuts(self, wildcards: Wildcards) -> list[str]:
        """List what can be got right of the study's tasks without solving them."""
        return [SHORTCUTS.format(task=task) for task in self.studies.tasks_of(wildcards.study)]

    def tabulating_runs(self, wildcards: Wildcards) -> str:
        return told(descriptions=self._descriptions(wildcards.study))

    # Claims.

    def checking(self, wildcards: Wildcards) -> str:
        return told(
            study=wildcards.study,
            kinds=self._kinds(wildcards.study),
            instances=self._instances(wildcards.study) or None,
        )

    def deciding(self, wildcards: Wildcards) -> str:
        """kinds: of the variants with a name of their own. instances: of models with several."""
        return told(
            claims=self.configuration.studies[wildcards.study].claims,
            kinds=self._kinds(wildcards.study),
            voices=self._voices(wildcards.study),
            instances=self._instances(wildcards.study) or None,
            analysis=self.configuration.analysis,
        )

    def comparisons(self, wildcards: Wildcards) -> list[str]:
        """Name the table of what a study compares, where it does."""
        return self._comparisons(self.reported(wildcards))

    def _comparisons(self, study: str) -> list[str]:
        compares = self.configuration.studies[study].compare
        return [COMPARISONS.format(study=study)] if compares else []

    def comparing(self, wildcards: Wildcards) -> str:
        """compare: the pairs of variants. instances: as for the claims."""
        return told(
            compare=self.configuration.studies[wildcards.study].compare,
            instances=self._instances(wildcards.study) or None,
        )

    def _kinds(self, study: str) -> dict[str, str]:
        named = self.configuration.variants
        variants = self.studies.variants_of(study)
        return {name: named[name].kind for name in variants if name in named}

    def _instances(self, study: str) -> dict[str, int]:
        """Say how many bases models have that have more than one; 0 for one a seed."""
        models = sorted({run.model for run in self.studies.runs_of(study)})
        instances = {model: self.configuration.instances_of(model) for model in models}
        return {model: bases for model, bases in instances.items() if bases != 1}

    def _voices(self, study: str) -> dict[str, str]:
        """Say which voice is familiar to the bases that have one."""
        models = sorted({run.model for run in self.studies.runs_of(study)})
        voices = {model: self.configuration.voice_of(model) for model in models}
        return {model: voice for model, voice in voices.items() if voice}

    def measured(self, end: str) -> Callable[[Wildcards], list[str]]:
        """Give the method that names the table with that end, where a study has one."""

        def files(wildcards: Wildcards) -> list[str]:
            table = f"results/tables/{wildcards.study}{end}"
            return [table] if table in self.probes.tables(wildcards.study) else []

        return files

    # Figures.

    def _figures(self, study: str) -> list[str]:
        return [
            FIGURE.format(study=study, figure=figure) for figure in self.studies.figures_of(study)
        ]

    def drawing(self, wildcards: Wildcards) -> str:
        study = wildcards.study
        grids = self.configuration.studies[study].grids
        variants = list(dict.fromkeys(name for each in grids for name in each.variants))
        return told(figure=wildcards.figure, variants=variants, voices=self._voices(study))

    def _sources(self, tasks: list[str]) -> dict[str, str]:
        """Name what is said of the files of the user's own data, by task."""
        own = [task for task in sorted(tasks) if self.configuration.tasks[task].kind == "dataset"]
        return {task: SOURCE.format(task=task) for task in own}

    def resolved_configuration(self, wildcards: Wildcards) -> str:
        return yaml.safe_dump(self.configuration.resolved(), sort_keys=False)

    # Reports: the one without a name in its path is that of the first study.

    def report_of(self, study: str) -> str:
        return report_of(study, first=self.studies.reported)

    def warnings_of(self, study: str) -> str:
        first = study == self.studies.reported
        return "results/warnings.txt" if first else WARNINGS.format(study=study)

    def new_warnings(self, since: float) -> list[str]:
        """Read what the reports that were written since a moment warn of; of many the first."""
        files = [Path(placed(self.warnings_of(study))) for study in self.configuration.studies]
        new = [file for file in files if file.is_file() and file.stat().st_mtime >= since]
        lines = [line for file in new for line in file.read_text(encoding="utf-8").splitlines()]
        more = len(lines) - MOST_WARNINGS
        return lines[:MOST_WARNINGS] + ([f"And {more} more: see the report."] if more > 0 else [])

    def reported(self, wildcards: Wildcards) -> str:
        return wildcards.get("study", self.studies.reported)

    def _contamination(self, study: str) -> list[CorpusRead]:
        """List what the bases of a study have read of its tasks, by task and corpus."""
        return [
            CorpusRead(
                task=task,
                models=tuple(models),
                counts=Path(CONTAMINATION.format(task=task, corpus=corpus)),
            )
            for (task, corpus), models in self.studies.corpora_read(study).items()
        ]

    def read_by_report(self, wildcards: Wildcards) -> list[str]:
        return [str(path) for path in self._material(self.reported(wildcards)).reads()]

    def reporting(self, wildcards: Wildcards) -> str:
        return told(material=self._material(self.reported(wildcards)).model_dump(mode="json"))

    def _material(self, study: str) -> Material:
        """Give what the report of a study is made of."""
        made = [*self._ends(study), COSTS_TABLE.format(study=study)]
        tables = {name: TABLES[name].format(study=study) for name in tables_read()}
        sources = self._sources(self.studies.tasks_of(study))
        return Material(
            study=study,
            title=self.configuration.studies[study].title,
            tables={name: Path(table) for name, table in tables.items() if table in made},
            configuration=Path(CONFIGURATION),
            figures=tuple(self._files_of(study, name) for name in self.studies.figures_of(study)),
            sources={task: Path(file) for task, file in sources.items()},
            usages=tuple(map(UsageOfWriter.model_validate, self.writing.usages_of(study))),
            contamination=tuple(self._contamination(study)),
            examples=tuple(self.example_runs(study)),
            **self._stated(study),
        )

    def _files_of(self, study: str, figure: str) -> FigureFiles:
        place = {"study": study, "figure": figure}
        return FigureFiles(
            name=figure,
            picture=Path(PICTURE.format(**place)),
            caption=Path(CAPTION.format(**place)),
            views=Path(VIEWS.format(**place)),
        )

    def _stated(self, study: str) -> dict[str, Any]:
        """Give what a study stated before its data, where it did, and what it states today."""
        registered = REGISTERED.format(study=study)
        if not Path(registered).is_file():
            return {}
        return {
            "registered": Path(registered),
            "settings": settings_of(self.configuration, study),
            "claims_tested": self.studies.claims_of(study),
            "margins": self.configuration.analysis.margins,
        }

    # Examples of predictions.

    def example_runs(self, study: str) -> list[ExampleRun]:
        """Choose a run of each task and variant: the largest training size, the first seed."""
        chosen: dict[tuple[str, str], Run] = {}
        for run in sorted(self.studies.runs_of(study), key=lambda run: (-run.n_train, run.seed)):
            chosen.setdefault((run.task, run.variant), run)
        return [self._example_run(chosen[key]) for key in sorted(chosen)]

    def _example_run(self, run: Run) -> ExampleRun:
        split = self.studies.splits_of(run.task)[0]
        base = self.studies.base_for(run)
        return ExampleRun(
            task=run.task,
            variant=run.variant,
            name=run.name,
            items=Path(f"{run.directory}/items.jsonl"),
            predictions=Path(f"{run.directory}/predictions.jsonl"),
            responses=Path(self.studies.responses(run.task, run.variant, split, base)),
        )

    # Costs, and the crate.

    def tabulating_costs(self, wildcards: Wildcards) -> str:
        return told(study=wildcards.study, run_files=self._run_files(wildcards.study))

    def records(self, wildcards: Wildcards) -> str:
        """Name the folder of all jobs' records; which are of a study, they say themselves."""
        return placed(COSTS)

    def _run_files(self, study: str) -> list[str]:
        """Name the files that each run ends in, or some of them do."""
        probes = self.configuration.studies[study].probes
        measured = [kind for kind in ("retention", "faithfulness") if getattr(probes, kind)]
        return ["scores.json", *(f"{kind}.json" for kind in measured)]

    def ends(self, wildcards: Wildcards) -> list[str]:
        return self._ends(wildcards.study)

    def _ends(self, study: str) -> list[str]:
        """List what a study ends in but for its report: tables, claims, figures."""
        tables = (".csv", ".parquet", "-items.parquet", "-groups.csv")
        claims = (CLAIMS.format(study=study), CLAIMS_BY_TASK.format(study=study))
        return [
            *(f"results/tables/{study}{end}" for end in tables),
            *self.training.table_of_choices(study),
            *self.probes.tables(study),
            *self._sources(self.studies.tasks_of(study)).values(),
            *(str(read.counts) for read in self._contamination(study)),
            *claims,
            *self._comparisons(study),
            *self._figures(study),
        ]

    def exported(self, wildcards: Wildcards) -> list[str]:
        """List what a crate is made for."""
        study = wildcards.study
        pictures = [figure.replace(".pdf", ".png") for figure in self._figures(study)]
        costs = COSTS_TABLE.format(study=study)
        return [self.report_of(study), *self.ends(wildcards), costs, *pictures]

    def exporting(self, wildcards: Wildcards) -> str:
        title = self.configuration.studies[wildcards.study].title
        files = self._run_files(wildcards.study)
        return told(study=wildcards.study, title=title, run_files=files)
