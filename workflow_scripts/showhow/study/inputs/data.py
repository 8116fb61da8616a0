"""What the rules of data.smk read and are told."""

from functools import cache
from pathlib import Path
from typing import Any

from showhow.base.hashing import content_hash
from showhow.responses.base_variant import Reads
from showhow.study import grid
from showhow.study.inputs import Inputs
from showhow.study.inputs.told import told
from showhow.study.paths import ANSWERS, MEMORY, PROBE, RESPONSES_FOR_BASE, Split
from showhow.study.studies import Studies, Wildcards
from showhow.tasks.own_data.settings import FETCHED

FAMILIAR, UNFAMILIAR = "familiar", "unfamiliar"


class DataInputs(Inputs):
    """Problems, the responses to them, and what a base itself answers."""

    def __init__(self, studies: Studies):
        super().__init__(studies)
        self._files_of = cache(self._list_files)
        self._contents_of = cache(self._hash_files)
        self._hub_data = studies.sources()

    # Problems.

    def files(self, wildcards: Wildcards) -> list[str]:
        """List files that come from the hub, and own ones beside them.

        What is in own ones counts, as told in `contents`; where all are, what is taken from them.
        """
        return [str(file) for file in self._files_of(wildcards.task)]

    def _list_files(self, task: str) -> list[Path]:
        kind, settings = self.studies.task(task)
        return [] if task in self.studies.own_data else kind.files(settings)

    def _hash_files(self, task: str) -> list[str]:
        """What comes from the hub is known by its revision, before it is there."""
        own = [file for file in self._files_of(task) if not file.is_relative_to(FETCHED)]
        return [content_hash(file) for file in own if file.exists()]

    def contents(self, wildcards: Wildcards) -> list[str]:
        return self._contents_of(wildcards.task)

    def problems_made_before(self, wildcards: Wildcards) -> list[str]:
        """List the sets to evaluate on that come first; what equals a problem there is rejected."""
        splits = list(self.studies.splits_kept_apart(wildcards.task))
        place = splits.index(wildcards.split) if wildcards.split in splits else len(splits)
        return self.studies.problems(wildcards.task, splits[:place])

    def pool_drawn_from(self, wildcards: Wildcards) -> list[str]:
        """Name the pool that a seed's training set is drawn from, where there is one."""
        pool = self.studies.shared_pool(wildcards.task)
        drawn = pool if Split.read(wildcards.split).draw else None
        return self.studies.problems(wildcards.task, [drawn] if drawn else [])

    def making_problems(self, wildcards: Wildcards) -> str:
        split = Split.read(wildcards.split)
        return told(
            **self._task(wildcards.task),
            split=split.name,
            count=self.count(wildcards),
            draw=split.draw or None,
        )

    def _task(self, task: str) -> dict[str, Any]:
        """Tell a stage of a task; how files of the user's own are read, the surroundings tell."""
        kind = self.configuration.tasks[task].kind
        if task in self.studies.own_data:
            return {"kind": kind, "own_data": task}
        return {"kind": kind, "settings": self.configuration.task_settings(task)}

    def count(self, wildcards: Wildcards) -> int:
        """Say how many problems a split has."""
        return grid.rows_of(self.configuration, wildcards.task, Split.read(wildcards.split))

    def problems_of_every_split(self, wildcards: Wildcards) -> list[str]:
        task = wildcards.task
        splits = [*self.studies.splits_of(task), *self._training_splits(task)]
        return self.studies.problems(task, splits)

    def _training_splits(self, task: str) -> list[Split]:
        """List the training sets; what is picked by its memory level is picked from one pool."""
        variants = grid.variants_of(self.configuration, task)
        if any(self.studies.reads_of_base(variant) == "memory" for variant in variants):
            return [self.studies.measured_pool]
        runs = [run for run in self.studies.runs.values() if run.task == task]
        return sorted(
            set(map(self.studies.training_set, runs)), key=lambda split: (split.n_train, split.draw)
        )

    def describing_data(self, wildcards: Wildcards) -> str:
        return told(task=wildcards.task, **self._task(wildcards.task))

    def problems_to_evaluate_on(self, wildcards: Wildcards) -> list[str]:
        return self.studies.problems(wildcards.task, self.studies.splits_of(wildcards.task))

    def counting_contamination(self, wildcards: Wildcards) -> str:
        return told(kind=self.configuration.tasks[wildcards.task].kind)

    def describing_source(self, wildcards: Wildcards) -> str:
        task = wildcards.task
        asked = grid.rows_of(self.configuration, task, Split.read("test"))
        return told(**self._task(task), asked=asked)

    def fetching_data(self, wildcards: Wildcards) -> str:
        return told(source=self._hub_data[wildcards.hub_file])

    # Responses.

    def problems(self, wildcards: Wildcards) -> list[str]:
        return self.studies.problems(wildcards.task, [wildcards.split])

    def writing_responses(self, wildcards: Wildcards) -> str:
        return told(**self._task_and_variant(wildcards))

    def _task_and_variant(self, wildcards: Wildcards) -> dict[str, Any]:
        return {
            "task_kind": self.configuration.tasks[wildcards.task].kind,
            "variant_kind": self.configuration.variant_of(wildcards.variant).kind,
            "settings": self.configuration.variant_settings(wildcards.variant),
        }

    # What a base itself answers, and responses that depend on it.

    def questions_for_base(self, wildcards: Wildcards) -> list[str]:
        """List what a base is asked.

        One with a voice is asked for responses in it, which limit its own; any other just asked.
        """
        if not self._has_voice(wildcards):
            return []
        names = {key: getattr(wildcards, key) for key in ("task", "model", "split")}
        return [RESPONSES_FOR_BASE.format(variant=FAMILIAR, **names)]

    def problems_for_base(self, wildcards: Wildcards) -> list[str]:
        if self._has_voice(wildcards):
            return []
        return self.studies.problems(wildcards.task, [wildcards.split])

    def _has_voice(self, wildcards: Wildcards) -> bool:
        return self.configuration.voice_of(wildcards.model) is not None

    def answering(self, wildcards: Wildcards) -> str:
        return told(
            evaluation=self.configuration.evaluation.greedy,
            answering=self.configuration.answering,
            **self.prompting(wildcards.model),
        )

    def problems_to_respond_to(self, wildcards: Wildcards) -> list[str]:
        """What is picked by the base's answers is the draw's first that there is a response to."""
        split = Split.read(wildcards.split)
        if self._reads(wildcards) == "answers":
            split = self._pool(wildcards).drawn(split.draw)
        elif self._reads(wildcards) == "memory":
            split = self._pool(wildcards)
        return self.studies.problems(wildcards.task, [split])

    def _reads(self, wildcards: Wildcards) -> Reads | None:
        """Say what the variant reads of the base: it does so for training problems alone."""
        training = Split.read(wildcards.split).is_training
        return self.studies.reads_of_base(wildcards.variant) if training else None

    def _pool(self, wildcards: Wildcards) -> Split:
        """Name the training problems that the base is asked: not all of them are responded to."""
        if self._reads(wildcards) == "memory":
            return self.studies.measured_pool
        shared = self.studies.shared_pool(wildcards.task)
        if shared and Split.read(wildcards.split).draw:
            return shared
        asked = self.count(wildcards) * self.configuration.answering.problems_per_example
        return Split.training(asked)

    def answers(self, wildcards: Wildcards) -> list[str]:
        if self._reads(wildcards) != "answers":
            return []
        pool = self._pool(wildcards)
        return [ANSWERS.format(task=wildcards.task, model=wildcards.model, split=pool)]

    def perplexities(self, wildcards: Wildcards) -> list[str]:
        if self._reads(wildcards) != "perplexities":
            return []
        probe = PROBE.format(model=wildcards.model, task=wildcards.task, variant=UNFAMILIAR)
        return [f"{probe}/{wildcards.split}.jsonl"]

    def memory(self, wildcards: Wildcards) -> list[str]:
        if self._reads(wildcards) != "memory":
            return []
        memory = MEMORY.format(model=wildcards.model, task=wildcards.task)
        return [f"{memory}-{self._pool(wildcards)}.jsonl"]

    def writing_responses_for_base(self, wildcards: Wildcards) -> str:
        return told(
            **self._task_and_variant(wildcards),
            voice=self.configuration.voice_of(wildcards.model),
            draw=Split.read(wildcards.split).draw,
            count=self.count(wildcards),
        )
