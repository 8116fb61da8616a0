"""Say what a run would do, and why, before anything runs. Takes Snakemake's own options:

python workflow_scripts/plan.py --cores 4 --configfile configs/paper.yaml
"""

import sys

from showhow.workflow.plan import describe_plan, read_costs
from snakemake_plan import COSTS, Plan, print_plan


def describe(plan: Plan) -> str:
    costs = read_costs(COSTS, plan.configuration.models)
    return describe_plan(plan.jobs, costs, plan.cores)


if __name__ == "__main__":
    sys.exit(print_plan(sys.argv[1:], describe))
