"""Say what a run would do, and why, before anything runs. Takes Snakemake's own options:

python workflow_scripts/run.py plan --cores 4 --configfile configs/paper.yaml
"""

import sys
from pathlib import Path

from commands.snakemake_plan import Plan, print_plan
from showhow.staleness.plan import costs_of, describe_plan, read_cost_records
from showhow.study.left_out import DEFAULT_CONFIGURATION as DEFAULT
from showhow.study.left_out import told_left_out
from showhow.study.paths import COSTS, placed


def describe(plan: Plan) -> str:
    records = read_cost_records(Path(placed(COSTS)), plan.configuration.models)
    described = describe_plan(plan.jobs, costs_of(records), plan.cores)
    return described + "".join(f"{line}\n" for line in [*plan.undone, *left_out(plan)])


def left_out(plan: Plan) -> list[str]:
    """Name the studies whose report is not in the plan, where it has another's."""
    reports = [job for job in plan.jobs if job.stage.startswith("write_report")]
    made = {job.name.wildcards["study"] for job in reports}
    return told_left_out(plan.configuration.studies, made, " ".join(plan.configfiles) or DEFAULT)


if __name__ == "__main__":
    sys.exit(print_plan(sys.argv[1:], describe))
