"""What the rules of training.smk and tuning.smk read and are told."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from showhow.base.rows import read_record
from showhow.study.inputs import Inputs
from showhow.study.inputs.told import told
from showhow.study.paths import LEARNING_RATES, RUN, VALIDATION, Run
from showhow.study.studies import Wildcards, bases_of


class TrainingInputs(Inputs):
    """One run: a base model fine-tuned on N responses of one variant with one seed."""

    @property
    def with_an_adapter(self) -> str:
        """Give the constraint of models of which an adapter is trained."""
        return bases_of(filter(self.studies.is_adapted, self.configuration.models))

    def run(self, wildcards: Wildcards) -> Run:
        """Name a job's run; that of a trial has the learning rate that is tried beside it."""
        if wildcards.get("rate") is not None:
            return self.studies.trial_of(wildcards)
        return self.studies.runs[RUN.format(**wildcards)]

    def responses(self, wildcards: Wildcards) -> str:
        run = self.run(wildcards)
        return self._training_set(run, run.variant, wildcards)

    def reference(self, wildcards: Wildcards) -> list[str]:
        """Only a run matched on target tokens reads another variant's responses."""
        run = self.run(wildcards)
        if run.match != "target_tokens":
            return []
        variant = self.configuration.training_of(run.model).reference_variant
        return [self._training_set(run, variant, wildcards)]

    def _training_set(self, run: Run, variant: str, wildcards: Wildcards) -> str:
        split = self.studies.training_split(variant, run.n_train, run.seed)
        base = self.studies.base_named(wildcards)
        return self.studies.responses(run.task, variant, split, base)

    def fine_tuning(self, wildcards: Wildcards) -> str:
        run = self.run(wildcards)
        model, base = self.configuration.models[run.model], self.studies.base_named(wildcards)
        return told(
            run=asdict(run),
            recipe=self._recipe(run, wildcards),
            base_name=base if base != run.model else None,
            chat=self.configuration.chat_of(run.model),
            random_weights=model.kind == "ladder" and model.start == "random",
            choosing=self._choosing_checkpoint(run),
        )

    def _choosing_checkpoint(self, run: Run) -> dict[str, Any] | None:
        """Say how the run's checkpoint is chosen; None where the last one is kept."""
        checkpoint = self.configuration.training_of(run.model).checkpoint
        if checkpoint is None:
            return None
        return {
            "every": checkpoint.every,
            "settings": self.configuration.evaluation,
            "answer_form": self.studies.answer_form(run.task),
        }

    def validation(self, wildcards: Wildcards) -> list[str]:
        """Name the problems by which a run's checkpoint is chosen; none where the last is kept."""
        if self.configuration.training_of(wildcards.model).checkpoint is None:
            return []
        return self.studies.problems(wildcards.task, [VALIDATION])

    def validation_responses(self, wildcards: Wildcards) -> list[str]:
        if not self.validation(wildcards):
            return []
        base = self.studies.base_named(wildcards)
        return [self.studies.responses(wildcards.task, wildcards.variant, VALIDATION, base)]

    def _recipe(self, run: Run, wildcards: Wildcards) -> dict[str, Any]:
        """Give the keys of the recipe with the one rate that the job trains with.

        Of a run whose rate is not chosen yet, nothing runs; then all that it is chosen from.
        """
        recipe = self.configuration.training_keys_of(run.model, run.match)
        if wildcards.get("rate") is not None:
            return {**recipe, "learning_rate": float(wildcards.rate)}
        if self.is_tuned(wildcards) and Path(run.chosen).is_file():
            chosen = read_record(run.chosen, ["learning_rate"])
            return {**recipe, "learning_rate": chosen["learning_rate"]}
        return recipe

    # The choice of a learning rate, of which the first of a model's bases makes the trials.

    def is_tuned(self, wildcards: Wildcards) -> bool:
        """Say whether the model's learning rate is chosen for each condition."""
        return bool(self.configuration.training_of(wildcards.model).rates)

    def scores_of_trials(self, wildcards: Wildcards) -> list[str]:
        run = self.studies.trial_of(wildcards)
        return [f"{run.trial(rate)}/scores.json" for rate in self.studies.rates_of(run)]

    def choosing(self, wildcards: Wildcards) -> str:
        run = self.studies.trial_of(wildcards)
        return told(arm=asdict(run), rates=self.studies.rates_of(run))

    def choices(self, wildcards: Wildcards) -> list[str]:
        """List what was chosen for each condition of a study."""
        return [run.chosen for run in self.studies.tuned_arms(wildcards.study)]

    def table_of_choices(self, study: str) -> list[str]:
        """Name the table of what was chosen, where a study chooses anything."""
        return [LEARNING_RATES.format(study=study)] if self.studies.tuned_arms(study) else []

    def sooner_if_matched(self, wildcards: Wildcards) -> float:
        """Begin the longest runs early: one that is left to the end has a core idle beside it."""
        return 0.5 if self.run(wildcards).match != "examples" else 0
