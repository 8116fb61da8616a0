"""What stays, where it runs and who is told: nothing here changes a result."""

from typing import Literal

from pydantic import Field, NonNegativeFloat

from showhow.recipes.described import Described

# Names that transformers' `report_to` knows; TensorBoard has a key of its own.
Tracker = Literal[
    "clearml",
    "codecarbon",
    "comet_ml",
    "dagshub",
    "dvclive",
    "flyte",
    "mlflow",
    "neptune",
    "swanlab",
    "trackio",
    "wandb",
]


class KeepingSettings(Described):
    """What stays on the disk beside results; nothing here changes a result."""

    weights: Literal["none", "adapters", "best", "all"] = Field(
        "none",
        description="Which fine-tuned weights stay once a run has been evaluated: none, adapters "
        "(and no whole model), best (of runs that differ in the seed alone, those of the one with "
        "the highest accuracy on the test split) or all.",
    )
    checkpoint_seconds: NonNegativeFloat = Field(
        60.0, description="Seconds between two checkpoints of a training."
    )


class ClusterSettings(Described):
    """What jobs ask of the machines that they run on; nothing here changes a result."""

    resources: str = Field(
        "profiles/resources.yaml",
        min_length=1,
        description="The table of what each stage asks for, by the size of its model; the path is "
        "relative to the directory the workflow runs in, or else to that of the Snakefile.",
    )


class TrackingSettings(Described):
    """Where running trainings are told of, beside their logs; nothing here changes a result."""

    tensorboard: bool = Field(
        False, description="Write TensorBoard files, under logs/tensorboard/<run>."
    )
    also: tuple[Tracker, ...] = Field(
        (),
        description="Other trackers to report to; each is installed and set up by you (its account "
        "and project, in environment variables of its own).",
    )

    @property
    def trackers(self) -> tuple[str, ...]:
        return ("tensorboard",) * self.tensorboard + self.also
