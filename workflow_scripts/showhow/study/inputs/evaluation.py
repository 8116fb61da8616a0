"""What the rules of evaluation.smk and keeping.smk read and are told."""

from showhow.study.inputs import Inputs
from showhow.study.inputs.told import told
from showhow.study.paths import CONDITION, VALIDATION, Run
from showhow.study.studies import Wildcards


class EvaluationInputs(Inputs):
    """What a fine-tuned model answers, how right it is, and which weights stay."""

    def base_of_adapter(self, wildcards: Wildcards) -> list[str]:
        """A whole model needs no base any more."""
        adapted = self.studies.is_adapted(wildcards.model)
        base = self.studies.base_named(wildcards)
        return [self.studies.base_folder(base)] if adapted else []

    def order_of_splits(self, wildcards: Wildcards) -> list[str]:
        """Give what answers are written in, and share batches, by the order of.

        Snakemake takes a job's inputs as a set: it sees no order in them.
        """
        return list(self._splits(wildcards))

    def problems(self, wildcards: Wildcards) -> list[str]:
        return self.studies.problems(wildcards.task, self._splits(wildcards))

    def _splits(self, wildcards: Wildcards) -> tuple[str, ...]:
        """Name what a model is asked: of a trial, the problems that its rate is judged by."""
        if wildcards.get("rate") is not None:
            return (VALIDATION,)
        return self.studies.splits_of(wildcards.task)

    def responses(self, wildcards: Wildcards) -> list[str]:
        task, base = wildcards.task, self.studies.base_named(wildcards)
        splits = self._splits(wildcards)
        return [self.studies.responses(task, wildcards.variant, split, base) for split in splits]

    def predicting(self, wildcards: Wildcards) -> str:
        return told(
            settings=self.configuration.evaluation,
            seed=self.seed_of_samples(wildcards),
            **self.prompting(wildcards.model),
        )

    def scoring(self, wildcards: Wildcards) -> str:
        return told(answer_form=self.studies.answer_form(wildcards.task))

    # Of the seeds of one condition the best keeps its weights.

    def kept(self, study: str) -> list[str]:
        """Name the records of which seed is kept; there are some only where the best is."""
        if self.configuration.keeping.weights != "best":
            return []
        return list(dict.fromkeys(run.kept for run in self.studies.runs_of(study)))

    def every_kept(self) -> list[str]:
        return [record for study in self.configuration.studies for record in self.kept(study)]

    def _seeds(self, wildcards: Wildcards) -> list[Run]:
        condition = CONDITION.format(**wildcards)
        return [run for run in self.studies.runs_of(wildcards.study) if run.condition == condition]

    def scores_of_seeds(self, wildcards: Wildcards) -> list[str]:
        return [f"{run.directory}/scores.json" for run in self._seeds(wildcards)]

    def keeping(self, wildcards: Wildcards) -> str:
        return told(runs={run.seed: run.directory for run in self._seeds(wildcards)})
