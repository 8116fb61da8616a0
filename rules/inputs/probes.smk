# What the rules of probes.smk read and are told.

PROBE_NAME = "{model}/{task}/{variant}"
PROBE = f"results/probes/{PROBE_NAME}"


def probed_responses(wildcards):
    return responses_to(wildcards.task, wildcards.variant, wildcards.split, wildcards.model)


def probe_identity(wildcards):
    keys = ("model", "task", "variant", "split")
    return as_json({key: getattr(wildcards, key) for key in keys})


def perplexities_of(study):
    probed = grid.probed_responses(study, configuration.studies[study])
    return [f"{responses.file}.json" for responses in probed]


def perplexities_of_study(wildcards):
    return perplexities_of(wildcards.study)


def summary_options(wildcards, input):
    return options("--summary", input.summaries)


def every_probe():
    """List what the studies measure of their bases, as tables."""
    return [
        f"results/tables/{study}-perplexity.csv"
        for study, content in configuration.studies.items()
        if content.probes.perplexity
    ]
