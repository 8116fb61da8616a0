"""The environments of envs/ from the package index, and a copy of the workflow that runs in them.

`--sdm conda` activates a rule's environment in front of its shell command. It takes conda and a
channel to do so, and neither is on the package index; what it leaves to the stages is the same as
here: the python that is found first, with the pins of the rule's file and nothing else.
"""

import re
import subprocess
import sys
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[2]
FILES = {file.stem: file for file in sorted((REPOSITORY / "envs").glob("*.yaml"))}
ENVIRONMENT = re.compile(r"envs/(\w+)\.yaml")
PREFIX_SCRIPT = "import sys\nprint(sys.prefix)\n"


def build_environment(name: str, folder: Path) -> Path:
    """Install the pins of one file, and what these need in turn, into a folder of their own."""
    pins = yaml.safe_load(FILES[name].read_text())["dependencies"][-1]["pip"]
    constraints = REPOSITORY / "envs/constraints.txt"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin/python", "install"]
    # What is never imported need not be compiled.
    command = [*pip, "--no-compile", *pins, "-c", constraints]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def rule_blocks(text: str) -> list[str]:
    """Split the text of a file of rules so that each part but the first begins with a rule."""
    return re.split(r"^(?= *(?:(?:use )?rule|checkpoint) )", text, flags=re.MULTILINE)


def stages_of_rules() -> dict[str, str]:
    """Name every rule that starts a stage in an environment of its own, and that environment."""
    files = sorted((REPOSITORY / "rules").glob("*.smk"))
    blocks = [block for file in files for block in rule_blocks(file.read_text())]
    named = [
        (re.match(r" *(?:rule|checkpoint) (\w+):", block), ENVIRONMENT.search(block))
        for block in blocks
    ]
    return {rule[1]: environment[1] for rule, environment in named if rule and environment}


def activate_environments(folder: Path, environments: dict[str, Path]) -> None:
    """Have each rule of a copy start its stage in its environment, and say which pythons ran."""
    (folder / "prefix.py").write_text(PREFIX_SCRIPT)
    with (folder / "Snakefile").open("a") as snakefile:
        snakefile.writelines(rule_that_asks(name) for name in environments)
    for file in (folder / "Snakefile", *(folder / "rules").glob("*.smk")):
        blocks = rule_blocks(file.read_text())
        file.write_text("".join(activated(block, environments) for block in blocks))


def activated(block: str, environments: dict[str, Path]) -> str:
    """Put the activation of a rule's environment in front of its command."""
    command = re.search(r"^( +)shell:\n( +)", block, flags=re.MULTILINE)
    if command is None:
        return block
    environment = ENVIRONMENT.search(block)
    assert environment, f"This rule starts a stage in no environment:\n{block}"
    activation = f'"source {environments[environment[1]]}/bin/activate; "\n{command[2]}'
    return block[: command.end()] + activation + block[command.end() :]


def rule_that_asks(environment: str) -> str:
    """Write a rule that asks the python of an environment for its folder, warm where stages are."""
    warm = f"--warm {environment} " if environment in ("analysis", "models") else ""
    return f"""
rule prefix_of_{environment}:
    output:
        "prefixes/{environment}",
    conda:
        "envs/{environment}.yaml"
    shell:
        "python workflow_scripts/run.py {warm}prefix.py > {{output:q}}"
"""
