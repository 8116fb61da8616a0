"""Questions about things, which a corpus asks as well: what fine-tuning on facts should leave."""

from random import Random

from showhow.base.errors import ShowhowError
from showhow.tasks.knowledge.facts_of_things import facts_of_things
from showhow.tasks.knowledge.wording import beginnings, question
from showhow.tasks.problem import Problem, Step, problem_id
from showhow.tasks.task import Level, Task, TaskSettings


class Things(Task):
    """All splits are of one domain; a fact that is tested is not trained on."""

    kind = "things"
    Settings = TaskSettings

    def evaluation_splits(self, settings: TaskSettings) -> tuple[str, ...]:
        return ("test",)

    def check(self, settings: TaskSettings) -> None:
        """A seed contradicts nothing."""

    def generate(
        self, settings: TaskSettings, split: str, count: int, exclude: set[str]
    ) -> list[Problem]:
        facts = list(facts_of_things())
        Random(f"things {settings.seed}").shuffle(facts)
        # The training set begins at the other end, so that a test set of any size comes first.
        in_order = reversed(facts) if split == "train" else facts
        left = [fact for fact in in_order if question(*fact[:2]) not in exclude]
        if len(left) < count:
            raise ShowhowError(
                f"The task 'things' has {len(left)} facts for the split '{split}', not {count}; "
                "ask for fewer."
            )
        return [_problem(*fact, split, index) for index, fact in enumerate(left[:count])]

    def canonical(self, problem: Problem) -> str:
        return problem.prompt

    def explain(self, step: Step, level: Level) -> str:
        raise ShowhowError("A fact has no steps to explain; use variants that answer alone.")

    def wrong_result(self, step: Step, random: Random) -> str:
        raise ShowhowError("A fact has no steps; use variants that answer alone.")


def _problem(thing: str, relation: str, object: str, split: str, index: int) -> Problem:
    prompt = question(thing, relation)
    return Problem(
        id=problem_id(split, index),
        split=split,
        prompt=prompt,
        answer=object,
        steps=(),
        groups={"length": len(prompt.split()), "relation": relation},
        last_operand=thing.split()[-1],
        beginnings=beginnings(thing, relation),
    )


TASK = Things()
