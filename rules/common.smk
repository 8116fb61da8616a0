# The configuration, and what the rules ask of it: each room of showhow/study/inputs by its name.

import os
import sys
from pathlib import Path

sys.path.insert(0, f"{workflow.basedir}/workflow_scripts")

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

from showhow.base.errors import ShowhowError
from showhow.base.files import check_writable
from showhow.base.rows import write_text
from showhow.base.surroundings import tell
from showhow.base.wording import refusal
from showhow.jobs.devices import gpus_are_here
from showhow.jobs.provenance import revision_of_checkout
from showhow.study import paths
from showhow.study.inputs.data import DataInputs
from showhow.study.inputs.evaluation import EvaluationInputs
from showhow.study.inputs.models import ModelInputs
from showhow.study.inputs.probes import ProbeInputs
from showhow.study.inputs.requests import Requests
from showhow.study.inputs.tables import TableInputs
from showhow.study.inputs.training import TrainingInputs
from showhow.study.inputs.writing import WritingInputs
from showhow.study.sharing import conflicts, holdings_of, record_holdings, told_conflicts
from showhow.study.paths import log_of, placed, record_of
from showhow.study.places import YamlFile
from showhow.study.studies import Studies, one_of, unwritten, wildcard_constraints_of
from showhow.study.validation import check_own_data, load_configuration
from showhow.staleness.selections import Selections
from showhow.staleness.stage_code import MODELS, TABLES, StageCode

DEFAULT = Path("config.yaml")
if not workflow.overwrite_configfiles:
    try:
        if DEFAULT.exists():
            YamlFile(DEFAULT.absolute())  # Snakemake would not say in which line it is no YAML.
    except ShowhowError as error:
        raise WorkflowError(str(error)) from None

    configfile: str(DEFAULT)


try:
    files = [Path(file) for file in workflow.configfiles]
    configuration = load_configuration(config, files)
    tell(results=configuration.results)
    if workflow.exec_mode.name == "DEFAULT":
        for sentence in check_own_data(configuration, config, files):
            logger.warning(sentence)
    studies = Studies(configuration)
    ask = Requests(studies, lambda: workflow.local_exec and not gpus_are_here())
    undone = []
    if workflow.exec_mode.name == "DEFAULT":
        configuration_file = Path(workflow.configfiles[-1]).resolve()
        undone = told_conflicts(conflicts(studies, configuration_file), configuration_file)
    # (Of workflow.dryrun it knows nothing yet.)
    if workflow.exec_mode.name == "DEFAULT" and not workflow.output_settings.dryrun:
        # Snakemake would find this out job by job.
        check_writable(configuration.results)
        if undone:
            raise ShowhowError("\n".join(undone))
    elif undone:
        logger.warning("\n".join(undone))
except ShowhowError as error:
    raise WorkflowError(str(error)) from None

code = StageCode(studies)
selected = Selections(studies, code)
data = DataInputs(studies)
bases = ModelInputs(studies)
training = TrainingInputs(studies)
evaluation = EvaluationInputs(studies)
probes = ProbeInputs(studies)
writing = WritingInputs(studies)
tables = TableInputs(studies)


wildcard_constraints:
    **wildcard_constraints_of(studies),


# Stages find the python of this environment. None but those that download ask the hub for anything:
# a cluster's compute nodes may be offline.
search_path = os.pathsep.join((str(Path(sys.executable).parent), *os.get_exec_path()))
os.environ.update(PATH=search_path, OMP_NUM_THREADS="1")
os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
# By it the rules' commands start a stage. Where the workflow lies makes no result stale, as it would if
# a command or a parameter named it.
os.environ.update(SHOWHOW_RUN=f"{workflow.basedir}/workflow_scripts/run.py")
tell(
    checkpoint_seconds=configuration.keeping.checkpoint_seconds,
    trackers=configuration.tracking.trackers,
    services=studies.services(),
    own_data=studies.own_data,
    whole_sets=studies.whole_sets,
)


# These take seconds, or need the network: they run where Snakemake does.
localrules:
    list_runs,
    list_checksums,
    describe_source,
    count_contamination,
    ask_endpoint,
    take_written_responses,
    download,
    download_data,
    fetch_package,
    choose_learning_rate,
    tabulate_rates,
    tabulate_runs,
    compare_variants,
    tabulate_costs,
    tabulate_perplexity,
    tabulate_untuned,
    tabulate_retention,
    tabulate_faithfulness,
    tabulate_memory,
    tabulate_checks,
    draw_figure,
    write_configuration,
    write_report,
    export_crate,


def write_whole(path, text, log):
    """Write what is known while planning, for rules without a stage."""
    try:
        write_text(path, text)
        write_text(log, f"Wrote {path}.\n")
    except OSError as error:
        raise WorkflowError(refusal(error) or str(error)) from None


def kept_or_temporary(output):
    """To keep the best, all stay until it is known which that is (rules/keeping.smk)."""
    return output if configuration.keeping.weights in ("all", "best") else temp(output)
