"""What is warned of: responses that are wrong, prompts that differ, answers that nobody read."""

import json
from dataclasses import asdict

import pandas as pd
import pytest

from showhow.report.warnings import COUNTED, warnings_of_runs, warnings_of_source
from showhow.tasks import load_task
from showhow.tasks.own_data.description import describe


@pytest.fixture
def files(tmp_path):
    def written(asked=None, test=None, kind="number", **changed):
        rows = [
            {"q": f"What is {n} plus 1?", "a": str(n + 1), "r": f"Final Answer: {n + 1}"}
            for n in range(20)
        ]
        train = [{**row, **{key: change(row) for key, change in changed.items()}} for row in rows]
        for name, content in (("train", train), ("test", test or [])):
            text = "".join(json.dumps(row) + "\n" for row in content)
            (tmp_path / f"{name}.jsonl").write_text(text)
        source = {"prompt": "q", "answer": "a", "responses": {"human": "r"}}
        settings = load_task("dataset").Settings(
            folder=str(tmp_path),
            train=[{"file": "train.jsonl", **source}],
            test=[{"file": "test.jsonl", **source}] if test else [],
            answer={"kind": kind},
        )
        splits = describe(settings, asked).splits
        return warnings_of_source("sums", {name: asdict(split) for name, split in splits.items()})

    return written


def row(number, prompt):
    return {"q": prompt, "a": str(number), "r": f"Final Answer: {number}"}


def test_nothing_is_warned_of_sound_data(files):
    assert files() == []


def test_wrong_responses_are_warned_of_below_one_in_two(files):
    warned = files(r=lambda row: "It is so. Final Answer: 99")
    assert len(warned) == 2
    assert warned[0] == (
        "sums, train: only 0 of the 16 responses human end in the right answer (16 in any that can "
        "be read); look at tasks.sums.settings.answer, and at the column of the answer."
    )


def test_one_question_with_two_answers_is_warned_of(files):
    warned = files(q=lambda row: row["q"].replace("What is 1 ", "What is 0 "))
    assert warned[0] == (
        "sums, train: 1 row of train.jsonl has a question that stands before, and another answer; "
        "the first counts. results/data/sums/dropped.csv names them."
    )


def test_what_names_the_dropped_rows_lies_where_the_configuration_says(files, monkeypatch):
    monkeypatch.setenv("SHOWHOW_SURROUNDINGS", '{"results": "results-mine"}')
    warned = files(q=lambda row: row["q"].replace("What is 1 ", "What is 0 "))
    assert warned[0].endswith("results-mine/data/sums/dropped.csv names them.")


def test_a_class_that_stands_once_and_is_much_like_a_frequent_one_is_named(files):
    def answers(odd):
        def answer(row):
            return odd if row["a"] == "4" else "Refund" if row["a"] < "2" else "Other"

        named = {"a": answer, "r": lambda row: f"Final Answer: {answer(row)}"}
        return [line for line in files(kind="text", **named) if "stands once" in line]

    (warned,) = answers("Refunf")
    assert warned.endswith(
        "the answer Refunf stands once, in row 4, and Refund 11 times; if it is misspelt, correct "
        "the row."
    )
    assert answers("Delivery") == []


def test_questions_in_both_splits_are_counted(files):
    test = [row(n + 1, f"What is {n} plus 1?") for n in range(10)]
    (warned,) = files(asked=4, test=test)
    assert warned == (
        "sums: 10 training questions stand in the test files as well; the 4 that the test set "
        "asks are kept out of the training."
    )


def test_prompts_that_end_in_an_instruction_in_one_split_alone_are_shown(files):
    test = [row(n, f"What is {n} minus 0? Please answer with a number.") for n in range(10)]
    (warned,) = files(test=test)
    assert "differ in form" in warned
    assert "100% of the test prompts end in “… answer with a number.”" in warned
    assert "One of training: “What is" in warned and "One of test: “What is" in warned


def test_prompts_that_list_options_in_one_split_alone_are_shown(files):
    test = [row(n, f"What is {n} minus 0?\n(A) {n}\n(B) {n + 7}") for n in range(10)]
    (warned,) = files(test=test)
    assert "0% of the training prompts list options, 100% of the test prompts" in warned


def runs(**changed):
    arm = {"task": "sums", "split": "test", "variant": "human", "model": "small", "n_train": 100}
    arm |= {"match": "examples", "n_test": 20, "n_correct": 18, "unparseable": 0, "truncated": 0}
    arm |= {"prompts": "chat"}
    return pd.DataFrame([{**arm, "majority_accuracy": 0.3, **changed, "seed": s} for s in (1, 2)])


def test_nothing_is_warned_of_sound_runs():
    assert set(COUNTED) <= set(runs().columns)
    assert warnings_of_runs(runs(unparseable=2, truncated=2)) == []


def test_unread_answers_are_the_parsers_doing_above_one_in_ten():
    (warned,) = warnings_of_runs(runs(unparseable=17))
    assert "no answer could be read: human with small (85%)" in warned
    assert "the parser's doing" in warned and "make look" in warned


def test_truncated_answers_name_the_limit():
    (warned,) = warnings_of_runs(runs(truncated=12))
    assert "human with small (60%)" in warned and "evaluation.max_new_tokens" in warned


def test_an_accuracy_like_that_of_the_most_frequent_answer_is_told():
    (warned,) = warnings_of_runs(runs(n_correct=6))
    assert "no better than always giving the most frequent answer (30.0%)" in warned
    assert "human with small" in warned


def test_models_of_one_study_that_are_asked_in_different_forms_are_named():
    forms = {"small": "chat", "own": "text", "t5": "input"}
    table = pd.concat([runs(model=model, prompts=form) for model, form in forms.items()])
    (warned,) = warnings_of_runs(table)
    assert "small in a chat, own in plain text" in warned and "`chat:`" in warned
    assert warnings_of_runs(table[table["prompts"] != "text"]) == []


def test_many_arms_make_one_sentence():
    table = pd.concat([runs(truncated=20, variant=f"v{number}") for number in range(9)])
    (warned,) = warnings_of_runs(table)
    assert warned.count("with small") == 5 and "and 4 more" in warned
