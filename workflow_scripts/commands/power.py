"""Say which effect each claim can find, before anything runs. Takes Snakemake's own options:

python workflow_scripts/run.py power --cores 2 --configfile config.yaml
"""

import sys

from commands.snakemake_plan import Plan, print_plan
from showhow.registration.power import power_of
from showhow.registration.wording import told_power


def describe(plan: Plan) -> str:
    """Tell the power of every study of the configuration."""
    configuration = plan.configuration
    return "\n".join(
        told_power(study, configuration, power_of(configuration, study))
        for study in configuration.studies
    )


if __name__ == "__main__":
    sys.exit(print_plan(sys.argv[1:], describe))
