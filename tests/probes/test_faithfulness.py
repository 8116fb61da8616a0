"""Changing a step of an explanation: what follows from it, which problems count, what is said."""

import json
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluated_steps import evaluated
from showhow.answers.parsing import parse_answer, parse_steps
from showhow.evaluation.decoding import generate_tokens
from showhow.evaluation.generation import generate
from showhow.evaluation.prediction import Prediction
from showhow.models.loading import Base, save_base
from showhow.probes.continuation import go_on, write_on
from showhow.probes.faithfulness import (
    corrupt,
    explains,
    find_interventions,
    judge,
    summarise,
)
from showhow.responses import load_variant, variant_kinds
from showhow.responses.response import Variant
from showhow.tasks import load_task, task_kinds
from showhow.tasks.listops import values_of
from showhow.tasks.problem import Problem, Step, write_problems
from showhow.training.examples import Collator, tokenise, tokenise_prompts
from small_models import ladder_base
from stages.measure_faithfulness import Options, measure_faithfulness

TASKS = [kind for kind in task_kinds() if load_task(kind).carries_on]
LEVELS = ("short", "medium", "long")
HARDER = {
    "listops": {"values": 30, "depth_max": 4, "operators_max": 6, "longer_length_max": None},
    "addition": {"digits": 5, "longer_digits": None, "fewer_digits": True},
    "parity": {"bits_min": 2, "bits_max": 20, "longer_bits": None},
}
every_task = pytest.mark.parametrize("kind", TASKS)
a_seed = given(seed=st.integers(0, 10**9), harder=st.booleans())


def problems_of(kind: str, seed: int = 0, harder: bool = False, count: int = 5) -> list[Problem]:
    task = load_task(kind)
    chosen = (HARDER[kind] if harder else {}) | {"seed": seed}
    if kind == "listops" and harder:
        chosen |= {"deeper_depth_max": None}
    return task.generate(task.Settings(**chosen), "test", count, set())


def is_a_result(kind: str, result: str, problem: Problem) -> bool:
    if kind == "parity":
        return result in ("even", "odd")
    if kind == "addition":
        digit, carry = map(int, result.split())
        return digit in range(10) and carry in range(2)
    return int(result) in range(values_of(problem))


def told_by(kind: str, steps: tuple[Step, ...]) -> str:
    """Give the answer that stands in the results of steps."""
    if kind != "addition":
        return steps[-1].result
    digits = [step.result.split()[0] for step in reversed(steps)]
    carry = steps[-1].result.split()[1]
    return " ".join(digits if carry == "0" else [carry, *digits])


def test_the_shipped_tasks_with_steps_that_build_on_one_another_know_what_follows():
    assert TASKS == ["addition", "listops", "parity"]


def test_levels_of_detail_explain_and_controls_do_not():
    assert {kind for kind in variant_kinds() if explains(load_variant(kind))} == set(LEVELS)


@every_task
@settings(max_examples=15, deadline=None)
@a_seed
def test_from_the_right_result_the_problems_own_solution_follows(kind, seed, harder):
    task = load_task(kind)
    for problem in problems_of(kind, seed, harder):
        for place, step in enumerate(problem.steps):
            assert task.carry_on(problem, place, step.result) == problem


@every_task
@settings(max_examples=15, deadline=None)
@a_seed
def test_a_changed_step_has_another_result_that_could_be_one_and_all_else_follows(
    kind, seed, harder
):
    task = load_task(kind)
    for problem in problems_of(kind, seed, harder):
        corruption = corrupt(task, problem)
        assert corruption == corrupt(task, problem)
        if corruption is None:
            continue
        place, carried_on = corruption.place, corruption.carried_on
        steps = carried_on.steps
        assert 0 <= place < len(problem.steps) - 1 == len(steps) - 1
        assert steps[:place] == problem.steps[:place]
        assert replace(steps[place], result=problem.steps[place].result) == problem.steps[place]
        assert steps[place].result != problem.steps[place].result
        assert is_a_result(kind, steps[place].result, problem)
        for step, own in zip(steps[place + 1 :], problem.steps[place + 1 :], strict=True):
            assert (step.operation, step.result) == (own.operation, evaluated(kind, step))
        assert carried_on.answer == told_by(kind, steps) != problem.answer


@every_task
def test_most_problems_of_several_steps_can_be_changed(kind):
    problems = problems_of(kind, count=200)
    several = [problem for problem in problems if len(problem.steps) > 1]
    changed = sum(corrupt(load_task(kind), problem) is not None for problem in several)
    assert changed > 0.5 * len(several)


def test_a_problem_whose_answer_no_result_changes_does_not_count():
    task = load_task("listops")
    problem = task.solve(task.Settings(), "test", ("MAX", (9, ("MIN", (3, 5)))), "test-0")
    assert corrupt(task, problem) is None


# Which problems qualify.


def answered_as_taught(kind: str, level: str, count: int = 40):
    task, variant = load_task(kind), load_variant(level)
    assert isinstance(variant, Variant)
    problems = problems_of(kind, count=count)
    responses = [variant.write(variant.Settings(), task, problem) for problem in problems]
    predictions = [Prediction(each.id, each.prompt, each.response, False, 9) for each in responses]
    return task, variant, problems, predictions


def found_in(task, variant, problems, predictions):
    return find_interventions(task, variant, variant.Settings(), problems, predictions)


@every_task
@pytest.mark.parametrize("level", LEVELS)
def test_the_beginnings_are_the_models_text_up_to_a_step_and_the_same_with_another_result(
    kind, level
):
    task, variant, problems, predictions = answered_as_taught(kind, level)
    prospects = found_in(task, variant, problems, predictions)
    assert prospects.problems == len(problems)
    assert len(prospects.interventions) == prospects.corruptible > 10
    written = {each.id: each.prediction for each in predictions}
    for asked in prospects.interventions:
        unchanged = asked.unchanged.text[: asked.unchanged.end]
        changed = asked.changed.text[: asked.changed.end]
        assert written[asked.id].startswith(unchanged)
        own, other = (parse_steps(text, "last") for text in (unchanged, changed))
        assert len(own) == len(other) == asked.step < asked.steps
        assert own[:-1] == other[:-1]
        assert own[-1] != other[-1]
        assert asked.changed_to != asked.result
        assert asked.before == parse_answer(written[asked.id], "last") != asked.follows


def test_an_explanation_has_to_be_right_up_to_the_step_and_the_answer_has_to_be_there():
    task, variant, problems, predictions = answered_as_taught("parity", "medium")
    first = found_in(task, variant, problems, predictions).interventions[0]
    place = [each.id for each in problems].index(first.id)
    lines = predictions[place].prediction.split("\n")

    def qualifies(lines: list[str], truncated: bool = False) -> bool:
        changed = replace(predictions[place], prediction="\n".join(lines), truncated=truncated)
        return bool(found_in(task, variant, [problems[place]], [changed]).interventions)

    assert qualifies(lines)
    assert qualifies([" ".join(lines)])
    assert not qualifies(lines, truncated=True)
    assert not qualifies(lines[:-1])
    assert not qualifies(["bit 7 , even stays even .", *lines[1:]])
    assert not qualifies([*lines[: first.step - 1], *lines[first.step :]])
    assert qualifies([*lines[: first.step], "bit 7 , even stays even .", lines[-1]])
    # The model is wrong by itself, and says what would follow from the change.
    assert not qualifies([*lines[:-1], f"Final answer : {first.follows}"])


# What is said of the answers.


def test_an_answer_follows_is_kept_is_another_or_cannot_be_read():
    task, variant, problems, predictions = answered_as_taught("addition", "medium")
    prospects = found_in(task, variant, problems, predictions)
    asked = prospects.interventions[0]

    def said(answer: str, truncated: bool = False) -> Prediction:
        text = f"column . Final answer : {answer}"
        return Prediction(asked.id, asked.prompt, text, truncated, 3)

    own = said(asked.before)
    texts = [said(asked.follows), own, said("7"), said(""), said(asked.follows, truncated=True)]
    items = [judge(asked, text, own) for text in texts]
    outcomes = ["followed", "kept", "other", "unread", "unread"]
    assert [item.outcome for item in items] == outcomes
    told = summarise(prospects, [*items, judge(asked, own, said("8"))])
    assert (told.followed, told.kept, told.other, told.unread) == (1, 2, 1, 2)
    assert (told.asked, told.control_kept) == (6, 5)
    assert told.qualified == len(prospects.interventions)


# Going on.


@pytest.mark.parametrize("family", ["decoder", "t5"])
@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.integers(0, 11), min_size=3, max_size=3))
def test_a_model_goes_on_with_its_own_beginning_as_it_did_before(family, cuts):
    base = ladder_base(family)
    base.model.eval()
    prompts = tokenise_prompts(base, ["1 0 1 1", "add 1 2", "x"])
    with torch.inference_mode():
        whole = generate_tokens(base, prompts, 12)
        begun = [tokens[:cut] for tokens, cut in zip(whole, cuts, strict=True)]
        rest = write_on(base, prompts, begun, 12)
    for tokens, cut, going_on in zip(whole, cuts, rest, strict=True):
        assert going_on[: len(tokens[cut:])] == tokens[cut:]


def test_nothing_to_go_on_with_is_no_error():
    assert go_on(ladder_base(), [], 4, 10) == []


@pytest.fixture(scope="module")
def taught() -> tuple[Base, list[Problem]]:
    """Teach a decoder the parity of three and four bits by heart, with medium explanations."""
    task, variant = load_task("parity"), load_variant("medium")
    chosen = task.Settings(bits_min=3, bits_max=4, longer_bits=None)
    problems = task.generate(chosen, "test", 24, set())
    pairs = [
        (problem.prompt, variant.write(variant.Settings(), task, problem).response)
        for problem in problems
    ]
    base = ladder_base("decoder", hidden=64)
    batch = Collator(base.padding_token, None)(tokenise(base, pairs))
    optimiser = torch.optim.AdamW(base.model.parameters(), lr=0.005)
    for _ in range(200):
        base.model(**batch).loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    return base, problems


def test_a_taught_models_answers_are_measured(taught, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    base, problems = taught
    save_base(base, tmp_path / "model")
    prompts = [(problem.id, problem.prompt) for problem in problems]
    predictions = generate(base, prompts, 8, 60)
    write_problems("problems.jsonl", problems)
    lines = [json.dumps(vars(each)) for each in [*predictions, replace(predictions[0], id="x")]]
    (tmp_path / "predictions.jsonl").write_text("\n".join(lines) + "\n")

    def measure(count: int, **batches) -> tuple[dict, list[dict]]:
        told = {
            **{"model": "model", "problems": "problems.jsonl"},
            **{"predictions": "predictions.jsonl", "items": "items.jsonl", "output": "out.json"},
            **{"task_kind": "parity", "variant_kind": "medium", "settings": {}, "count": count},
            "evaluation": {"max_new_tokens": 60, **batches},
        }
        measure_faithfulness(Options.checked("measure_faithfulness", told))
        items = (tmp_path / "items.jsonl").read_text().splitlines()
        return json.loads((tmp_path / "out.json").read_text()), list(map(json.loads, items))

    told, items = measure(10)
    assert told["problems"] == 24
    assert told["qualified"] >= 10
    assert told["asked"] == len(items) == 10
    assert told["followed"] + told["kept"] + told["other"] + told["unread"] == 10
    assert told["control_kept"] == 10
    for item in items:
        place = item["step"]
        said = parse_steps(item["text"], "last")
        assert said[place - 1].endswith(f"{item['changed_to']} .")
        assert item["after"] == parse_answer(item["text"], "last") or item["outcome"] == "unread"
    assert measure(10, batch_size=3) == (told, items)
