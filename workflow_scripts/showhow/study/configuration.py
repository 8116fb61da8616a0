"""What a configuration may hold: the source of config files' meaning and of their JSON schema.

python -m showhow.study.configuration > schemas/config.schema.json
"""

import json
from dataclasses import replace
from functools import cached_property
from random import Random
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    TypeAdapter,
    WrapValidator,
)

from showhow.recipes.analysis import AnalysisSettings
from showhow.recipes.base_models import (
    AnyModel,
    LadderModel,
    ModelDescription,
)
from showhow.recipes.corpus import CorpusRecipe
from showhow.recipes.described import Described
from showhow.recipes.evaluation import AnsweringSettings, EvaluationSettings
from showhow.recipes.names import (
    ClaimName,
    FigureName,
    ModelName,
    PairOfVariants,
    TaskKind,
    TaskName,
    VariantKind,
    VariantName,
    existing,
)
from showhow.recipes.probes import MemorySettings, ProbeSettings
from showhow.recipes.surroundings import ClusterSettings, KeepingSettings, TrackingSettings
from showhow.recipes.training import Match, PretrainingRecipe, TrainingSettings
from showhow.recipes.voices import VoiceName
from showhow.recipes.writers import WriterDescription
from showhow.responses import load_variant
from showhow.study.paths import Base
from showhow.tasks import load_task
from showhow.tasks.task import Task, TaskSettings

UNREAD_WHEN_MATCHED_ON: dict[Match, set[str]] = {
    "examples": {"steps", "reference_variant"},
    "target_tokens": {"steps"},
    "steps": {"epochs", "min_steps", "reference_variant"},
}

# Sections that change no result.
WITHOUT_EFFECT = ("keeping", "cluster", "tracking", "service", "own", "results", "runs_code")

# Names become parts of paths and of command lines.
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]


NamedTask = Annotated[Name, existing("task")]


class TaskConfiguration(Described):
    """A task: a kind with settings."""

    kind: TaskKind = Field(
        description="The file in showhow/tasks that makes and solves the problems."
    )
    settings: dict[str, Any] = Field(
        {}, description="What the kind is told; each kind has its own keys and defaults."
    )
    test_size: dict[Name, PositiveInt] = Field(
        {},
        description="Problems in each evaluation split, and in `validation` where a learning rate "
        "or a checkpoint is chosen; a split not named here gets 200.",
    )


class VariantConfiguration(Described):
    """A way of writing responses: a kind with settings."""

    kind: VariantKind = Field(
        description="The file in showhow/responses that writes the responses."
    )
    settings: dict[str, Any] = Field(
        {}, description="What the kind is told; each kind has its own keys and defaults."
    )


def _read_size(written: Any, _: Any) -> Any:
    """Read a number as one, so that one sentence says what is wrong with it."""
    return ALL if written == ALL else TypeAdapter(PositiveInt).validate_python(written)


ALL = "all"
Size = Annotated[PositiveInt | Literal["all"], WrapValidator(_read_size)]
"""How many problems a training set has: a number, or all that there are."""


class Grid(Described):
    """Runs: every combination of what its lists name."""

    name: Name = Field(description="The grid's name; it serves messages only.")
    tasks: tuple[TaskName, ...] = Field(min_length=1, description="Tasks, by name.")
    variants: tuple[VariantName, ...] = Field(
        min_length=1, description="Variants: kinds, or names under `variants`."
    )
    models: tuple[ModelName, ...] = Field(min_length=1, description="Base models, by name.")
    n_train: Annotated[
        tuple[Size, ...], BeforeValidator(lambda told: (ALL,) if told == ALL else told)
    ] = Field(
        min_length=1,
        description="Training set sizes; all takes every training problem of the user's data that "
        "no test or validation problem equals.",
    )
    seeds: tuple[NonNegativeInt, ...] = Field(
        (1, 2, 3),
        min_length=1,
        description="Seeds: each draws its own training set, the order of batches and dropout.",
    )
    match: Match = Field(
        "examples",
        description="What all runs of one size have in common: examples, target_tokens or steps.",
    )


class Probes(Described):
    """What a study measures of its base models, beside the runs."""

    perplexity: bool = Field(
        False,
        description="Measure the perplexity of each arm's largest training set under its base.",
    )
    accuracy: dict[NamedTask, VariantName] = Field(
        {},
        description="Tasks that each base is asked before fine-tuning, with the variant as which "
        "its answers are read and whose length limits them.",
    )
    memory: bool = Field(
        False, description="Measure how well each base knows the facts of the study's tasks."
    )
    retention: dict[NamedTask, VariantName] = Field(
        {},
        description="Tasks whose test split the runs of other tasks are asked as well, with the "
        "variant as which the answers are read and whose length limits them.",
    )
    faithfulness: NonNegativeInt = Field(
        0,
        description="Test problems, for each run that explains before it answers, of which a step "
        "of the model's own explanation is changed, to see whether its answer follows; 0 for none.",
    )


class Study(Described):
    """A grid of runs, the claims it tests, the variants it compares and the figures it draws."""

    title: str = Field("", description="The question, as the report's heading.")
    claims: tuple[ClaimName, ...] = Field(
        (), description="Claims to test, by identifier; none that is not named."
    )
    compare: tuple[PairOfVariants, ...] = Field(
        (),
        description="Pairs of variants, as in [[one, other]]: by how much the first is more often "
        "right than the second, for each task, model and training size.",
    )
    figures: tuple[FigureName, ...] = Field(
        ("error_taxonomy",),
        description="Figures to draw, by name; `comparison` as well where variants are compared.",
    )
    probes: Probes = Field(
        Probes(), description="What is measured of the base models, beside the runs."
    )
    grids: tuple[Grid, ...] = Field(
        min_length=1, description="The runs; a run that two grids name is made once."
    )


class Configuration(Described):
    """A whole configuration: what there is, how it is trained, and the studies over it."""

    seed: NonNegativeInt = Field(0, description="Seed of the problems of every task.")
    training_sets: Literal["per_seed", "shared"] = Field(
        "per_seed",
        description="Whether runs with another seed train on other problems (per_seed), or on the "
        "same in another order (shared).",
    )
    own: str = Field(
        "own",
        min_length=1,
        description="The folder of your own files: tasks, variants, figures and claims are found "
        "in its folders tasks, responses, figures and claims.",
    )
    runs_code: bool = Field(
        False,
        description="Whether programs that models write, or that data hold, may be run on this "
        "machine: answers of kind program ask for it. Each runs in a sandbox of bubblewrap, "
        "without network, home or environment; never without one.",
    )
    results: str = Field(
        "results",
        min_length=1,
        description="The folder of all that is made. Configurations with folders of their own do "
        "not touch each other's results.",
    )
    tasks: dict[Name, TaskConfiguration] = Field({}, description="The tasks that studies can name.")
    variants: dict[Name, VariantConfiguration] = Field(
        {}, description="Variants with settings; every kind is there by its own name as well."
    )
    writers: dict[Name, WriterDescription] = Field(
        {}, description="The language models that variants can have responses written by."
    )
    models: dict[Name, ModelDescription] = Field(
        {}, description="The base models that studies can name."
    )
    corpus: CorpusRecipe = Field(
        CorpusRecipe(), description="What models of the ladder are pretrained on."
    )
    pretraining: PretrainingRecipe = Field(
        PretrainingRecipe(), description="How models of the ladder are pretrained."
    )
    training: TrainingSettings = Field(
        TrainingSettings(), description="How base models are fine-tuned."
    )
    evaluation: EvaluationSettings = Field(
        EvaluationSettings(), description="How fine-tuned models are asked."
    )
    probes: ProbeSettings = Field(
        ProbeSettings(), description="How base models are measured before fine-tuning."
    )
    memory: MemorySettings = Field(
        MemorySettings(), description="How well base models know facts, before fine-tuning."
    )
    answering: AnsweringSettings = Field(
        AnsweringSettings(), description="How base models are asked training problems."
    )
    keeping: KeepingSettings = Field(
        KeepingSettings(), description="What stays on the disk beside results."
    )
    cluster: ClusterSettings = Field(
        ClusterSettings(), description="What jobs ask of the machines that they run on."
    )
    tracking: TrackingSettings = Field(
        TrackingSettings(), description="Where running trainings are told of."
    )
    analysis: AnalysisSettings = Field(
        AnalysisSettings(), description="By which margins claims are decided."
    )
    studies: dict[Name, Study] = Field(min_length=1, description="The studies, by name.")

    def base_of(self, model: str) -> str:
        """Name the model whose base this one starts from: the first that is described alike.

        Models that differ in how they are fine-tuned alone share one base, and each of several.
        """
        named = Base.read(model)
        return str(replace(named, model=self._bases[named.model]))

    @cached_property
    def counted(self) -> dict[str, int | None]:
        """What is known of how many training problems tasks have (showhow.study.grid)."""
        return {}

    @cached_property
    def _bases(self) -> dict[str, str]:
        """Name the base of every model, once: each job of a plan asks for it several times."""
        beside_the_base = {"training": None, "bases": 1}
        descriptions = {
            name: model.model_copy(update=beside_the_base) for name, model in self.models.items()
        }
        return {
            name: next(first for first, other in descriptions.items() if other == description)
            for name, description in descriptions.items()
        }

    def model(self, name: str) -> ModelDescription:
        """Describe a model by its own name or by that of one of its bases."""
        return self.models[Base.read(name).model]

    def instances_of(self, model: str) -> int:
        """Say how many bases a model has; 0 where every seed has its own."""
        described = self.model(model)
        bases = described.bases if described.kind == "ladder" else 1
        return 0 if bases == "per_seed" else bases

    def base_for(self, model: str, seed: int) -> str:
        """Name the base that a model's runs with this seed start from, by the model's own name."""
        instances = self.instances_of(model)
        return str(Base(model, (seed - 1) % instances + 1 if instances else seed))

    def ladder_model(self, name: str) -> LadderModel:
        """Give a model that is one of the ladder."""
        model = self.model(name)
        assert isinstance(model, LadderModel)
        return model

    def training_of(self, model: str) -> TrainingSettings:
        """Give the fine-tuning recipe of a model: the common one with the model's own keys."""
        return self.training.overridden_by(self.model(model).training)

    def pretraining_of(self, model: str) -> PretrainingRecipe:
        """Give the pretraining recipe of a model of the ladder."""
        return self.pretraining.overridden_by(self.ladder_model(model).pretraining)

    def corpus_of(self, model: str) -> CorpusRecipe:
        """Give the recipe of the corpus that a model of the ladder is pretrained on."""
        return self.corpus.overridden_by(self.ladder_model(model).corpus)

    def voice_of(self, model: str) -> VoiceName | None:
        """Name the voice that is familiar to a base model, None where none is."""
        described = self.model(model)
        return self.corpus_of(model).voice if described.kind == "ladder" else None

    def chat_of(self, model: str) -> bool | None:
        """Say whether a model is asked in a chat; None where its own template decides."""
        described = self.model(model)
        return None if described.kind == "ladder" else described.chat

    def training_keys_of(self, model: str, match: Match) -> dict[str, Any]:
        """Give the keys of a model's fine-tuning recipe that a run matched in this way reads.

        The learning rate is a list where it is to be chosen.
        """
        unread = {"choose", *UNREAD_WHEN_MATCHED_ON[match]}
        return self.training_of(model).model_dump(mode="json", exclude=unread)

    def pretraining_keys_of(self, model: str) -> dict[str, Any]:
        """Give the keys of a ladder model's pretraining that it reads: random weights, a seed.

        Another of a model's bases has another seed.
        """
        read = {"seed"} if self.ladder_model(model).start == "random" else None
        keys = self.pretraining_of(model).model_dump(mode="json", include=read)
        instance = Base.read(model).instance
        return keys if instance == 1 else {**keys, "seed": seed_of_base(keys["seed"], instance)}

    def resolved(self) -> dict[str, Any]:
        """Give every key with its value, whatever the order in which they were written.

        Left out are the sections that change no result.
        """
        return _in_order(self)

    def loaded_task(self, name: str) -> tuple[Task, TaskSettings]:
        """Give a task's code and its settings; the seed is the configuration's."""
        described = self.tasks[name]
        task = load_task(described.kind)
        return task, task.Settings(**{"seed": self.seed, **described.settings})

    def task_settings(self, name: str) -> dict[str, Any]:
        """Give all of a task's settings, defaults included."""
        _, settings = self.loaded_task(name)
        return settings.model_dump(mode="json")

    def variant_of(self, name: str) -> VariantConfiguration:
        """Give a variant by its own name, or the kind of that name with its defaults."""
        return self.variants.get(name, VariantConfiguration(kind=name))

    def variant_settings(self, name: str) -> dict[str, Any]:
        """Give all of a variant's settings, defaults included."""
        described = self.variant_of(name)
        return load_variant(described.kind).Settings(**described.settings).model_dump(mode="json")


def seed_of_base(seed: int, instance: int) -> int:
    """Draw the seed of one of a model's further bases: no other model's, whatever these write."""
    return Random(f"{seed} base {instance}").randrange(10**6, 2**31)


def _in_order(value: Any, overrides: bool = False) -> Any:
    """Sort the keys that users name; of a model's own recipes give only what was written."""
    if isinstance(value, BaseModel):
        keys = [key for key in type(value).model_fields if key not in WITHOUT_EFFECT]
        written = [key for key in keys if not overrides or key in value.model_fields_set]
        return {key: _in_order(getattr(value, key), isinstance(value, AnyModel)) for key in written}
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_in_order(item) for item in value]
    return value


def schema_text() -> str:
    """Write the JSON schema of a configuration."""
    return json.dumps(Configuration.model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
