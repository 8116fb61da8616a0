"""What each rule reads and is told: one module for each file of rules, one method for each word.

A method gets the wildcards of a job. What it gives is an input file, a list of them, or what the
stage is told as one JSON object: the value of its flag --options (showhow.jobs.options).
"""

from showhow.study.studies import Studies, Wildcards


class Inputs:
    """What all of them ask: the studies, and the configuration behind these."""

    def __init__(self, studies: Studies):
        self.studies = studies
        self.configuration = studies.configuration

    def seed_of_samples(self, wildcards: Wildcards) -> int | None:
        """Give what a run's sampled answers are drawn with; None where they are greedy.

        Those of a base or a trial are drawn with 0.
        """
        seed = wildcards.get("seed")
        return int(seed) if seed is not None and self.configuration.evaluation.sampling else None

    def prompting(self, model: str) -> dict[str, bool | None]:
        """Say how texts are put to a model, or to one of its bases."""
        return {
            "space_digits": self.configuration.training_of(model).space_digits,
            "chat": self.configuration.chat_of(model),
        }
