"""Files of one's own: begun by a command, shown in the docs, part of the fingerprint."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from showhow.analysis.claims import claim_ids
from showhow.base.errors import ShowhowError
from showhow.base.surroundings import VARIABLE, Surroundings, in_words
from showhow.figures import figure_names
from showhow.responses import load_variant, variant_kinds
from showhow.scaffold import filled_in, write_new
from showhow.staleness.fingerprint import take_fingerprint
from showhow.study.validation import load_configuration
from showhow.tasks import task_files, task_kinds

REPOSITORY = Path(__file__).parents[2]
SHOWN = {
    "task": "highest",
    "variant": "last_step",
    "figure": "by_variant",
    "claim": "o1_medium_beats_none",
}


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, in_words(Surroundings(own=str(tmp_path / "own"))))
    return tmp_path / "own"


def test_the_docs_show_what_is_begun_each_in_under_60_lines():
    text = (REPOSITORY / "docs/own.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert blocks == [filled_in(f"{kind}.py.txt", name) for kind, name in SHOWN.items()]
    assert all(len(block.splitlines()) < 60 for block in blocks)
    for kind, name in SHOWN.items():
        assert f"make new KIND={kind} NAME={name}\n" in text


def test_what_is_begun_is_found_and_passes_its_own_tests(own):
    for kind, name in SHOWN.items():
        write_new(kind, name)
    assert {"highest"} <= set(task_kinds()) and {"last_step"} <= set(variant_kinds())
    assert {"by_variant"} <= set(figure_names()) and {"O1"} <= set(claim_ids())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", REPOSITORY / "pyproject.toml", own / "tests"],
        cwd=own.parent,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "workflow_scripts")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"\b1\d passed", done.stdout)


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("task", "Highest", "cannot be the name of a task"),
        ("task", "listops", "There is a task of that name already"),
        ("claim", "detail_helps", "cannot be the name of a claim; write an id"),
        ("claim", "c1_mine", "There is a claim of that name already"),
    ],
)
def test_a_name_that_cannot_be_is_told(own, kind, name, said):
    with pytest.raises(ShowhowError, match=said):
        write_new(kind, name)


def test_nothing_is_written_over(own):
    write_new("variant", "mine")
    with pytest.raises(ShowhowError, match="There is a variant of that name already"):
        write_new("variant", "mine")
    with pytest.raises(ShowhowError, match=r"test_mine.py already"):
        write_new("figure", "mine")


def test_a_file_with_the_name_of_a_built_in_one_is_told(own):
    (own / "tasks").mkdir(parents=True)
    (own / "tasks/parity.py").write_text("TASK = None\n")
    with pytest.raises(ShowhowError, match=r"parity.py has the name of a file that is there"):
        task_kinds()


def test_one_claim_in_two_files_is_told(own):
    write_new("claim", "o1_mine")
    (own / "claims/o1_yours.py").write_text("")
    with pytest.raises(ShowhowError, match="both hold the claim O1"):
        claim_ids()


def test_the_fingerprint_covers_the_file_and_what_it_imports_of_the_users_own(own):
    write_new("task", "highest")
    write_new("variant", "last_step")
    (own / "tasks/_shared.py").write_text("LIMIT = 1\n")
    variant = own / "responses/last_step.py"
    variant.write_text("from showhow.tasks._shared import LIMIT\n" + variant.read_text())
    assert load_variant("last_step").kind == "last_step"
    taken = take_fingerprint([variant, task_files()["highest"]])
    assert {"last_step.py", "highest.py", "_shared.py"} <= set(taken.parts)
    (own / "tasks/_shared.py").write_text("LIMIT = 2  # more\n")
    changed = take_fingerprint([variant, task_files()["highest"]]).digest
    assert changed != taken.digest
    (own / "tasks/_shared.py").write_text("LIMIT = 2\n")
    assert take_fingerprint([variant, task_files()["highest"]]).digest == changed


def test_a_task_that_knows_no_draws_of_training_sets_is_told_what_to_do(own):
    write_new("task", "undrawn")
    file = own / "tasks/undrawn.py"
    generate = "    def generate(self, settings, split, count, exclude):\n        return []\n\n"
    text = file.read_text()
    file.write_text(text.replace("    def explain", f"{generate}    def explain"))
    study = own.parent / "study.yaml"
    study.write_text("tasks:\n  mine:\n    kind: undrawn\n")
    with pytest.raises(ShowhowError) as told:
        load_configuration(yaml.safe_load(study.read_text()), [study])
    assert re.search(
        r"study.yaml, line 3: tasks.mine.kind is undrawn, whose generate in .*own/tasks/undrawn.py "
        r"takes no `draw`: .*Write def generate\(self, .*draw=0\)",
        str(told.value),
    )
