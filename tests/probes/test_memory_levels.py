"""The memory level of a fact: the same however it is batched, and what a plain reading gives."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from showhow.answers.containment import contains_any
from showhow.base.errors import ShowhowError
from showhow.jobs.finished_batches import FinishedBatches
from showhow.models.ladder import new_model
from showhow.models.loading import Base
from showhow.models.prompts import text_format
from showhow.models.tokenizer import ladder_tokenizer
from showhow.probes.memory_level import Memory, level_of, measure_memory
from showhow.recipes.base_models import LadderModel
from showhow.recipes.probes import MemorySettings
from showhow.recipes.training import PretrainingRecipe
from showhow.tasks import load_task
from showhow.training.examples import tokenise_texts
from showhow.training.trainer import train

FACTS = load_task("facts")
SMALL = FACTS.Settings(
    subjects=12,
    test_subjects=6,
    relations=3,
    unseen_relations=0,
    objects=4,
    exposures={0: 1, 4: 1, 32: 1},
)
PROBLEMS = FACTS.generate(SMALL, "test", 18, set())
SETTINGS = MemorySettings(samples=3, max_new_tokens=3, batch_size=64)


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Base:
    """A base that knows some of its facts, and so has facts of several levels."""
    tokenizer = ladder_tokenizer("facts")
    described = LadderModel(kind="ladder", hidden=32, layers=1, heads=2, tokenizer="facts")
    model = new_model(described, tokenizer, seed=0)
    made = Base(model, tokenizer, False, text_format(tokenizer, False, False))
    texts = tokenise_texts(made, list(FACTS.statements(SMALL)))
    folder: Path = tmp_path_factory.mktemp("pretraining")
    train(made, texts, PretrainingRecipe(batch_size=32), 120, 0, folder)
    return made


@cache
def one_at_a_time(
    base: Base, temperature: float, samples: int, as_question: bool = False
) -> dict[str, float]:
    """The share of completions with the answer, read off the model's own generation.

    Of statements, or of the question as plain text.
    """
    shares = {}
    torch.manual_seed(7)
    for problem in PROBLEMS:
        found = []
        for text in [problem.prompt] if as_question else problem.beginnings:
            inputs = base.tokenizer([text], return_tensors="pt")
            sampled = {"do_sample": True, "temperature": temperature, "top_k": 0}
            for _ in range(samples):
                written = base.model.generate(
                    **inputs, max_new_tokens=3, **(sampled if temperature else {"do_sample": False})
                )
                completion = base.tokenizer.decode(
                    written[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True
                )
                found.append(problem.answer in completion.split())
        shares[problem.id] = sum(found) / len(found)
    return shares


def test_the_facts_of_the_test_are_of_several_levels(base):
    assert len({row.level for row in measure_memory(base, PROBLEMS, SETTINGS)}) > 2


@pytest.mark.parametrize("batch_size", [1, 7, 1000])
@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_no_level_depends_on_the_batch(base, batch_size, temperature):
    settings = SETTINGS.model_copy(update={"temperature": temperature})
    other = settings.model_copy(update={"batch_size": batch_size})
    assert measure_memory(base, PROBLEMS, settings) == measure_memory(base, PROBLEMS, other)


def test_no_level_depends_on_which_problems_are_measured_with_it(base):
    alone = [measure_memory(base, [problem], SETTINGS)[0] for problem in PROBLEMS[::5]]
    assert alone == measure_memory(base, PROBLEMS, SETTINGS)[::5]


def test_greedy_levels_are_those_of_a_plain_reading_on_every_problem(base):
    greedy = SETTINGS.model_copy(update={"temperature": 0.0})
    measured = {row.id: row.share for row in measure_memory(base, PROBLEMS, greedy)}
    assert measured == one_at_a_time(base, 0.0, 1)


def test_a_question_as_plain_text_is_gone_on_with_in_no_form_of_fine_tuning(base):
    greedy = SETTINGS.model_copy(update={"temperature": 0.0})
    measured = {row.id: row.as_plain_text for row in measure_memory(base, PROBLEMS, greedy)}
    assert measured == one_at_a_time(base, 0.0, 1, as_question=True)


def test_sampled_shares_are_those_of_a_plain_reading_within_sampling_error(base):
    """Two samples of one share differ by more than four standard errors once in 16,000."""
    many = SETTINGS.model_copy(update={"samples": 30})
    plain = one_at_a_time(base, 0.7, 10)
    for row in measure_memory(base, PROBLEMS, many):
        both = (row.share * row.completions + plain[row.id] * 60 + 1) / (row.completions + 62)
        error = (both * (1 - both) * (1 / row.completions + 1 / 60)) ** 0.5
        assert abs(row.share - plain[row.id]) < 4 * error


def test_an_interrupted_measurement_goes_on(base, tmp_path):
    settings = SETTINGS.model_copy(update={"batch_size": 36})
    finished = FinishedBatches(tmp_path / "batches.jsonl", Memory)
    whole = measure_memory(base, PROBLEMS, settings, finished)
    first, *others = finished.path.read_text().splitlines(keepends=True)
    assert others
    finished.path.write_text(first)
    assert measure_memory(base, PROBLEMS, settings, finished) == whole


def test_a_problem_without_templates_is_named(base):
    bare = replace(PROBLEMS[0], id="test-000009", beginnings=())
    with pytest.raises(ShowhowError, match="test-000009 has no completion templates"):
        measure_memory(base, [bare], SETTINGS)


def test_the_bins_are_those_of_the_paper():
    bins = MemorySettings().bins
    shares = [0, 1 / 210, 0.25, 0.2501, 0.5, 0.75, 0.7501, 1]
    assert [level_of(share, bins) for share in shares] == [0, 1, 1, 2, 2, 3, 4, 4]


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_completions_with_the_answer_are_no_lower_level(one, other):
    bins = MemorySettings().bins
    low, high = sorted((one, other))
    assert 0 <= level_of(low, bins) <= level_of(high, bins) <= 4


@pytest.mark.parametrize("bins", [(0.0, 0.5), (0.5, 0.25, 1.0), (0.0, 0.0, 1.0)])
def test_bins_that_leave_a_share_without_a_level_are_refused(bins):
    with pytest.raises(ValidationError, match="have to increase and to end in 1"):
        MemorySettings(bins=bins)


@pytest.mark.parametrize(
    ("text", "answers", "found"),
    [
        ("in  New\nyork .", ["New York"], True),
        ("Newark", ["new"], False),
        ("the U.S.A. of", ["U.S.A."], True),
        ("it is 1.", ["10"], False),
        ("anything", [" "], False),
        ("the Netherlands", ["Holland", "Netherlands"], True),
    ],
)
def test_an_answer_is_found_as_whole_words(text, answers, found):
    assert contains_any(text, answers) is found
