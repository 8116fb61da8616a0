"""What the rule of training.smk reads and is told."""

from dataclasses import asdict

from showhow.study.inputs import Inputs
from showhow.study.inputs.told import told
from showhow.study.paths import RUN, Run
from showhow.study.studies import Wildcards, bases_of


class TrainingInputs(Inputs):
    """One run: a base model fine-tuned on N responses of one variant with one seed."""

    @property
    def with_an_adapter(self) -> str:
        """Give the constraint of models of which an adapter is trained."""
        return bases_of(filter(self.studies.is_adapted, self.configuration.models))

    def run(self, wildcards: Wildcards) -> Run:
        return self.studies.runs[RUN.format(**wildcards)]

    def responses(self, wildcards: Wildcards) -> str:
        run = self.run(wildcards)
        return self._training_set(run, run.variant)

    def reference(self, wildcards: Wildcards) -> list[str]:
        """Only a run matched on target tokens reads another variant's responses."""
        run = self.run(wildcards)
        if run.match != "target_tokens":
            return []
        return [
            self._training_set(run, self.configuration.training_of(run.model).reference_variant)
        ]

    def _training_set(self, run: Run, variant: str) -> str:
        split = self.studies.training_split(variant, run.n_train, run.seed)
        return self.studies.responses(run.task, variant, split, self.studies.base_for(run))

    def fine_tuning(self, wildcards: Wildcards) -> str:
        run = self.run(wildcards)
        model, base = self.configuration.models[run.model], self.studies.base_for(run)
        return told(
            run=asdict(run),
            recipe=self.configuration.training_keys_of(run.model, run.match),
            base_name=base if base != run.model else None,
            random_weights=model.kind == "ladder" and model.start == "random",
        )

    def sooner_if_matched(self, wildcards: Wildcards) -> float:
        """Begin the longest runs early: one that is left to the end has a core idle beside it."""
        return 0.5 if self.run(wildcards).match != "examples" else 0
