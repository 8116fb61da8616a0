"""What the rules of writing.smk read and are told.

A writing is what one writer writes for one variant: the variant's name, with the base's behind it
where the variant starts from a base's own answers.
"""

from showhow.recipes.writers import EndpointWriter, ModelWriter
from showhow.responses.written_variant import WriterSettings, WrittenVariant
from showhow.study import grid
from showhow.study.inputs import Inputs
from showhow.study.inputs.told import told
from showhow.study.paths import ANSWERS, CHECKSUMS, REPLIES, USAGE, WRITTEN, Split
from showhow.study.studies import Wildcards

NAMES = ("writing", "endpoint_writing", "model_writing")


class WritingInputs(Inputs):
    """Responses that a language model writes."""

    def _writing(self, wildcards: Wildcards) -> str:
        return next(wildcards.get(name) for name in NAMES if wildcards.get(name))

    def _variant(self, wildcards: Wildcards) -> str:
        return self._writing(wildcards).partition("/")[0]

    def _base(self, wildcards: Wildcards) -> str | None:
        """Name the base of a writing; None where there is none."""
        return self._writing(wildcards).partition("/")[2] or None

    def _settings(self, wildcards: Wildcards) -> WriterSettings:
        return self.studies.writer_settings(self._variant(wildcards))

    def _writer(self, wildcards: Wildcards) -> EndpointWriter | ModelWriter:
        return self.studies.writer_of(self._variant(wildcards))

    # What a writer is asked.

    def asking(self, wildcards: Wildcards) -> str:
        """How an endpoint is reached is told by the surroundings.

        Everything is asked for the largest training set; the smaller ones are its first part.
        """
        settings, variant = self._settings(wildcards), self._variant(wildcards)
        loaded = self.studies.variant(variant)
        assert isinstance(loaded, WrittenVariant)
        return told(
            writer_name=settings.writer,
            writer=self._writer(wildcards).model_dump(mode="json", exclude={"service"}),
            template=loaded.template(settings),
            count=self.studies.largest_training_set(wildcards.task, variant),
            attempts=settings.attempts,
            answer_form=self.studies.answer_form(wildcards.task),
        )

    def replies(self, wildcards: Wildcards) -> str:
        """Name the file of all replies: outside the results, as they are paid for."""
        return REPLIES.format(task=wildcards.task, writing=self._writing(wildcards))

    def references_read(self, wildcards: Wildcards) -> list[str]:
        loaded = self.studies.variant(self._variant(wildcards))
        assert isinstance(loaded, WrittenVariant)
        if not loaded.needs_reference(self._settings(wildcards)):
            return []
        return self._references(wildcards)

    def _references(self, wildcards: Wildcards) -> list[str]:
        """List the responses that the writer starts from."""
        reference, base = self._settings(wildcards).reference, self._base(wildcards)
        if reference is None:
            return []
        task, split = wildcards.task, wildcards.split
        return [self.studies.responses(task, reference, split, base or "")]

    def answers_read(self, wildcards: Wildcards) -> list[str]:
        base = self._base(wildcards)
        if base is None:
            return []
        return [ANSWERS.format(task=wildcards.task, model=base, split=wildcards.split)]

    # A writer that runs here.

    def model_of_writer(self, wildcards: Wildcards) -> str:
        return self._writer(wildcards).model

    def folder_of_writer(self, wildcards: Wildcards) -> str:
        return self.studies.base_folder(self.model_of_writer(wildcards))

    def checksums_of_writer(self, wildcards: Wildcards) -> str:
        return self.studies.base_file(CHECKSUMS, self.model_of_writer(wildcards))

    # Responses, out of what was written.

    def _is_training(self, wildcards: Wildcards) -> bool:
        return Split.read(wildcards.split).is_training

    def problems(self, wildcards: Wildcards) -> list[str]:
        """A training set is the first problems with a response, in the order of its draw."""
        split = Split.read(wildcards.split)
        pool = self.studies.shared_pool(wildcards.task)
        if split.draw and pool:
            split = pool.drawn(split.draw)
        elif split.is_training:
            split = self._pool(wildcards)
        return self.studies.problems(wildcards.task, [split])

    def _pool(self, wildcards: Wildcards) -> Split:
        return self.studies.written_pool(wildcards.task, self._variant(wildcards))

    def texts(self, wildcards: Wildcards) -> list[str]:
        if not self._is_training(wildcards):
            return []
        names = {"task": wildcards.task, "writing": self._writing(wildcards)}
        return [WRITTEN.format(**names, split=self._pool(wildcards))]

    def references_of_evaluation(self, wildcards: Wildcards) -> list[str]:
        return [] if self._is_training(wildcards) else self._references(wildcards)

    def taking(self, wildcards: Wildcards) -> str:
        split = Split.read(wildcards.split)
        return told(
            count=grid.rows_of(self.configuration, wildcards.task, split),
            answer_form=self.studies.answer_form(wildcards.task),
        )

    def usages_of(self, study: str) -> list[dict[str, str]]:
        """Say what writers were asked for a study: by task and writing, and where it stands."""
        runs = self.studies.runs_of(study)
        written = {(run.task, run.variant, self.studies.base_for(run)) for run in runs}
        asked = sorted(
            {
                (task, self.studies.writing_of(variant, base), variant)
                for task, variant, base in written
                if self.studies.is_written(variant)
            }
        )
        return [
            {
                "task": task,
                "writing": writing,
                "usage": USAGE.format(
                    task=task, writing=writing, split=self.studies.written_pool(task, variant)
                ),
            }
            for task, writing, variant in asked
        ]
