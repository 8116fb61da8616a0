"""What a synthetic corpus holds."""

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from showhow.recipes.described import Recipe
from showhow.recipes.names import SkillName, TaskName
from showhow.recipes.voices import VoiceName


class CorpusRecipe(Recipe):
    """The synthetic corpus that the models of the local ladder are pretrained on."""

    examples: PositiveInt = Field(64000, description="Exercises in the corpus.")
    seed: NonNegativeInt = Field(0, description="Seed of the exercises.")
    skills: dict[SkillName, PositiveFloat] = Field(
        dict.fromkeys(
            (
                "copy",
                "sort",
                "smallest",
                "largest",
                "add",
                "last_digit",
                "median",
                "substitute",
                "digit_sum",
                "columns",
                "reverse",
                "flip",
            ),
            1.0,
        )
        | {"structure": 4.0},
        min_length=1,
        description="The skills that the corpus shows (showhow.corpus.exercises), each with its "
        "relative weight.",
    )
    voice: VoiceName | None = Field(
        None,
        description="The voice that is familiar to a base of this corpus: a or b "
        "(showhow.tasks.voices); null where it shows no solutions.",
    )
    solutions: dict[TaskName, PositiveFloat] = Field(
        {},
        description="Tasks whose worked solutions the corpus shows in its voice, each with its "
        "weight beside the skills. The problems to evaluate on are left out.",
    )
    other_voice: dict[TaskName, PositiveFloat] = Field(
        {},
        description="Tasks whose worked solutions it shows in the other voice, each with its "
        "weight, so that the base has met that voice's words.",
    )
    facts: tuple[TaskName, ...] = Field(
        (),
        description="Tasks of the kind facts whose facts it states, beside the exercises: each as "
        "often as the task's exposures say, and never as a question.",
    )
