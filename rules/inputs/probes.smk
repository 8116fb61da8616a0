# What the rules of probes.smk read and are told.

PROBE_NAME = "{model}/{task}/{variant}"
PROBE = f"results/probes/{PROBE_NAME}"
UNTUNED = f"{PROBE}/untuned"


def probed_responses(wildcards):
    return responses_to(wildcards.task, wildcards.variant, wildcards.split, wildcards.model)


def probes_of(study):
    return configuration.studies[study].probes


def probe_identity(wildcards):
    keys = ("model", "task", "variant", "split")
    return as_json({key: getattr(wildcards, key) for key in keys})


def perplexities_of_study(wildcards):
    probed = grid.probed_responses(wildcards.study, configuration.studies[wildcards.study])
    return [f"{responses.file}.json" for responses in probed]


def summary_options(wildcards, input):
    return options("--summary", input.summaries)


# The base itself, on the problems that its fine-tuned models are evaluated on.


def no_adapter(wildcards):
    return []


def untuned_predictions_of_every_split(wildcards):
    splits = splits_of(wildcards.task)
    return [f"{UNTUNED}/predictions-{split}.jsonl".format(**wildcards) for split in splits]


def untuned_of_study(study):
    """List model, task and variant of the bases that the study asks before fine-tuning."""
    asked = probes_of(study).accuracy
    arms = {(run.model, run.task) for run in RUNS.values() if run.study == study}
    return [(model, task, asked[task]) for model, task in sorted(arms) if task in asked]


def untuned_scores_of_study(wildcards):
    return [
        f"{UNTUNED}/scores.json".format(model=model, task=task, variant=variant)
        for model, task, variant in untuned_of_study(wildcards.study)
    ]


def untuned_options(wildcards, input):
    return " ".join(
        f"--scores {model}/{task}/{variant}={shlex.quote(path)}"
        for (model, task, variant), path in zip(
            untuned_of_study(wildcards.study), input.scores, strict=True
        )
    )


# Tasks outside the training data.


def retained_of(wildcards):
    """List the tasks, each with the variant in which its answers are read."""
    retained = probes_of(wildcards.study).retention
    return [(task, variant) for task, variant in retained.items() if task != wildcards.task]


def retained_problems(wildcards):
    return [f"results/data/{task}/problems/test.jsonl" for task, _ in retained_of(wildcards)]


def retained_responses(wildcards):
    return [
        responses_to(task, variant, "test", wildcards.model)
        for task, variant in retained_of(wildcards)
    ]


def retained_before(wildcards):
    return [
        f"{UNTUNED}/predictions-test.jsonl".format(
            model=wildcards.model, task=task, variant=variant
        )
        for task, variant in retained_of(wildcards)
    ]


def retained_options(wildcards, input):
    tasks = [task for task, _ in retained_of(wildcards)]
    return " ".join(
        (
            options("--task", tasks),
            options("--problems", input.problems),
            options("--responses", input.responses),
            options("--before", input.before),
            options("--answer-form", [answer_form(task) for task in tasks]),
        )
    )


def code_of_retention(wildcards):
    """It reads the answers of every task that it asks."""
    own = [file for task, _ in retained_of(wildcards) for file in own_code(task)]
    libraries = (*MODEL_LIBRARIES, *(("peft",) if is_adapted(wildcards) else ()))
    return code_of("measure_retention", own, libraries)


# What a study with probes has beside its other tables.


def probe_tables(study):
    probes = probes_of(study)
    ends = {
        "-perplexity.csv": probes.perplexity,
        "-untuned.csv": probes.accuracy,
        "-retention.csv": probes.retention,
        "-retention-items.parquet": probes.retention,
    }
    return [f"results/tables/{study}{end}" for end, asked in ends.items() if asked]


def every_probe():
    return [table for study in configuration.studies for table in probe_tables(study)]
