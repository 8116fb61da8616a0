"""Which jobs belong to a study, their records say, whatever their paths are called."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.jobs.lineage import made_from, records_of_study

RUN = "results/runs/voices/sums/rewritten/small/n8/seed1"


def job(stage: str, reads: list[str], writes: list[str]) -> dict:
    provenance = {"reads": reads, "writes": writes, "started": f"2026-01-01 {stage}"}
    return {"stage": stage, "target": stage, "provenance": provenance}


# A study as those of familiarity: what its runs learn from depends on the base.
STUDY = [
    job("generate_problems", [], ["results/data/sums/problems/train-n8.jsonl"]),
    job("write_corpus", [], ["results/data/corpus.jsonl"]),
    job("pretrain", ["results/data/corpus.jsonl"], ["results/models/small"]),
    job(
        "answer_problems",
        ["results/models/small", "results/data/sums/problems/train-n8.jsonl"],
        ["results/data/sums/answers/small/train-n8.jsonl"],
    ),
    job(
        "ask_endpoint",
        ["results/data/sums/answers/small/train-n8.jsonl"],
        [
            "results/data/sums/written/rewritten/small/train-n8.jsonl",
            "written/sums/rewritten.jsonl",
        ],
    ),
    job(
        "take_written_responses",
        ["results/data/sums/written/rewritten/small/train-n8.jsonl"],
        ["results/data/sums/responses/rewritten/small/train-n8.jsonl"],
    ),
    job(
        "fine_tune",
        ["results/models/small", "results/data/sums/responses/rewritten/small/train-n8.jsonl"],
        [f"{RUN}/model", f"{RUN}/train.json"],
    ),
    job("predict", [f"{RUN}/model"], [f"{RUN}/predictions.jsonl"]),
    job("score", [f"{RUN}/predictions.jsonl"], [f"{RUN}/scores.json"]),
    job("predict_untuned", ["results/models/small"], ["results/probes/small/untuned.jsonl"]),
    job("measure_retention", ["results/probes/small/untuned.jsonl"], [f"{RUN}/retention.json"]),
    job(
        "measure_perplexity",
        ["results/data/sums/responses/rewritten/small/train-n8.jsonl"],
        ["results/probes/small/sums/rewritten/train-n8.json"],
    ),
    job(
        "tabulate_perplexity",
        ["results/probes/small/sums/rewritten/train-n8.json"],
        ["results/tables/voices-perplexity.csv"],
    ),
]
# Another study of the same task and the same model, and a corpus that no run's base knows.
OTHERS = [
    job("write_corpus", [], ["results/data/corpus-other.jsonl"]),
    job("pretrain", ["results/data/corpus-other.jsonl"], ["results/models/other"]),
    job(
        "measure_perplexity",
        ["results/models/small", "results/data/sums/responses/none/train-n8.jsonl"],
        ["results/probes/small/sums/none/train-n8.json"],
    ),
    job(
        "fine_tune",
        ["results/models/small"],
        ["results/runs/others/sums/none/small/n8/seed1/train.json"],
    ),
]


@pytest.fixture
def folder(tmp_path):
    """Give a folder with all records, and the study's manifest beside it."""
    records = tmp_path / "costs"
    records.mkdir()
    for number, record in enumerate([*STUDY, *OTHERS]):
        (records / f"{number}.json").write_text(json.dumps(record))
    (tmp_path / "runs.json").write_text(json.dumps([{"directory": RUN}]))
    return tmp_path


def test_a_study_is_made_of_all_that_its_results_were_made_from_and_of_nothing_else(folder):
    results = ["results/tables/voices-perplexity.csv"]
    found = records_of_study(
        "voices", folder / "runs.json", ["scores.json", "retention.json"], results, folder / "costs"
    )
    assert sorted(record["stage"] for record in found) == sorted(one["stage"] for one in STUDY)
    assert [one for one in found if one in OTHERS] == []


def test_two_studies_of_one_folder_count_each_its_own_jobs(folder):
    """They share the base and the problems; neither lists the other's runs or tables."""
    other = "results/runs/others/sums/none/small/n8/seed1"
    score = job("score", [f"{other}/train.json"], [f"{other}/scores.json"])
    (folder / "costs/score.json").write_text(json.dumps(score))
    (folder / "others.json").write_text(json.dumps([{"directory": other}]))
    of_others = records_of_study(
        "others", folder / "others.json", ["scores.json"], [], folder / "costs"
    )
    assert sorted(one["stage"] for one in of_others) == [
        *("fine_tune", "pretrain", "score", "write_corpus"),
    ]
    of_voices = records_of_study(
        "voices", folder / "runs.json", ["scores.json"], [], folder / "costs"
    )
    tuned = [one["provenance"]["writes"] for one in (*of_voices, *of_others)]
    runs = [path for written in tuned for path in written if path.endswith("train.json")]
    assert runs == [f"{RUN}/train.json", f"{other}/train.json"]


def test_a_study_that_was_not_run_has_no_records(folder):
    (folder / "runs.json").write_text(json.dumps([{"directory": "results/runs/never"}]))
    with pytest.raises(ShowhowError, match="There are no records of the study never"):
        records_of_study("never", folder / "runs.json", ["scores.json"], [], folder / "costs")


def test_a_list_of_runs_that_is_none_is_said(folder):
    (folder / "runs.json").write_text("{}")
    with pytest.raises(ShowhowError, match="it lists no runs"):
        records_of_study("voices", folder / "runs.json", ["scores.json"], [], folder / "costs")


@given(st.lists(st.sets(st.integers(0, 20), max_size=3), max_size=20), st.integers(0, 20))
def test_what_is_found_is_all_that_can_be_reached_and_no_more(reads, last):
    """Jobs in a row, of which each may read what any other wrote, circles included."""
    jobs = [job(str(n), [f"file{m}" for m in read], [f"file{n}"]) for n, read in enumerate(reads)]
    reached, waiting = set(), [last]
    while waiting:
        number = waiting.pop()
        if number < len(reads) and number not in reached:
            reached.add(number)
            waiting += reads[number]
    found = made_from(jobs, [f"file{last}"])
    assert {int(one["stage"]) for one in found} == reached
