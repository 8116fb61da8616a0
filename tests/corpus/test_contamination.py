"""What is evaluated on and has been read before is counted, by prompt and by whole solution."""

import csv
from pathlib import Path
from random import Random

import pytest

from showhow.base.rows import write_jsonl
from showhow.corpus.contamination import Contamination, count_contamination
from showhow.corpus.exercises import SKILLS, CorpusLine, Solutions, corpus
from showhow.recipes.voices import VOICES
from showhow.responses import load_variant
from showhow.responses.voiced import in_manner
from showhow.tasks import load_task
from showhow.tasks.problem import Problem, write_problems
from showhow.tasks.voices import own_manner
from stages.count_contamination import Options
from stages.count_contamination import count_contamination as count_in_files

TASKS = ("addition", "listops", "parity")
every_task = pytest.mark.parametrize("kind", TASKS)


def problems_of(kind: str, split: str = "test", count: int = 20) -> list[Problem]:
    task = load_task(kind)
    return task.generate(task.Settings(), split, count, set())


def counted(kind: str, problems: list[Problem], lines: list[CorpusLine]) -> Contamination:
    [counts] = count_contamination(load_task(kind), {"test": problems}, lines)
    return counts


def texts_of(kind: str, problem: Problem) -> list[str]:
    """Solve a problem in each level, in each of its wordings, and in each voice."""
    task, texts = load_task(kind), []
    for level in ("short", "medium", "long"):
        variant = load_variant(level)
        settings = variant.Settings(wordings=task.wordings)
        texts.append(variant.write(settings, task, problem).response)
    for voice in VOICES:
        texts.append(in_manner(problem, own_manner(voice), Random(problem.id)).response)
    return texts


@every_task
def test_exercises_hold_none_of_the_problems(kind):
    lines = [*corpus(300, 0, dict.fromkeys(SKILLS, 1.0))]
    for split in ("test", "longer"):
        found = counted(kind, problems_of(kind, split), lines)
        assert (found.problems, found.prompts_met, found.solutions_met) == (20, 0, 0)


@every_task
def test_solutions_that_leave_the_problems_out_hold_none_of_their_prompts(kind):
    task, problems = load_task(kind), problems_of(kind)
    exclude = frozenset(map(task.canonical, problems))
    worked = Solutions(task, task.Settings(), "a", 1.0, exclude)
    assert counted(kind, problems, [*corpus(300, 0, {}, [worked])]).prompts_met == 0


@every_task
def test_each_problem_that_is_in_the_corpus_is_counted_once(kind):
    problems = problems_of(kind)
    lines = [CorpusLine("s", one.prompt, one.answer) for one in problems[:3] for _ in range(2)]
    assert counted(kind, problems, lines) == Contamination("test", 20, 3, 0)


def test_an_equal_problem_in_another_order_is_the_same_prompt():
    [problem] = problems_of("addition", count=1)
    first, second = problem.prompt.split(" + ")
    assert first != second
    line = CorpusLine("s", f"{second} + {first}", "so it is")
    assert counted("addition", [problem], [line]).prompts_met == 1


@every_task
def test_a_solution_is_known_in_every_wording_and_only_whole(kind):
    problem, *_ = problems_of(kind)
    for text in texts_of(kind, problem):
        line = CorpusLine("s", "something else", text)
        assert counted(kind, [problem], [line]) == Contamination("test", 1, 0, 1)
        for part in (text.split("\n", 1)[1], text.rsplit("\n", 1)[0], text + " 1"):
            half = CorpusLine("s", "something else", part)
            assert counted(kind, [problem], [half]).solutions_met == 0


def test_facts_have_no_solution_to_be_met():
    task = load_task("facts")
    problems = task.generate(task.Settings(), "test", 5, set())
    lines = [CorpusLine("facts", None, "A text ."), CorpusLine("s", problems[0].prompt, "x")]
    assert counted("facts", problems, lines) == Contamination("test", 5, 1, None)


def test_the_stage_writes_a_line_for_each_split(tmp_path: Path):
    splits = {split: problems_of("parity", split) for split in ("test", "longer")}
    for split, problems in splits.items():
        write_problems(tmp_path / f"{split}.jsonl", problems)
    write_jsonl(tmp_path / "corpus.jsonl", [CorpusLine("s", splits["longer"][0].prompt, "even")])
    count_in_files(
        Options(
            corpus=tmp_path / "corpus.jsonl",
            problems=[tmp_path / f"{split}.jsonl" for split in splits],
            output=tmp_path / "counts.csv",
            kind="parity",
        )
    )
    with (tmp_path / "counts.csv").open(newline="") as file:
        assert [*csv.reader(file)] == [
            ["split", "problems", "prompts_met", "solutions_met"],
            ["test", "20", "0", "0"],
            ["longer", "20", "1", "0"],
        ]
