"""A configuration with its runs, and what is asked of both many times while a study is planned."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, cached_property, partial
from itertools import count
from math import ceil
from pathlib import Path
from typing import Any, Protocol

from showhow.answers.forms import AnswerForm
from showhow.recipes.corpus import CorpusRecipe
from showhow.recipes.writers import EndpointWriter, ModelWriter
from showhow.responses import load_variant
from showhow.responses.base_variant import BaseVariant, Reads
from showhow.responses.response import AnyVariant
from showhow.responses.written_variant import WriterSettings, WrittenVariant
from showhow.study import grid, paths
from showhow.study.configuration import Configuration
from showhow.study.paths import Base, Run, Split
from showhow.tasks.own_data.settings import FETCHED, DatasetSettings, HubData

COMPARISON_FIGURE = "comparison"


class Wildcards(Protocol):
    """What tells a rule's jobs apart, as Snakemake hands it over."""

    def __getattr__(self, name: str) -> str: ...

    def get(self, name: str, default: Any = None) -> Any: ...


class Studies:
    """The studies of a configuration: what there is, by name, and what belongs together."""

    def __init__(self, configuration: Configuration):
        self.configuration = configuration
        self.runs = {run.directory: run for run in grid.all_runs(configuration)}
        # Asked again for each job: found out once.
        self.splits_of = cache(partial(grid.evaluation_splits, configuration))
        self.tuning_seed = cache(self._tuning_seed)
        self.variant = cache(self._variant)
        self.task = cache(configuration.loaded_task)
        self.largest_training_set = cache(self._largest_training_set)
        self.shared_pool = cache(self._shared_pool)

    @property
    def reported(self) -> str:
        """Name the study whose report is results/report.html: the first."""
        return next(iter(self.configuration.studies))

    @property
    def not_reported(self) -> list[str]:
        """Name the other studies, whose reports carry their names alone."""
        return [study for study in self.configuration.studies if study != self.reported]

    def runs_of(self, study: str) -> list[Run]:
        return self._runs_by_study[study]

    @cached_property
    def _runs_by_study(self) -> dict[str, list[Run]]:
        by_study: dict[str, list[Run]] = {study: [] for study in self.configuration.studies}
        for run in self.runs.values():
            by_study[run.study].append(run)
        return by_study

    def tasks_of(self, study: str) -> list[str]:
        return sorted({run.task for run in self.runs_of(study)})

    def variants_of(self, study: str) -> list[str]:
        return sorted({run.variant for run in self.runs_of(study)})

    def arms_of(self, study: str) -> list[tuple[str, str]]:
        """List the pairs of base, by its model's own name, and task."""
        return sorted({(self.base_for(run), run.task) for run in self.runs_of(study)})

    def base_for(self, run: Run) -> str:
        """Name the base that a run starts from, by its model's own name."""
        return self.configuration.base_for(run.model, run.seed)

    def base_named(self, wildcards: Wildcards) -> str:
        """Name the base that a job is about: its run's, by the seed, or the one that it names.

        A trial names the first of its model's bases.
        """
        seed = wildcards.get("seed")
        if seed is None:
            return wildcards.model
        return self.configuration.base_for(wildcards.model, int(seed))

    # The choice of learning rates and checkpoints.

    @cached_property
    def _validated_tasks(self) -> list[str]:
        return grid.validated_tasks(self.configuration)

    def splits_kept_apart(self, task: str) -> tuple[str, ...]:
        """Name the splits that training and pretraining must not meet, in the order of making."""
        validation = [paths.VALIDATION] if task in self._validated_tasks else []
        return (*self.splits_of(task), *validation)

    def rates_of(self, run: Run) -> tuple[float, ...]:
        """Give the learning rates that a run's is chosen from; none where it is given."""
        return self.configuration.training_of(run.model).rates

    def tuned_arms(self, study: str) -> list[Run]:
        """Give each condition whose rate is chosen once, as the run that its trials are."""
        tuned = [run for run in self.runs_of(study) if self.rates_of(run)]
        return list(dict.fromkeys(replace(run, seed=self.tuning_seed(study)) for run in tuned))

    def _tuning_seed(self, study: str) -> int:
        """Give the seed of a study's trials: the smallest that none of its runs has."""
        taken = {run.seed for run in self.runs_of(study)}
        return next(seed for seed in count() if seed not in taken)

    def trial_of(self, wildcards: Wildcards) -> Run:
        """Give the run that a condition's trials are; they differ in the learning rate alone."""
        names = {key: getattr(wildcards, key) for key in paths.WILDCARDS_OF_CONDITION}
        return Run.of({**names, "seed": str(self.tuning_seed(wildcards.study))})

    def claims_of(self, study: str) -> list[str]:
        """List the claims that a study tests: those that it names."""
        return [*self.configuration.studies[study].claims]

    def figures_of(self, study: str) -> list[str]:
        """List the figures of a study: those that it names, and that of what it compares."""
        described = self.configuration.studies[study]
        compared = [COMPARISON_FIGURE] if described.compare else []
        return list(dict.fromkeys([*described.figures, *compared]))

    def models_of_kind(self, *kinds: str) -> list[str]:
        return [name for name, model in self.configuration.models.items() if model.kind in kinds]

    def is_adapted(self, model: str) -> bool:
        return self.configuration.training_of(model).adapter is not None

    # Tasks and variants, as the code knows them.

    def own_code(self, task: str) -> list[Path]:
        """List the user's own files that a task's settings have it run."""
        kind, settings = self.task(task)
        return [file.resolve() for file in kind.code(settings)]

    @cached_property
    def own_data(self) -> dict[str, dict[str, Any]]:
        """Give the settings of each task that reads files of the user's own, and no others.

        What it takes from these is known while planning, and told as a digest. What comes from the
        hub is not there yet: it is known by its revision.
        """
        return {
            name: self.configuration.task_settings(name)
            for name in self.configuration.tasks
            if _are_own(self._files_of(name))
        }

    @property
    def whole_sets(self) -> dict[str, int]:
        """Say how many training problems the tasks have of which some grid takes all."""
        counts = {
            task: grid.whole_training_set(self.configuration, task)
            for task in grid.taken_whole(self.configuration)
        }
        return {task: count for task, count in counts.items() if count is not None}

    def _files_of(self, task: str) -> list[Path]:
        kind, settings = self.task(task)
        return kind.files(settings)

    def answer_form(self, task: str) -> AnswerForm | None:
        """Say how answers stand in a data set's texts; None where the task itself reads them."""
        _, settings = self.task(task)
        return getattr(settings, "answer", None)

    def sources(self) -> dict[str, HubData]:
        """Give what is fetched from the hub, by the file that it is fetched to."""
        settings = (self.task(name)[1] for name in self.configuration.tasks)
        datasets = (one for one in settings if isinstance(one, DatasetSettings))
        sources = (source for one in datasets for source in one.every_source)
        return {source.hub.file: source.hub for source in sources if source.hub}

    def _variant(self, variant: str) -> AnyVariant:
        return load_variant(self.configuration.variant_of(variant).kind)

    def is_written(self, variant: str) -> bool:
        """Say whether a writer writes the variant's responses."""
        return isinstance(self.variant(variant), WrittenVariant)

    def is_for_base(self, variant: str) -> bool:
        """Say whether the variant's responses depend on the base that learns from them."""
        loaded = self.variant(variant)
        return isinstance(loaded, BaseVariant) or (
            isinstance(loaded, WrittenVariant) and loaded.for_base
        )

    def is_drawn(self, variant: str) -> bool:
        """Say whether runs with another seed get other training problems."""
        per_seed = self.configuration.training_sets == "per_seed"
        return per_seed or self.reads_of_base(variant) == "memory"

    def reads_of_base(self, variant: str) -> Reads | None:
        """Say what the variant's training responses are made from of a base."""
        loaded = self.variant(variant)
        return loaded.reads if isinstance(loaded, BaseVariant) else None

    # Corpora.

    @cached_property
    def corpora(self) -> dict[str, CorpusRecipe]:
        """Give the recipes of all corpora: the common one, and those of models with their own."""
        own = {
            self.own_corpus(name): self.configuration.corpus_of(name)
            for name in self.models_of_kind("ladder")
            if self.configuration.ladder_model(name).corpus
        }
        return {"corpus": self.configuration.corpus, **own}

    def own_corpus(self, model: str) -> str:
        return f"corpus-{model}"

    def corpus_of(self, model: str) -> str:
        """Name the corpus that a model of the ladder is pretrained on."""
        own = self.own_corpus(Base.read(model).model)
        return own if own in self.corpora else "corpus"

    def corpora_read(self, study: str) -> dict[tuple[str, str], list[str]]:
        """List the models whose bases have read a corpus, by a task that they are asked and it."""
        read: dict[tuple[str, str], set[str]] = {}
        retained = self.configuration.studies[study].probes.retention
        for run in self.runs_of(study):
            if self._has_read(run.model):
                for task in (run.task, *retained):
                    read.setdefault((task, self.corpus_of(run.model)), set()).add(run.model)
        return {key: sorted(models) for key, models in sorted(read.items())}

    def _has_read(self, model: str) -> bool:
        described = self.configuration.model(model)
        return described.kind == "ladder" and described.start == "pretrained"

    # Files that depend on what a variant or a model is.

    def base_file(self, pattern: str, model: str, **names: str) -> str:
        """Name a file that belongs to the base of a model."""
        return pattern.format(model=self.configuration.base_of(model), **names)

    def base_folder(self, model: str) -> str:
        described = self.configuration.model(model)
        return described.path if described.kind == "folder" else self.base_file(paths.BASE, model)

    def problems(self, task: str, splits: Iterable[str | Split]) -> list[str]:
        return [paths.PROBLEMS.format(task=task, split=split) for split in splits]

    def responses(self, task: str, variant: str, split: str | Split, model: str) -> str:
        """Name the file of responses; some variants write other ones for every base."""
        names = {"task": task, "variant": variant, "split": str(split)}
        if self.is_for_base(variant):
            return self.base_file(paths.RESPONSES_FOR_BASE, model, **names)
        return paths.RESPONSES.format(**names)

    @property
    def measured_pool(self) -> Split:
        """Name the training problems whose memory is measured, of which training sets are drawn."""
        return Split.training(self.configuration.memory.pool)

    def training_split(self, variant: str, n_train: int, seed: int) -> Split:
        """Name a run's training set; another one for every seed, or one that all seeds share."""
        return Split.training(n_train, seed if self.is_drawn(variant) else 0)

    def training_set(self, run: Run) -> Split:
        """Name the training set of a run."""
        return self.training_split(run.variant, run.n_train, run.seed)

    def _shared_pool(self, task: str) -> Split | None:
        """Name the training problems that the sets of all seeds are drawn from.

        There are such where a writer or a base is asked, so that more seeds do not mean more
        questions; None where each seed has a stream of its own.
        """
        variants = grid.variants_of(self.configuration, task)
        asked = [self._problems_asked(task, variant) for variant in variants]
        if not any(asked):
            return None
        return Split.training(max(*asked, *grid.training_sizes(self.configuration, task)))

    def _problems_asked(self, task: str, variant: str) -> int:
        """Count the training problems that somebody may be asked for a variant's responses."""
        if self.is_written(variant):
            return self.written_pool(task, variant).n_train
        if self.reads_of_base(variant) == "answers":
            each = self.configuration.answering.problems_per_example
            return self.largest_training_set(task, variant) * each
        return 0

    # Writers.

    def writing_of(self, variant: str, model: str) -> str:
        """Name what one writer writes for one variant: the variant, with the base behind it.

        The base stands there only where the variant starts from a base's own answers.
        """
        base = f"/{self.configuration.base_of(model)}" if self.is_for_base(variant) else ""
        return f"{variant}{base}"

    def writer_settings(self, variant: str) -> WriterSettings:
        loaded = self.variant(variant)
        assert isinstance(loaded, WrittenVariant)
        return loaded.Settings(**self.configuration.variant_settings(variant))

    def written_pool(self, task: str, variant: str) -> Split:
        """Name the training problems that a writer may be asked: some are never answered right."""
        spare = self.writer_settings(variant).spare_share
        return Split.training(ceil(self.largest_training_set(task, variant) * (1 + spare)))

    def writer_of(self, variant: str) -> EndpointWriter | ModelWriter:
        return self.configuration.writers[self.writer_settings(variant).writer]

    @property
    def written_variants(self) -> list[str]:
        return [name for name in self.configuration.variants if self.is_written(name)]

    def writings_by(self, kind: str) -> list[str]:
        """List the writings by all writers of a kind."""
        by_kind = [name for name in self.written_variants if self.writer_of(name).kind == kind]
        bases = {*self.configuration.models, *map(self.base_for, self.runs.values())}
        return sorted({self.writing_of(variant, base) for variant in by_kind for base in bases})

    def services(self) -> dict[str, Any]:
        """Say how each endpoint is reached: no parameter of a rule, as it changes no result."""
        return {
            name: writer.service.model_dump(mode="json")
            for name, writer in self.configuration.writers.items()
            if writer.kind == "endpoint"
        }

    def _largest_training_set(self, task: str, variant: str) -> int:
        runs = self.runs.values()
        sizes = [run.n_train for run in runs if (run.task, run.variant) == (task, variant)]
        return max(sizes or grid.training_sizes(self.configuration, task))


def _are_own(files: list[Path]) -> bool:
    return bool(files) and not any(file.is_relative_to(FETCHED) for file in files)


def one_of(names: Iterable[str]) -> str:
    """Give a wildcard constraint; a list without names matches nothing."""
    return f"(?:{'|'.join(names) or '$^'})"


def bases_of(models: Iterable[str]) -> str:
    """Give the constraint of the bases of some models."""
    return one_of(models) + "(?:@base[0-9]+)?"


def wildcard_constraints_of(studies: Studies) -> dict[str, str]:
    """Say what each wildcard of the rules may be."""
    endpoint, model = studies.writings_by("endpoint"), studies.writings_by("model")
    return {
        "study": one_of(studies.configuration.studies),
        "task": one_of(studies.configuration.tasks),
        "variant": "[A-Za-z0-9][A-Za-z0-9._-]*",
        "corpus": one_of(studies.corpora),
        "model": bases_of(studies.configuration.models),
        "ladder_model": bases_of(studies.models_of_kind("ladder")),
        "hub_model": one_of(studies.models_of_kind("hub")),
        "package_model": one_of(studies.models_of_kind("package")),
        "gguf_model": one_of(studies.models_of_kind("gguf", "package")),
        "folder_model": one_of(studies.models_of_kind("folder")),
        "hub_file": one_of(map(re.escape, studies.sources())),
        "writing": one_of([*endpoint, *model]),
        "endpoint_writing": one_of(endpoint),
        "model_writing": one_of(model),
        "split": "[a-z]+(-n[0-9]+(-draw[0-9]+)?)?",
        "budget": "n[0-9]+(-matched-[a-z_]+)?",
        "seed": "[0-9]+",
        "rate": "[0-9.e+-]+",
        "figure": "[a-z0-9_]+",
    }


def unwritten(studies: Studies) -> str:
    """Give the constraint of variants that no writer writes: the rules of data.smk write those."""
    written = one_of(studies.written_variants)
    return rf"(?!(?:{written})/)[A-Za-z0-9][A-Za-z0-9._-]*"
