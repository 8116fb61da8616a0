"""What the tasks and controls give away: shortcuts, wrong and shuffled steps, filler, voices.

    python benchmarks/controls.py

ListOps is the default study's, addition has three digits, parity up to twelve bits. With `--steps`,
a model with random weights is fine-tuned for so many on filler, to see how many of its answers are
cut off.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Annotated

import typer
from materials import default_study, print_table

from showhow.models.tokenizer import ladder_tokenizer
from showhow.responses import load_variant
from showhow.responses.base_variant import KnownBase
from showhow.responses.response import Response
from showhow.tasks import load_task
from showhow.tasks.addition import add_column
from showhow.tasks.listops import modulus_of
from showhow.tasks.listops_expressions import apply
from showhow.tasks.parity import add_bit
from showhow.tasks.problem import Problem, Step
from showhow.tasks.shortcuts import accuracies, try_shortcuts
from showhow.tasks.task import TaskSettings

TASKS = ("listops", "addition", "parity")
BESIDE: dict[str, dict[str, int]] = {"addition": {}, "parity": {"bits_max": 12, "longer_bits": 16}}
"""Settings of the tasks that the default study does not have."""
VOICED = ("familiar", "own_words_other_order", "other_words_own_order", "unfamiliar")
N_TRAIN = 2800


def settings_of(name: str) -> TaskSettings:
    """Give a task's settings, the default study's where it has the task."""
    described = BESIDE[name] if name in BESIDE else default_study().task_settings(name)
    return load_task(name).Settings(**described)


def drawn(name: str, train: int, test: int) -> tuple[list[Problem], dict[str, list[Problem]]]:
    """Draw training problems of a task, and those of its other splits."""
    task, settings = load_task(name), settings_of(name)
    splits = {
        split: task.generate(settings, split, test, set())
        for split in task.evaluation_splits(settings)
    }
    met = {task.canonical(problem) for problems in splits.values() for problem in problems}
    return task.generate(settings, "train", train, met), splits


def shortcuts(training: int, test: int) -> Iterator[list[str]]:
    """Say for each task, split and shortcut how often it is right."""
    for name in TASKS:
        train, splits = drawn(name, training, test)
        right = accuracies(try_shortcuts(name, load_task(name), settings_of(name), train, splits))
        for (split, shortcut), accuracy in right.items():
            yield [f"{name}, {split}: {shortcut}", f"{accuracy:.3f}"]


def evaluate(name: str, step: Step) -> str:
    """Work out what a step's own operands give."""
    if name == "addition":
        return add_column(*map(int, step.operands)).result
    if name == "parity":
        return add_bit(*step.operands).result
    operator = step.operation.split()[0]
    return str(apply(operator, list(map(int, step.operands)), modulus_of(step.operation))[1])


def given_away(name: str, train: list[Problem], read: Callable[[Step], str]) -> tuple[float, float]:
    """Give how often the last wrong step has the right result, and how often another problem's has.

    The other problem's last step does the same operation: that is chance.
    """
    task = load_task(name)
    last = [task.solve_wrongly(problem, Random(problem.id))[-1] for problem in train]
    rights = [problem.steps[-1] for problem in train]
    own = fmean(read(step) == right.result for step, right in zip(last, rights, strict=True))
    others = [
        read(step) == right.result
        for (at, step), (there, right) in product(enumerate(last[:60]), enumerate(rights))
        if at != there and step.operation == right.operation
    ]
    return own, fmean(others)


def spoilt(train: int, test: int) -> Iterator[list[str]]:
    for name in TASKS:
        problems, _ = drawn(name, train, test)
        said = given_away(name, problems, lambda step: step.result)
        found = given_away(name, problems, lambda step, name=name: evaluate(name, step))
        unchanged = fmean(keeps_its_end(name, problem) for problem in problems)
        yield [name, *(f"{share:.3f}" for share in (*said, *found)), f"{unchanged:.3f}"]
    problems, _ = drawn("addition", train, test)
    said = put_together(problems, lambda step: step.result)
    found = put_together(problems, lambda step: evaluate("addition", step))
    yield ["addition, whole answer", *(f"{share:.4f}" for share in (*said, *found)), ""]


def put_together(train: list[Problem], read: Callable[[Step], str]) -> tuple[float, float]:
    """Give how often addition's wrong columns, put together, are the answer, and another's are."""
    task = load_task("addition")
    written = [answer_of(task.solve_wrongly(p, Random(p.id)), read) for p in train]
    own = fmean(said == problem.answer for said, problem in zip(written, train, strict=True))
    others = [
        said == problem.answer
        for (at, said), (there, problem) in product(enumerate(written[:60]), enumerate(train))
        if at != there
    ]
    return own, fmean(others)


def answer_of(columns: Sequence[Step], read: Callable[[Step], str]) -> str:
    """Write the digits of columns from the left, and the last carry before them unless it is 0."""
    digits = [read(step).split()[0] for step in reversed(columns)]
    carry = read(columns[-1]).split()[1]
    return " ".join(digits if carry == "0" else [carry, *digits])


def keeps_its_end(name: str, problem: Problem) -> bool:
    """Say whether the last step stays the last when steps are shuffled."""
    shuffled = load_variant("shuffled_steps")
    task = load_task(name)
    steps = shuffled.write(shuffled.Settings(), task, problem).steps
    return steps[-1] == task.explain(problem.steps[-1], "medium")


def lengths(count: int) -> Iterator[list[str]]:
    """Give the mean tokens of each voiced response, and of filler beside the explanation."""
    tokenizer = ladder_tokenizer()

    def tokens(response: Response) -> int:
        return len(tokenizer(response.response, add_special_tokens=False).input_ids)

    for name in TASKS:
        problems, _ = drawn(name, count, 1)
        task = load_task(name)
        for kind in ("medium", "filler"):
            variant = load_variant(kind)
            mean = fmean(tokens(variant.write(variant.Settings(), task, p)) for p in problems)
            yield [f"{name}: {kind}", f"{mean:.3f}"]
        for kind in VOICED:
            variant = load_variant(kind)
            for voice in ("a", "b"):
                written = (
                    variant.write_for(variant.Settings(), task, p, KnownBase(voice)).response
                    for p in problems
                )
                yield [f"{name}: {kind}, voice {voice}", f"{fmean(map(tokens, written)):.3f}"]


def cut_off(word: str | None, steps: int, test: int) -> float:
    """Train a small model on filler and give the share of its answers that is cut off."""
    from showhow.evaluation.generation import generate, longest_generation
    from showhow.models.ladder import new_model
    from showhow.models.loading import Base
    from showhow.models.prompts import text_format
    from showhow.recipes.base_models import LadderModel
    from showhow.recipes.training import TrainingRecipe
    from showhow.training.examples import tokenise
    from showhow.training.trainer import train

    study, variant, task = default_study(), load_variant("filler"), load_task("listops")
    settings = variant.Settings(word=word)
    problems, splits = drawn("listops", N_TRAIN, test)
    written = [variant.write(settings, task, problem) for problem in problems]
    asked = [variant.write(settings, task, problem) for problem in splits["test"]]
    described = study.models["decoder-150k"]
    assert isinstance(described, LadderModel)
    tokenizer = ladder_tokenizer()
    base = Base(
        new_model(described, tokenizer, 0), tokenizer, False, text_format(tokenizer, False, False)
    )
    examples = tokenise(base, [(one.prompt, one.response) for one in written])
    recipe = TrainingRecipe(**study.training_of("decoder-150k").model_dump(exclude={"choose"}))
    with tempfile.TemporaryDirectory() as folder:
        train(base, examples, recipe, steps, 1, Path(folder))
    limit = longest_generation(base, [one.response for one in asked])
    answers = generate(base, [(one.id, one.prompt) for one in asked], 250, limit)
    return fmean(answer.truncated for answer in answers)


def main(
    quick: Annotated[bool, typer.Option(help="So few problems that it shows nothing.")] = False,
    steps: Annotated[int, typer.Option(help="Steps of training on filler; 0 for none.")] = 0,
) -> None:
    test, train = (20, 60) if quick else (300, 1000)
    print_table("What shortcuts get right", ("task", "accuracy"), [*shortcuts(train, test)])
    columns = ("task", "last said", "chance", "last evaluated", "chance", "shuffled keep last")
    print_table("What wrong and shuffled steps give away", columns, [*spoilt(train, test)])
    print_table("Tokens of responses", ("variant", "mean"), [*lengths(train // 10)])
    if steps:
        fillers: dict[str, str | None] = {"letters in turn": None, "one word": "so"}
        rows = [[n, f"{cut_off(word, steps, test):.3f}"] for n, word in fillers.items()]
        print_table("Filler that is cut off", ("filler", "share"), rows)


if __name__ == "__main__":
    typer.run(main)
