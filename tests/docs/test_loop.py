"""The loop of a day's work on a table of one's own: what each move does again, and no more.

The tutorial's table and study, with shorter trainings. Every move is made, planned and run.
"""

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import yaml
from repository_copy import RepositoryCopy, copy_repository

TABLE = Path("docs/tutorial/larger.csv")
STUDY = Path("docs/tutorial/larger.yaml")
TESTED = {"predict": 4, "score": 4}
READ = {
    "tabulate_runs": 1,
    "decide_claims": 1,
    "compare_variants": 1,
    "draw_figure": 2,
    "tabulate_costs": 1,
    "write_report": 1,
}
"""What is made of all runs."""
SHOWN = {"write_configuration": 1, "write_report": 1}
SOURCE = {"describe_source": 1, "tabulate_costs": 1, "write_report": 1}


def rows(folder: Path) -> list[dict[str, str]]:
    with open(folder / TABLE, newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, changed: list[dict[str, str]]) -> None:
    with open(folder / TABLE, "w", newline="") as file:
        writer = csv.DictWriter(file, list(changed[0]))
        writer.writeheader()
        writer.writerows(changed)


def configured(change: Callable[[dict], object]) -> Callable[[Path], None]:
    def move(folder: Path) -> None:
        content = yaml.safe_load((folder / STUDY).read_text())
        change(content)
        (folder / STUDY).write_text(yaml.safe_dump(content, sort_keys=False))

    return move


def grid(content: dict) -> dict:
    return content["studies"]["larger"]["grids"][0]


def settings(content: dict) -> dict:
    return content["tasks"]["larger"]["settings"]


def used(folder: Path, split: str) -> set[str]:
    """Give the questions of a training set, or of all of them and the test set."""
    files = folder.glob(f"results*/data/larger/problems/{split}.jsonl")
    return {
        yaml.safe_load(line)["prompt"] for file in files for line in file.read_text().splitlines()
    }


def shorter(content: dict) -> None:
    content["training"].update(min_steps=4, epochs=1)
    content["evaluation"] = {"max_new_tokens": 8}
    grid(content).update(n_train=[100])


def a_third_column(folder: Path) -> None:
    write(folder, [{**row, "said": f"It is {row['bare']}"} for row in rows(folder)])


def a_third_variant(content: dict) -> None:
    settings(content)["train"][0]["responses"]["said"] = "said"
    content["variants"]["said"] = {"kind": "given", "settings": {"response": "said"}}
    grid(content)["variants"].append("said")


def an_unused_row_corrected(folder: Path) -> None:
    changed = rows(folder)
    everywhere = used(folder, "*")
    next(row for row in changed if row["question"] not in everywhere)["bare"] += " !"
    write(folder, changed)


def a_row_of_seed_1_corrected(folder: Path) -> None:
    changed = rows(folder)
    only = used(folder, "train-n100-draw1") - used(folder, "train-n100-draw2")
    next(row for row in changed if row["question"] in only)["explained"] += " Really."
    write(folder, changed)


def moved(folder: Path) -> None:
    shutil.copy2(folder / TABLE, folder / TABLE.name)


MOVES: dict[str, tuple[Callable[[Path], None], dict[str, int]]] = {
    "run again": (lambda folder: None, {}),
    "save the table with Windows' line endings": (
        lambda folder: (folder / TABLE).write_text((folder / TABLE).read_text(), newline="\r\n"),
        {},
    ),
    "give it a third column, of which nothing is said": (a_third_column, {}),
    "compare the third column as well": (
        configured(a_third_variant),
        {
            "generate_problems": 3,
            "write_responses": 3,
            "fine_tune": 2,
            "predict": 2,
            "score": 2,
            "list_runs": 1,
            **READ,
            **SOURCE,
            "write_configuration": 1,
        },
    ),
    "name the pair": (
        configured(
            lambda content: content["studies"]["larger"].update(
                compare=[["explained", "bare"], ["said", "bare"]]
            )
        ),
        {"compare_variants": 1, "draw_figure": 2, "tabulate_costs": 1, **SHOWN},
    ),
    "read answers in another way": (
        configured(
            lambda content: settings(content).update(answer={"kind": "number", "marker": "Answer:"})
        ),
        {"score": 6, **READ, "write_configuration": 1},
    ),
    "correct a row that is not used": (an_unused_row_corrected, SOURCE),
    "correct a row that one seed trains on": (
        a_row_of_seed_1_corrected,
        {
            "generate_problems": 1,
            "write_responses": 1,
            "fine_tune": 1,
            "predict": 1,
            "score": 1,
            **READ,
            **SOURCE,
        },
    ),
    "ask more test questions of the models that were kept": (
        configured(lambda content: content["tasks"]["larger"].update(test_size={"test": 70})),
        {
            "generate_problems": 1,
            "write_responses": 3,
            "describe_data": 1,
            "describe_source": 1,
            "predict": 6,
            "score": 6,
            **READ,
            "write_configuration": 1,
        },
    ),
    "let answers be longer": (
        configured(lambda content: content["evaluation"].update(max_new_tokens=12)),
        {"predict": 6, "score": 6, **READ, "write_configuration": 1},
    ),
    "add a seed": (
        configured(lambda content: grid(content)["seeds"].append(3)),
        {
            "generate_problems": 1,
            "write_responses": 3,
            "describe_data": 1,
            "fine_tune": 3,
            "predict": 3,
            "score": 3,
            "list_runs": 1,
            **READ,
            "write_configuration": 1,
        },
    ),
    "copy the table elsewhere, and read it there": (moved, {}),
    "and say so": (configured(lambda content: settings(content).update(folder=".")), SHOWN),
}


def planned(study: RepositoryCopy) -> dict[str, int]:
    jobs = Counter(job.rule for job in study.plan("--configfile", str(STUDY)))
    del jobs["report"]
    return dict(jobs)


def test_each_move_of_a_days_work_does_again_what_it_has_to_and_no_more(tmp_path):
    study = copy_repository(tmp_path / "showhow")
    configured(shorter)(study.folder)
    study.make("--configfile", str(STUDY))
    wrong = {}
    for name, (move, expected) in MOVES.items():
        move(study.folder)
        if (found := planned(study)) != expected:
            wrong[name] = {"planned": found, "expected": expected}
        study.make("--configfile", str(STUDY))
        assert planned(study) == {}, f"not done after: {name}"
    assert wrong == {}
