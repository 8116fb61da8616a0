"""What the user is told when a result is damaged. The table: damaged_artefacts.yaml."""

import json
import random
import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from tiny_study import options_of_record, run_script, snakemake

CASES = yaml.safe_load(Path(__file__).with_name("damaged_artefacts.yaml").read_text("utf-8"))
MATERIAL = {
    "study": "tiny",
    "title": "Tiny",
    "tables": {
        "runs": "results/tables/tiny.parquet",
        "claims": "results/claims/tiny.csv",
        "claims by task": "results/claims/tiny-by-task.csv",
        "costs": "results/tables/tiny-costs.csv",
    },
    "configuration": "results/configuration.yaml",
    "figures": [
        {
            "name": "overview",
            "picture": "results/figures/tiny/overview.png",
            "caption": "results/figures/tiny/overview.txt",
            "views": "results/figures/tiny/overview-views",
        }
    ],
}
BY_HAND = {
    "write_report": [
        *["--output", "results/report.html", "--warnings", "results/warnings.txt"],
        *["--options", json.dumps({"material": MATERIAL})],
    ],
}


@pytest.fixture
def study(finished_study, tmp_path):
    """The finished study, to be damaged."""
    return shutil.copytree(finished_study, tmp_path / "study", ignore=ignored)


def ignored(folder, names):
    return {"__pycache__", "logs"} & set(names)


def damage(path, how):
    content = path.read_bytes()
    match how:
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "garble":
            path.write_bytes(random.Random(0).randbytes(len(content)))
        case "empty":
            path.write_bytes(b"")
        case "missing":
            path.unlink()
        case {"write": text}:
            path.write_text(text)
        case {"line": text}:
            path.write_text("\n".join([text, *path.read_text().split("\n")[1:]]))
        case {"drop": number}:
            path.write_text("".join(path.read_text().splitlines(keepends=True)[number:]))
        case {"json": changes}:
            path.write_text(json.dumps(json.loads(content) | changes))
        case {"without": key}:
            path.write_text(json.dumps({k: v for k, v in json.loads(content).items() if k != key}))


def options_of(study, stage):
    name = stage.partition("/")[0]
    return name, BY_HAND.get(name) or options_of_record(study / f"results/costs/{stage}.json")


def name_of(case):
    how = case["damage"]
    how = how if isinstance(how, str) else "-".join(how)
    return f"{case['stage'].partition('/')[0]}-{Path(case['path']).name}-{how}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_damaged_artefact_is_named_with_what_makes_it_anew(study, case):
    name, options = options_of(study, case["stage"])
    damage(study / case["path"], case["damage"])
    done = run_script(study, name, *options)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    sentence = done.stderr.rpartition("\nError: ")[2].strip()
    named = case.get("named", case["path"])
    assert re.search(case["says"], sentence), sentence
    assert "\n" not in sentence
    assert named in sentence
    assert sentence.endswith(f"with: snakemake --cores 2 --force {named}"), sentence


def test_the_command_in_the_message_makes_it_anew_and_the_study_goes_on(study):
    problems = study / "results/data/bits/problems/test.jsonl"
    before = problems.read_bytes()
    damage(problems, "cut")
    name, options = options_of(study, "describe_data/bits")
    told = run_script(study, name, *options).stderr
    command = shlex.split(told.partition("with: snakemake ")[2])
    assert snakemake(study, *command[2:]).returncode == 0
    assert problems.read_bytes() == before
    assert run_script(study, name, *options).returncode == 0


def test_the_command_names_the_configuration_that_snakemake_was_given(study):
    (study / "config.yaml").rename(study / "my study.yaml")
    damage(study / "results/data/bits/problems/test.jsonl", "cut")
    target = "results/data/bits/responses/medium/test.jsonl"
    failed = snakemake(study, "--configfile", "my study.yaml", "--force", target)
    assert failed.returncode == 1
    problems = "results/data/bits/problems/test.jsonl"
    command = f"snakemake --cores 2 --configfile 'my study.yaml' --force {problems}"
    assert command in failed.stdout
