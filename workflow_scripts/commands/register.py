"""Register a configuration's studies before their data. Takes Snakemake's own options:

python workflow_scripts/run.py register --cores 2 --configfile config.yaml

Writes registered/STUDY.yaml for each study, to be committed. One that is there is never changed.
"""

import sys
from dataclasses import asdict
from pathlib import Path

import yaml

from commands.snakemake_plan import Plan, print_plan
from showhow.base.files import whole_file
from showhow.registration.power import PLANS, power_of
from showhow.registration.statement import statement_of
from showhow.report.registered import deviations
from showhow.study.configuration import Configuration
from showhow.study.paths import REGISTERED


def describe(plan: Plan) -> str:
    """Register every study that is not yet; say of the others how they differ."""
    studies = plan.configuration.studies
    return "".join(f"{_register(plan.configuration, study)}\n" for study in studies)


def _register(configuration: Configuration, study: str) -> str:
    path = Path(REGISTERED.format(study=study))
    stated = statement_of(configuration, study)
    if path.exists():
        found = deviations(yaml.safe_load(path.read_text()), stated)
        differs = [f"It differs: {each}" for each in found]
        same = ["It is the study of this configuration."]
        return "\n  ".join([f"{path} is there, and stays as it is.", *(differs or same)])
    power = [asdict(each) for each in power_of(configuration, study, plans=PLANS[:1])]
    with whole_file(path) as file:
        file.write_text(yaml.safe_dump({**stated, "power": power}, sort_keys=False))
    return f"{path} is written; commit it before the study runs. Its hash is {stated['hash'][:12]}."


if __name__ == "__main__":
    sys.exit(print_plan(sys.argv[1:], describe))
