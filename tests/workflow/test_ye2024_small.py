"""The third paper's study on rows in the form of EntityQuestions: a tiny model, to its report."""

import json
from pathlib import Path

import pytest
import yaml
from repository_copy import REPOSITORY, copy_repository

from showhow.tasks.knowledge.published_facts import RELATIONS
from showhow.tasks.problem import read_problems


def write_questions(folder: Path, relations: list[str]) -> None:
    for split in ("train", "test"):
        for name in relations:
            asked = RELATIONS[name].question
            rows = [
                {"question": asked.format(f"{split.title()} {name} {n}"), "answers": [f"Place {n}"]}
                for n in range(12)
            ]
            file = folder / split / f"{name}.{split}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(rows))


def small() -> dict:
    """Take the paper's configuration with a tiny model and few questions.

    Such a model knows nothing, so that its facts are all of level 0.
    """
    config = yaml.safe_load((REPOSITORY / "configs/ye2024.yaml").read_text(encoding="utf-8"))
    asked, others = config["tasks"]["entity-questions"], config["tasks"]["other-questions"]
    asked["settings"] |= {"relations": ["P17", "P36"], "unseen_relations": ["P50"]}
    asked["test_size"] = {"test": 6, "unseen": 6}
    others["settings"]["relations"] = ["P106"]
    others["test_size"] = {"test": 4}
    tiny = {"kind": "ladder", "tokenizer": "bytes", "hidden": 16, "layers": 1, "heads": 2}
    config |= {"models": {"tiny": tiny}, "results": "results"}
    config |= {"corpus": {"examples": 60}, "pretraining": {"steps": 3, "batch_size": 4}}
    config["training"] |= {"batch_size": 4, "steps": 2, "precision": "auto"}
    config["evaluation"] = {"batch_size": 8, "max_new_tokens": 4}
    config["memory"] = {"pool": 20, "samples": 1, "max_new_tokens": 3, "batch_size": 64}
    config["probes"] = {"batch_size": 8}
    del config["cluster"]
    grid = {"tasks": ["entity-questions"], "models": ["tiny"], "seeds": [1]}
    config["studies"]["knowledge"]["grids"] = [
        {"name": "levels", "variants": ["level_0", "natural_mix"], "n_train": [4, 8], **grid},
        {"name": "shuffled", "variants": ["shuffled_answers"], "n_train": [4], **grid},
    ]
    return config


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    copy = copy_repository(tmp_path_factory.mktemp("ye2024"))
    write_questions(copy.folder / "data/entity_questions", ["P17", "P36", "P50", "P106"])
    (copy.folder / "small.yaml").write_text(yaml.safe_dump(small(), sort_keys=False))
    copy.make("--configfile", "small.yaml")
    return copy.folder


def test_the_papers_study_runs_to_its_report_on_rows_of_its_form(study):
    assert (study / "results/report.html").is_file()
    assert len(list(study.glob("results/runs/**/scores.json"))) == 5


def test_completions_have_no_capital_in_mid_sentence(study):
    problems = read_problems(study / "results/data/entity-questions/problems/train-n20.jsonl")
    assert len(problems) == 20
    begun = [text for problem in problems for text in problem.beginnings]
    assert any(text.startswith("It is known that the country of Train") for text in begun)
    for text in begun:
        rest = [word for word in text.split()[1:] if word[0].isupper()]
        assert set(rest) <= {"Train", "P17", "P36"}, text
