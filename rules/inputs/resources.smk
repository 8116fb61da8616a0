# What jobs ask of the machine or the cluster they run on: one table, by stage and size of the model.

from showhow.models.sizes import parameters_of
from showhow.study.resources import read_resources, request_of


# These take seconds, or need the network: they run where Snakemake does.
localrules:
    list_runs,
    list_checksums,
    describe_source,
    ask_endpoint,
    take_written_responses,
    download,
    download_data,
    tabulate_runs,
    tabulate_costs,
    tabulate_perplexity,
    tabulate_untuned,
    tabulate_retention,
    tabulate_memory,
    draw_figure,
    write_configuration,
    write_report,
    export_crate,


@cache
def size_of(model):
    size = parameters_of(configuration.models[model])
    if size is None:
        raise ShowhowError(
            f"models.{model}: what its jobs ask for goes by its size; write `parameters:` and "
            "their number, as its card says."
        )
    return size


def requested(stage, wildcards, attempt=1):
    model = wildcards.get("model") or wildcards.get("ladder_model")
    return request_of(RESOURCES, stage, size_of(model) if model else None, attempt)


try:
    RESOURCES = read_resources(Path(configuration.cluster.resources))
    for base in grid.bases_used(configuration):
        for stage in ("fine_tune", "predict"):
            request_of(RESOURCES, stage, size_of(base))
except ShowhowError as error:
    raise WorkflowError(str(error)) from None


def cores_for(stage):
    return asked_of_every_job(lambda wildcards: requested(stage, wildcards).cores)


def gpus_for(stage):
    """Jobs that share a GPU ask for it in another way, see shared_gpu."""

    @asked_of_every_job
    def gpus(wildcards, attempt):
        return 0 if packed(stage, wildcards) else requested(stage, wildcards, attempt).gpus

    return gpus


def gpu_model_for(stage):
    @asked_of_every_job
    def gpu_model(wildcards, attempt):
        return None if packed(stage, wildcards) else requested(stage, wildcards, attempt).gpu_model

    return gpu_model


def sharded_for(stage):
    return asked_of_every_job(lambda wildcards: int(requested(stage, wildcards).sharded))


# What takes seconds shares a job of a cluster: all of the data, and small runs, each with its
# stages. The profile says how many data sets or runs go into one job (group-components).

DATA = "data"
RUN_STAGES = ("fine_tune", "predict", "score")


def in_group(name):
    """Name a group on a cluster; the job itself takes all it has as one."""
    if name is None or workflow.local_exec:
        return None
    return all_of_one_job() if workflow.remote_exec else name


@cache
def all_of_one_job():
    """Have Snakemake take all groups of a name together, and give that name.

    In a cluster's job it reads no profile, and would make the runs one after the other, each in a
    Snakemake of its own. What it was told about groups it knows once the rules are read: when its
    first job asks for its group.
    """
    workflow.group_settings.group_components = {"one-job": sys.maxsize}
    return "one-job"


def group_of_data(wildcards):
    """Name what is made of the configuration alone: no path leads out of this group and back."""
    return in_group(DATA)


def packed(stage, wildcards):
    return stage in RUN_STAGES and requested("fine_tune", wildcards).group is not None


def group_of_run(wildcards):
    """Name the runs that may share a job."""
    return in_group(requested("fine_tune", wildcards).group)


def shared_gpu(wildcards):
    """Ask for a GPU in words: of a group's jobs Snakemake adds numbers up, equal words stay."""
    request = requested("fine_tune", wildcards)
    return request.shared_gpu if request.group is not None else None


def memory_for(stage):
    @asked_of_every_job
    def memory_mb(wildcards, attempt):
        return requested(stage, wildcards, attempt).memory_mb

    return memory_mb


def minutes_for(stage):
    @asked_of_every_job
    def minutes(wildcards, attempt):
        return requested(stage, wildcards, attempt).minutes

    return minutes
