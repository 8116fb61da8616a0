"""A rule says to its stage what the stage's class of options knows, no more and no less."""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import get_origin

import pytest

from showhow.jobs.options import Role, StageOptions, role_of_each

REPOSITORY = Path(__file__).parents[2]
STAGES = sorted(
    file.stem
    for file in (REPOSITORY / "workflow_scripts/stages").glob("*.py")
    if file.stem != "__init__"
)
NOT_SAID_BY_RULES = {"threads", "checkpoints"}
"""A job computes in one thread, and keeps its work where all do."""
CONFIGURATIONS = ("smoke", "smoke-familiarity", "smoke-knowledge", "paper")
PLAN = """
import json, sys
from commands.snakemake_plan import planned
with planned(sys.argv[1:]) as workflow:
    told = {(job.rule.name, str(job.params.get("options"))) for job in workflow.dag.jobs}
    commands = {rule.name: rule.shellcmd for rule in workflow.rules}
print(json.dumps([[commands[rule], options] for rule, options in sorted(told)]))
"""


def commands_of_rules() -> dict[str, list[str]]:
    """Read each stage's command lines from the rules, as the shell gets them."""
    commands: dict[str, list[str]] = {}
    for file in (REPOSITORY / "rules").glob("*.smk"):
        for block in re.findall(r"shell:\n((?: +[\"'].*[\"']\n)+)", file.read_text()):
            text = "".join(re.findall(r"[\"'](.*)[\"']\n", block))
            for command in text.split("&&"):
                if called := re.search(r"\"\$SHOWHOW_RUN\" (?:--warm \w+ )?(\w+)(.*)", command):
                    commands.setdefault(called[1], []).append(called[2])
    return commands


def options_of(stage: str) -> type[StageOptions]:
    return import_module(f"stages.{stage}").Options


def flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def files_for(stage: type[StageOptions]) -> dict[str, object]:
    """Give some path for each file that a stage has to be told."""
    roles = role_of_each(stage)
    required = [name for name, field in stage.model_fields.items() if field.is_required()]
    files = [name for name in required if roles[name] is not Role.TOLD]
    several = {name for name in files if get_origin(stage.model_fields[name].annotation) is list}
    return {name: ["a/file"] if name in several else "a/file" for name in files}


COMMANDS = commands_of_rules()


def test_every_stage_has_a_rule_and_every_rule_a_stage():
    assert sorted(COMMANDS) == STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_a_rule_says_every_flag_that_its_stage_has_and_no_other(stage):
    roles = role_of_each(options_of(stage))
    flags = {flag(name) for name, role in roles.items() if role is not Role.TOLD}
    told = {"--options"} if Role.TOLD in roles.values() else set()
    optional = {flag(name) for name in NOT_SAID_BY_RULES}
    # No record: they take no time, and follow another stage in its job or have nothing to tell.
    unrecorded = {"--cost", "--code"} if stage in ("list_checksums", "keep_best") else set()
    for command in COMMANDS[stage]:
        said = set(re.findall(r"(?<= )--[a-z-]+", command))
        assert said - flags - told == set(), "the stage does not know"
        assert (flags | told) - said - optional - unrecorded == set(), "the rule does not say"


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_what_a_job_is_told_is_what_its_stage_reads(configuration, fresh_copy):
    """For every job of a plan, the one JSON of its rule has the keys and types of the class."""
    options = ["--cores", "2", "--configfile", f"configs/{configuration}.yaml"]
    planned = subprocess.run(
        [sys.executable, "-c", PLAN, *options],
        cwd=fresh_copy.folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(fresh_copy.folder / "workflow_scripts")},
        capture_output=True,
        text=True,
    )
    assert planned.returncode == 0, planned.stdout + planned.stderr
    for command, told in json.loads(planned.stdout.splitlines()[-1]):
        called = re.search(r"\"\$SHOWHOW_RUN\" (?:--warm \w+ )?(\w+)", command or "")
        if called and told != "None":
            stage = options_of(called[1])
            stage.checked(called[1], {**files_for(stage), **json.loads(told)})
