"""The pinned environments say the same: pip's requirements, their constraints, conda's files."""

import re
from pathlib import Path

import pytest
import yaml

ENVIRONMENTS = Path(__file__).parents[1] / "envs"
RULES = sorted((ENVIRONMENTS.parent / "rules").glob("*.smk"))


def pins(lines):
    named = (line.strip() for line in lines)
    return dict(line.split("==") for line in named if line and not line.startswith("#"))


REQUIREMENTS = pins((ENVIRONMENTS / "requirements.txt").read_text().splitlines())
CONSTRAINTS = pins((ENVIRONMENTS / "constraints.txt").read_text().splitlines())


@pytest.mark.parametrize("file", sorted(ENVIRONMENTS.glob("*.yaml")), ids=lambda file: file.name)
def test_conda_files_pin_what_the_requirements_pin(file):
    dependencies = yaml.safe_load(file.read_text())["dependencies"]
    assert dependencies[:2] == ["python=3.11", "pip"]
    conda = pins(dependencies[2]["pip"])
    assert conda == {name: REQUIREMENTS[name] for name in conda}


def test_the_constraints_pin_every_requirement_alike():
    assert REQUIREMENTS.items() <= CONSTRAINTS.items()


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.name)
def test_a_stage_starts_warm_among_the_libraries_of_its_own_environment(file):
    for rule in re.split(r"^ *rule ", file.read_text(), flags=re.MULTILINE)[1:]:
        started_in = re.findall(r'"\$SHOWHOW_RUN" --warm (\w+) ', rule)
        assert started_in in ([], re.findall(r"envs/(\w+)\.yaml", rule)), rule
