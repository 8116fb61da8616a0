# What jobs ask of the machine or the cluster they run on: one table, by stage and size of the model.

from showhow.models.sizes import parameters_of
from showhow.workflow.resources import read_resources, request_of


# These take seconds, or need the network: they run where Snakemake does.
localrules:
    list_runs,
    list_checksums,
    describe_source,
    download,
    tabulate_runs,
    tabulate_costs,
    tabulate_perplexity,
    tabulate_untuned,
    tabulate_retention,
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
    return lambda wildcards: requested(stage, wildcards).cores


def gpus_for(stage):
    return lambda wildcards, attempt: requested(stage, wildcards, attempt).gpus


def gpu_model_for(stage):
    return lambda wildcards, attempt: requested(stage, wildcards, attempt).gpu_model


def memory_for(stage):
    return lambda wildcards, attempt: requested(stage, wildcards, attempt).memory_mb


def minutes_for(stage):
    return lambda wildcards, attempt: requested(stage, wildcards, attempt).minutes
