"""Say what a run would do, and why, before anything runs. Takes Snakemake's own options:

python workflow_scripts/run.py plan --cores 4 --configfile configs/paper.yaml
"""

import sys

from commands.snakemake_plan import COSTS, Plan, print_plan
from showhow.staleness.plan import costs_of, describe_plan, read_cost_records


def describe(plan: Plan) -> str:
    records = read_cost_records(COSTS, plan.configuration.models)
    return describe_plan(plan.jobs, costs_of(records), plan.cores)


if __name__ == "__main__":
    sys.exit(print_plan(sys.argv[1:], describe))
