"""Questions about things, which a corpus asks as well: what fine-tuning on facts should leave."""

from random import Random

from showhow.base.errors import ShowhowError
from showhow.tasks.knowledge.facts_of_things import facts_of_things
from showhow.tasks.knowledge.task_of_facts import TaskOfFacts, ask_for
from showhow.tasks.knowledge.wording import question
from showhow.tasks.problem import Problem
from showhow.tasks.task import TaskSettings, seed_of


class Things(TaskOfFacts):
    """All splits are of one domain; a fact that is tested is not trained on."""

    kind = "things"
    Settings = TaskSettings

    def evaluation_splits(self, settings: TaskSettings) -> tuple[str, ...]:
        return ("test",)

    def check(self, settings: TaskSettings) -> None:
        """A seed contradicts nothing."""

    def generate(
        self, settings: TaskSettings, split: str, count: int, exclude: set[str], draw: int = 0
    ) -> list[Problem]:
        facts = list(facts_of_things())
        Random(f"things {settings.seed}").shuffle(facts)
        # The training set begins at the other end, so that a test set of any size comes first.
        in_order = reversed(facts) if split == "train" else facts
        left = [fact for fact in in_order if question(*fact[:2]) not in exclude]
        if draw:
            Random(f"things {seed_of(settings, draw)}").shuffle(left)
        if len(left) < count:
            raise ShowhowError(
                f"The task 'things' has {len(left)} facts for the split '{split}', not {count}; "
                "ask for fewer."
            )
        return [ask_for(*fact, split, index) for index, fact in enumerate(left[:count])]


TASK = Things()
