"""Data in the columns that other people published, as studies in YAML alone.

The rows are made up; their columns are those of BoolQ, e-SNLI, API-Bank, and of the files of Ren,
Wu and Liu (2024).
"""

import json

import pandas as pd
import pytest
import yaml
from repository_copy import REPOSITORY, copy_repository

from published_rows import rows_of_ren2024, write_rows
from showhow.base.rows import read_json
from showhow.tasks.problem import read_problems

BOOLQ = [
    {
        "question": f"is {n} an even number",
        "title": "Numbers",
        "passage": f"{n} is a number. It is {'' if n % 2 == 0 else 'not '}twice another one.",
        "answer": n % 2 == 0,
    }
    for n in range(10)
]
LABELS = ("entailment", "neutral", "contradiction")
ESNLI = [
    {
        "pairID": f"{n}.jpg#0r1e",
        "premise": f"{n} men in red shirts play chess.",
        "hypothesis": f"{n} men {('sit', 'win', 'sleep')[n % 3]}.",
        "label": n % 3,
        "explanation_1": f"To play chess {n} men {('sit', 'may win', 'are awake')[n % 3]}.",
        "explanation_2": "" if n < 8 else "Chess is a game.",
        "explanation_3": "",
    }
    for n in range(10)
]
API_BANK = [
    {
        "instruction": "Generate an API Request in the format [ApiName(key1='value1')].",
        "input": f"User: Wake me at {n} o'clock.\nAPI descriptions:\n"
        + json.dumps({"apiCode": "AddAlarm", "parameters": {"time": {"type": "str"}}}),
        "output": f"API-Request: [AddAlarm(time='{n}:00')]",
        "expected output": [f"[AddAlarm(time='{n}:00')]", f"[AddAlarm(time='0{n}:00')]"],
    }
    for n in range(10)
]
FILES = {"boolq.jsonl": BOOLQ, "esnli.jsonl": ESNLI, "api-bank.jsonl": API_BANK}
STUDY = """
tasks:
  boolq:
    kind: dataset
    test_size: {test: 2}
    settings:
      answer: {kind: text, marker: "Answer:"}
      train:
        - file: boolq.jsonl
          prompt: "{{ passage }}\\n\\nQuestion: {{ question }}?"
          answer: "{{ 'yes' if answer else 'no' }}"
          responses:
            alone: "Answer: {{ 'yes' if answer else 'no' }}"
            quoted: "It says: {{ passage }}\\nAnswer: {{ 'yes' if answer else 'no' }}"
  esnli:
    kind: dataset
    test_size: {test: 2}
    settings:
      answer: {kind: choice, choices: ABC, marker: "Answer:"}
      train:
        - file: esnli.jsonl
          id: pairID
          prompt: |-
            {{ premise }}
            {{ hypothesis }}
            (A) It follows. (B) It may be. (C) It cannot be.
          answer: "{{ 'ABC'[label] }}"
          responses:
            alone: "Answer: {{ 'ABC'[label] }}"
            explained: |-
              {{ [explanation_1, explanation_2, explanation_3] | select | join(' ') }}
              Answer: {{ 'ABC'[label] }}
  api-bank:
    kind: dataset
    test_size: {test: 2}
    settings:
      answer: {kind: pattern, pattern: "\\\\[\\\\w+\\\\(.*\\\\)\\\\]", marker: null}
      train:
        - file: api-bank.jsonl
          prompt: "{{ instruction }}\\n\\n{{ input }}"
          answer: "{{ row['expected output'] }}"
          responses: {alone: output}
variants:
  alone: {kind: given, settings: {response: alone}}
  quoted: {kind: given, settings: {response: quoted}}
  explained: {kind: given, settings: {response: explained}}
models:
  small: {kind: ladder}
studies:
  other:
    grids:
      - name: alone
        tasks: [boolq, esnli, api-bank]
        variants: [alone]
        models: [small]
        n_train: all
      - {name: quoted, tasks: [boolq], variants: [quoted], models: [small], n_train: all}
      - {name: explained, tasks: [esnli], variants: [explained], models: [small], n_train: [4]}
"""


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    copy = copy_repository(tmp_path_factory.mktemp("others"))
    write_rows(copy.folder, FILES)
    (copy.folder / "other.yaml").write_text(STUDY)
    copy.make("data", "--configfile", "other.yaml")
    return copy.folder / "results/data"


@pytest.mark.parametrize(
    ("task", "responses"),
    [("boolq", ["alone", "quoted"]), ("esnli", ["alone", "explained"]), ("api-bank", ["alone"])],
)
def test_every_answer_is_read_and_right(others, task, responses):
    for split in read_json(others / task / "source.json").values():
        assert list(split["responses"]) == responses
        for counts in split["responses"].values():
            assert counts["n"] == counts["answered"] == counts["right"] == split["questions"] > 0


def test_prompts_and_answers_say_what_the_columns_do(others):
    boolq, *_ = read_problems(others / "boolq/problems/test.jsonl")
    number = int(boolq.prompt.split()[0])
    assert boolq.prompt.endswith(f"\n\nQuestion: is {number} an even number?")
    assert boolq.answer == ("no" if number % 2 else "yes")
    esnli, *_ = read_problems(others / "esnli/problems/test.jsonl")
    assert esnli.prompt.splitlines()[2].startswith("(A) It follows.")
    assert esnli.answer == "ABC"[int(esnli.prompt.split()[0]) % 3]
    api, *_ = read_problems(others / "api-bank/problems/test.jsonl")
    assert (api.answer[:16], len(api.aliases)) == ("[AddAlarm(time='", 1)


def test_all_are_what_the_test_set_leaves(others):
    made = list((others / "boolq/problems").glob("train*"))
    assert {path.name.partition("-draw")[0] for path in made} == {"train-n8"}
    assert {len(read_problems(path)) for path in made} == {8}


# The second paper's study, on rows in its files' columns.


def small_ren2024() -> dict:
    """Take the paper's configuration with a tiny model, fewer questions and two sources."""
    config = yaml.safe_load((REPOSITORY / "configs/ren2024.yaml").read_text(encoding="utf-8"))
    kept = ("gsm8k", "ecqa", "mbpp")
    size = {"test_size": {"test": 4, "validation": 4}}
    config["tasks"] = {name: config["tasks"][name] | size for name in kept}
    tiny = {"kind": "ladder", "tokenizer": "bytes", "hidden": 16, "layers": 1, "heads": 2}
    config |= {"models": {"tiny": tiny}, "results": "results"}
    config |= {"corpus": {"examples": 60}, "pretraining": {"steps": 3, "batch_size": 4}}
    config["training"] |= {"epochs": 1, "batch_size": 10, "precision": "auto"}
    config["training"] |= {"adapter": {"rank": 2, "targets": ["q_proj", "v_proj"]}}
    sampling = {"temperature": 0.95, "top_p": 0.7, "top_k": 50}
    config["evaluation"] = {"batch_size": 4, "max_new_tokens": 6, "sampling": sampling}
    config["probes"] = {"batch_size": 4, "perplexity_cap": 30}
    across = config["studies"]["across"]
    for probe in ("accuracy", "retention"):
        across["probes"][probe] = dict.fromkeys(kept, "human")
    for grid in across["grids"]:
        grid["tasks"] = [task for task in grid["tasks"] if task in kept]
        grid |= {"variants": ["human", "minimum-change-of-mistral"], "models": ["tiny"]}
        grid["seeds"] = [1]
    config["studies"] = {"across": across}
    return config


@pytest.fixture(scope="module")
def ren_study(tmp_path_factory):
    copy = copy_repository(tmp_path_factory.mktemp("ren2024"))
    write_rows(copy.folder / "data/ren2024", rows_of_ren2024(("gsm8k", "ecqa", "mbpp")))
    (copy.folder / "small.yaml").write_text(yaml.safe_dump(small_ren2024(), sort_keys=False))
    copy.make("--configfile", "small.yaml")
    return copy.folder


def test_the_papers_study_runs_to_its_report_on_rows_of_its_form(ren_study):
    assert (ren_study / "results/report.html").is_file()
    for task in ("gsm8k", "ecqa", "mbpp"):
        source = read_json(ren_study / f"results/data/{task}/source.json")
        assert source["train"]["questions"] == 20
        for split in source.values():
            for counts in split["responses"].values():
                assert counts["n"] == counts["right"]


def test_training_and_test_prompts_of_the_papers_study_are_alike(ren_study):
    ending = "after 'Final Answer:'"
    for task, training in (("gsm8k", "train-n16-draw1"), ("ecqa", "train-n20-draw1")):
        for split in ("test", "validation", training):
            problems = read_problems(ren_study / f"results/data/{task}/problems/{split}.jsonl")
            assert all(problem.prompt.endswith(ending) for problem in problems)
            assert all(problem.prompt.count(ending) == 1 for problem in problems)
            assert len(problems) == (int(training[7:9]) if split == training else 4)
    ecqa = read_problems(ren_study / "results/data/ecqa/problems/test.jsonl")
    assert all("\n(5): animal " in problem.prompt for problem in ecqa)
    assert "\nwhat is the correct option?\n\nPlease inference" in ecqa[0].prompt


def test_each_run_of_the_papers_study_keeps_the_checkpoint_that_validation_chose(ren_study):
    runs = pd.read_parquet(ren_study / "results/tables/across.parquet")
    assert set(runs["split"]) == {"test"}
    assert (runs["chosen_step"] >= 1).all() and (runs["chosen_step"] <= runs["steps"]).all()
    assert runs["validation_accuracy"].between(0, 1).all()
    asked = read_problems(ren_study / "results/data/ecqa/problems/validation.jsonl")
    tested = read_problems(ren_study / "results/data/ecqa/problems/test.jsonl")
    assert not {one.prompt for one in asked} & {one.prompt for one in tested}
