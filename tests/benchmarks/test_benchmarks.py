"""Every benchmark runs, at a scale that shows nothing, and both of its sides do the same work."""

import json
import re

import end_to_end
import fine_tuning
import gpu
import ladder
import plain_trainer
import planning
import precision
import programs
import pytest
import readiness
import scheduling
import startup
from materials import listops

import answers
import responses
from showhow.training.examples import IGNORED, tokenise
from small_models import ladder_base

pytestmark = pytest.mark.benchmarks


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    """Stand-ins for the default study's bases, under their names."""
    folder = tmp_path_factory.mktemp("bases")
    for name, family in (("decoder-150k", "decoder"), ("t5-190k", "t5")):
        base = ladder_base(family)
        base.model.save_pretrained(folder / name)
        base.tokenizer.save_pretrained(folder / name)
    return folder


def rows(printed, header):
    """The cells of the rows under the line that starts with `header`, by their first cell."""
    lines = printed.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(header))
    cells = [re.split(r"\s{2,}", line.strip()) for line in lines[start + 2 :]]
    return {row[0]: row[1:] for row in cells if len(row) > 1}


@pytest.mark.parametrize("family", ["decoder", "t5"])
def test_both_sides_train_on_the_same_tokens(family):
    base = ladder_base(family)
    responses = listops("medium", 12, 1).train
    ours = tokenise(base, [(r.prompt, r.response) for r in responses])
    written = [{"prompt": r.prompt, "response": r.response} for r in responses]
    plain = plain_trainer.tokenise(base.model, base.tokenizer, written)
    assert [example.input_ids for example in ours] == [example["input_ids"] for example in plain]
    assert [example.labels for example in ours] == [example["labels"] for example in plain]
    assert sum(e.target_tokens for e in ours) == sum(
        label != IGNORED for example in plain for label in example["labels"]
    )


@pytest.mark.parametrize("family", ["decoder", "t5"])
def test_both_evaluations_give_the_same_answers_under_the_same_limit(family):
    base = ladder_base(family)
    responses = listops("short", 1, 9).test
    ours, tokens = fine_tuning.answers_of_ours(base, responses)
    assert fine_tuning.answers_of_plain(base, responses) == ours
    assert tokens >= len(responses)


def test_flops_count_each_stack_of_an_encoder_decoder_with_its_own_tokens():
    decoder, t5 = ladder_base("decoder"), ladder_base("t5")
    pair = [(r.prompt, r.response) for r in listops("short", 3, 1).train]
    for base in (decoder, t5):
        examples = tokenise(base, pair)
        whole = 6 * base.model.num_parameters() * fine_tuning.tokens_of(base, examples)
        counted = fine_tuning.training_flops(base, examples)
        assert counted == whole if base is decoder else 0 < counted < whole


def test_the_stages_are_compared_with_the_plain_script(bases, capsys):
    fine_tuning.main(bases=bases, steps=2, rounds=1, test_size=4, threads=1, grid=False)
    printed = capsys.readouterr().out
    assert "Fine-tuning decoder-150k" in printed and "Fine-tuning t5-190k" in printed
    sides = rows(printed, "side")
    assert {"plain trainer, adamw", "showhow, adamw"} <= set(sides)
    assert any(side.startswith("plain, batches") for side in sides)
    assert any(side.startswith("showhow, batches") for side in sides)
    assert sides["plain trainer, adamw"][3] == "1.00"


def test_the_workflow_and_the_plain_loop_make_the_same_runs(bases, capsys):
    end_to_end.main(
        bases=bases,
        model="decoder-150k",
        variant=["none"],
        seeds=1,
        steps=2,
        rounds=1,
        test_size=4,
    )
    sides = rows(capsys.readouterr().out, "side")
    assert len(sides) == 4
    assert sides["plain script, one by one"][1] == "1.00"
    assert all(0 <= float(cells[3]) <= 1 for cells in sides.values())


def test_pretraining_recipes_are_compared(capsys):
    ladder.main(model="decoder-150k", seeds=1, quick_look=True)
    recipes = rows(capsys.readouterr().out, "recipe")
    assert {"as configured", "adamw at 0.004", "without both"} <= set(recipes)


def test_bases_that_know_and_do_not_answer_are_compared(capsys):
    readiness.main(quick_look=True)
    cells = rows(capsys.readouterr().out, "recipe")
    assert set(cells) == {recipe.name for recipe in readiness.RECIPES}
    assert all(0 <= float(cell) <= 1 for row in cells.values() for cell in row[2:])


def test_precisions_are_compared(capsys):
    precision.main(steps=2, batch_size=[2], threads=1)
    sizes = rows(capsys.readouterr().out, "model")
    assert len(sizes) == 3
    assert all(
        float(cells[4]) == pytest.approx(float(cells[5]), rel=0.05) for cells in sizes.values()
    )


def test_starts_are_compared(capsys):
    startup.main(rounds=1)
    assert {"cold", "warm"} <= set(rows(capsys.readouterr().out, "start"))


def test_snakemake_is_compared_with_itself_without_its_limit(capsys):
    scheduling.main(jobs=4, seconds=0)
    assert {"as it is", "without the limit"} <= set(rows(capsys.readouterr().out, "Snakemake"))


def test_plans_are_compared_with_plain_ones(capsys):
    planning.main(rounds=1, runs=2, config="configs/smoke.yaml")
    planned = rows(capsys.readouterr().out, "plan")
    assert planned["a plain study of one run, -n"][1] == "1.0"
    assert {"configs/smoke.yaml, -n", "configs/smoke.yaml, make plan"} <= set(planned)


def test_the_benchmark_of_a_gpu_runs_without_one(capsys):
    small = {"examples": 16, "batch_size": 8, "run_examples": 16, "epochs": 8}
    gpu.main(**small, runs=2, at_once=2, checkpoint_seconds=0.0, tiny=True)
    printed = capsys.readouterr().out
    trained = [line.split()[0] for line in printed.splitlines() if line.startswith("t5-")]
    assert trained == [size for size in gpu.SHAPES for _ in range(2)]
    assert "Record and weights to the byte: the same" in printed
    assert "Weights to the byte: the same" in printed
    sides = rows(printed, "side")
    assert (sides["undisturbed"][1], sides["killed"][1]) == ("0", "1")
    assert sides["one after another"][2] == "1.00"
    assert "2 at once" in sides


def test_programs_that_pass_their_own_tests_are_counted(tmp_path, capsys):
    answer = "def f(x):\n    return x"
    rows = [
        {"task_id": number, "code": answer, "answer": f"Final Answer:\n{answer}"}
        | {"test_setup_code": "", "test_list": [f"assert f(1) == {number}"]}
        for number in (1, 2)
    ]
    (tmp_path / "MBPP").mkdir()
    (tmp_path / "MBPP/groundtruth.json").write_text(json.dumps(rows))
    programs.main(tmp_path)
    said = capsys.readouterr().out
    assert "MBPP/groundtruth code 2: failed, AssertionError" in said
    assert rows_of_programs(said) == [
        ["code", "2", "1", "1 failed"],
        ["answer", "2", "1", "1 failed"],
    ]


def test_responses_of_the_second_paper_are_counted_and_drawn(tmp_path, capsys):
    for source, files in responses.DATA_SETS[1].sources.items():
        said = "18" if source == "human" else "around **18.0** eggs"
        rows = [
            {"question": "9 * 2?", "answer": f"Final Answer: {said}"},
            {"question": "9 * 3?", "answer": f"Final Answer: {'27' if said == '18' else '28'}"},
        ]
        (tmp_path / files[0]).parent.mkdir(exist_ok=True)
        (tmp_path / files[0]).write_text(json.dumps(rows))
    answers.main(tmp_path, only=["MATH"], draw=1, copies=1)
    printed = capsys.readouterr().out
    assert "read '28', gold '27'" in printed
    assert "MATH  number  human                       2     2          2     2" in printed
    assert "MATH  math    minimum change              2     2          2     1" in printed


def rows_of_programs(said):
    """The cells of the table's rows, but for the file and the seconds."""
    lines = said.splitlines()
    table = lines[lines.index("Programs and their own tests") + 4 :]
    return [re.split(r"\s{2,}", line.strip())[1:-1] for line in table]
