"""What the rules of probes.smk read and are told."""

from typing import Any

from showhow.probes.faithfulness import explains
from showhow.recipes.probes import MemorySettings
from showhow.study.configuration import Probes
from showhow.study.inputs import Inputs
from showhow.study.inputs.told import told
from showhow.study.paths import MEMORY, PROBE, PROBLEMS, UNTUNED, Base, Run, Split
from showhow.study.studies import Wildcards

TABLES = {
    "-perplexity.csv": ("perplexity",),
    "-untuned.csv": ("accuracy",),
    "-memory.csv": ("memory",),
    "-memory-items.parquet": ("memory",),
    "-checks.csv": ("memory", "accuracy"),
    "-retention.csv": ("retention",),
    "-retention-items.parquet": ("retention",),
    "-faithfulness.csv": ("faithfulness",),
}
"""Of what a study with probes has beside its other tables, the ends of the names, by the probes
that it needs."""
UNREAD_BY_A_MEASUREMENT = {"pool", "compared"}


class ProbeInputs(Inputs):
    """What is measured of a base before fine-tuning, and what of it a tuned model keeps."""

    def _probes(self, study: str) -> Probes:
        return self.configuration.studies[study].probes

    def tables(self, study: str) -> list[str]:
        """List the tables of what a study measures."""
        probes = self._probes(study)
        return [
            f"results/tables/{study}{end}"
            for end, kinds in TABLES.items()
            if all(getattr(probes, kind) for kind in kinds)
        ]

    def every_table(self) -> list[str]:
        return [table for study in self.configuration.studies for table in self.tables(study)]

    # How familiar a variant's responses are to a base.

    def responses(self, wildcards: Wildcards) -> str:
        return self.studies.responses(
            wildcards.task, wildcards.variant, wildcards.split, wildcards.model
        )

    def measuring_perplexity(self, wildcards: Wildcards) -> str:
        identity = {key: getattr(wildcards, key) for key in ("task", "variant", "split")}
        return told(
            identity={**identity, **self._base(wildcards.model)},
            settings=self.configuration.probes,
            **self.prompting(wildcards.model),
        )

    def _base(self, name: str) -> dict[str, str]:
        """Say which model a base is of, and which base it is: as in results/models."""
        return {"model": Base.read(name).model, "base": self.configuration.base_of(name)}

    def perplexities(self, wildcards: Wildcards) -> list[str]:
        """List what is measured of each arm and base: its first seed's largest training set.

        It holds the smaller ones, and another seed's is of the same distribution.
        """
        if not self._probes(wildcards.study).perplexity:
            return []
        largest: dict[str, Run] = {}
        for run in self.studies.runs_of(wildcards.study):
            base = self.studies.base_for(run)
            arm = PROBE.format(model=base, task=run.task, variant=run.variant)
            if arm not in largest or run.n_train > largest[arm].n_train:
                largest[arm] = run
        return [f"{arm}/{self.studies.training_set(run)}.json" for arm, run in largest.items()]

    def tabulating(self, wildcards: Wildcards) -> str:
        return told(study=wildcards.study)

    # How well a base knows the answers.

    def measuring_memory(self, wildcards: Wildcards) -> str:
        return self._measuring(self.configuration.memory, wildcards, first=None)

    def measuring_memory_in_full(self, wildcards: Wildcards) -> str:
        compared = self.configuration.memory.compared
        first = None if compared is None else compared.problems
        return self._measuring(self.configuration.memory.in_full(), wildcards, first)

    def _measuring(self, memory: MemorySettings, wildcards: Wildcards, first: int | None) -> str:
        settings = memory.model_dump(mode="json", exclude=UNREAD_BY_A_MEASUREMENT)
        return told(settings=settings, first=first, **self.prompting(wildcards.model))

    def _parts(self, study: str) -> list[dict[str, str]]:
        """List what is measured, by base, task and split, each with the files that belong to it."""
        asked = self._probes(study).accuracy
        return [
            self._part(model, task, split, asked.get(task))
            for model, task in self.studies.arms_of(study)
            for split in (self.studies.measured_pool, *map(Split, self.studies.splits_of(task)))
        ]

    def _part(self, model: str, task: str, split: Split, variant: str | None) -> dict[str, str]:
        """variant: as which the base's answers before fine-tuning are read; None without any."""
        memory = self.studies.base_file(MEMORY, model, task=task)
        part = {"model": model, "task": task, "split": str(split)}
        part["memory"] = f"{memory}-{split}.jsonl"
        part["problems"] = PROBLEMS.format(task=task, split=split)
        if split.name == "test" and self.configuration.memory.compared:
            part["in_full"] = f"{memory}-in-full-{split}.jsonl"
        if not split.is_training and variant:
            untuned = UNTUNED.format(model=model, task=task, variant=variant)
            part["untuned"] = f"{untuned}/items.jsonl"
        return part

    def memory_files(self, wildcards: Wildcards) -> list[str]:
        files = ("memory", "problems", "in_full", "untuned")
        parts = self._parts(wildcards.study)
        return list(dict.fromkeys(part[kind] for part in parts for kind in files if kind in part))

    def tabulating_memory(self, wildcards: Wildcards) -> str:
        return told(study=wildcards.study, parts=self._parts(wildcards.study))

    # The base itself, on the problems that its fine-tuned models are evaluated on.

    def _untuned(self, study: str) -> list[dict[str, str]]:
        """List which base is asked which task, as which variant, with its scores."""
        asked = self._probes(study).accuracy
        return [
            {
                **self._base(base),
                "task": task,
                "variant": asked[task],
                "scores": f"{UNTUNED}/scores.json".format(
                    model=base, task=task, variant=asked[task]
                ),
            }
            for base, task in self.studies.arms_of(study)
            if task in asked
        ]

    def untuned_scores(self, wildcards: Wildcards) -> list[str]:
        return [arm["scores"] for arm in self._untuned(wildcards.study)]

    def tabulating_untuned(self, wildcards: Wildcards) -> str:
        return told(study=wildcards.study, scores=self._untuned(wildcards.study))

    # Tasks outside the training data.

    def retained_tasks(self, wildcards: Wildcards) -> list[str]:
        return [task for task in self._probes(wildcards.study).retention if task != wildcards.task]

    def _retained(self, wildcards: Wildcards) -> list[dict[str, Any]]:
        """List the tasks, each with the files that belong to it."""
        variants = self._probes(wildcards.study).retention
        base = self.studies.base_named(wildcards)
        return [
            {
                "name": task,
                "problems": PROBLEMS.format(task=task, split="test"),
                "responses": self.studies.responses(task, variants[task], "test", base),
                "before": f"{UNTUNED}/predictions.jsonl".format(
                    model=base, task=task, variant=variants[task]
                ),
                "answer_form": self.studies.answer_form(task),
            }
            for task in self.retained_tasks(wildcards)
        ]

    def retained_files(self, wildcards: Wildcards) -> list[str]:
        kinds = ("problems", "responses", "before")
        retained = self._retained(wildcards)
        return [task[kind] for kind in kinds for task in retained]

    def measuring_retention(self, wildcards: Wildcards) -> str:
        return told(
            tasks=self._retained(wildcards),
            evaluation=self.configuration.evaluation,
            settings=self.configuration.probes,
            seed=self.seed_of_samples(wildcards),
            **self.prompting(wildcards.model),
        )

    # Whether answers follow from explanations.

    def explained(self, study: str) -> dict[str, list[str]]:
        """List the variants of each task whose runs write steps of which one can be changed."""
        explained: dict[str, list[str]] = {}
        for task in self.studies.tasks_of(study):
            kind, _ = self.studies.task(task)
            variants = {run.variant for run in self.studies.runs_of(study) if run.task == task}
            chosen = sorted(name for name in variants if explains(self.studies.variant(name)))
            if kind.carries_on and chosen:
                explained[task] = chosen
        return explained

    def faithfulness_files(self, wildcards: Wildcards) -> list[str]:
        explained = self.explained(wildcards.study)
        return [
            f"{run.directory}/faithfulness.json"
            for run in self.studies.runs_of(wildcards.study)
            if run.variant in explained.get(run.task, ())
        ]

    def test_problems(self, wildcards: Wildcards) -> list[str]:
        return self.studies.problems(wildcards.task, ["test"])

    def measuring_faithfulness(self, wildcards: Wildcards) -> str:
        return told(
            task_kind=self.configuration.tasks[wildcards.task].kind,
            variant_kind=self.configuration.variant_of(wildcards.variant).kind,
            settings=self.configuration.variant_settings(wildcards.variant),
            count=self._probes(wildcards.study).faithfulness,
            evaluation=self.configuration.evaluation.greedy,
            **self.prompting(wildcards.model),
        )

    def tabulating_faithfulness(self, wildcards: Wildcards) -> str:
        return told(explained=self.explained(wildcards.study))
