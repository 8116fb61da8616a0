"""Say what a run would do, and why, before anything runs. Takes Snakemake's own options:

python workflow_scripts/run.py plan --cores 4 --configfile configs/paper.yaml
"""

import sys
from pathlib import Path

from commands.snakemake_plan import COSTS, Plan, print_plan
from showhow.forecast.expected_work import work_in
from showhow.forecast.gpus import CPU, read_devices
from showhow.forecast.workload import COMPUTING_STAGES
from showhow.jobs.provenance import hardware
from showhow.models.sizes import parameters_of
from showhow.staleness.plan import Scaled, costs_of, describe_plan, made_here, read_cost_records

DEVICES = Path("profiles/gpus.yaml")


def describe(plan: Plan) -> str:
    models = plan.configuration.models
    records = made_here(read_cost_records(COSTS, models), hardware())
    # How many tokens there are is the same on any device.
    scaled = Scaled(
        stages=COMPUTING_STAGES,
        parameters={name: parameters_of(model) for name, model in models.items()},
        work_of=work_in(plan.configuration, read_devices(DEVICES)[CPU]),
    )
    return describe_plan(plan.jobs, costs_of(records, scaled), plan.cores)


if __name__ == "__main__":
    sys.exit(print_plan(sys.argv[1:], describe))
