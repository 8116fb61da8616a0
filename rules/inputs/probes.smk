# What the rules of probes.smk read and are told.

PROBE_NAME = "{model}/{task}/{variant}"
PROBE = f"results/probes/{PROBE_NAME}"
UNTUNED = f"{PROBE}/untuned"


MEMORY_NAME = "{model}/{task}"
MEMORY = f"results/probes/{MEMORY_NAME}/memory"


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


# How well a base knows the answers.


def memory_settings(wildcards):
    read = configuration.memory.model_dump(mode="json", exclude={"pool", "compared"})
    return as_json(read)


def memory_settings_in_full(wildcards):
    full = configuration.memory.in_full()
    return as_json(full.model_dump(mode="json", exclude={"pool", "compared"}))


def first_in_full(wildcards):
    return f"--first {configuration.memory.compared.problems}"


def memory_parts_of_study(study):
    """List what is measured, by base, task and split, each with the files that belong to it."""
    arms = {(run.model, run.task) for run in RUNS.values() if run.study == study}
    return [
        memory_part(model, task, split, probes_of(study).accuracy.get(task))
        for model, task in sorted(arms)
        for split in (MEASURED_POOL, *splits_of(task))
    ]


def memory_part(model, task, split, variant):
    """variant: as which the base's answers before fine-tuning are read, None where it has none."""
    name = MEMORY.format(model=configuration.base_of(model), task=task)
    evaluated = split != MEASURED_POOL
    part = {"model": model, "task": task, "split": split, "memory": f"{name}-{split}.jsonl"}
    part["problems"] = f"results/data/{task}/problems/{split}.jsonl"
    if split == "test" and configuration.memory.compared:
        part["in_full"] = f"{name}-in-full-{split}.jsonl"
    if evaluated and variant:
        untuned = UNTUNED.format(model=model, task=task, variant=variant)
        part["untuned"] = f"{untuned}/items.jsonl"
    return part


def memory_files_of_study(wildcards):
    kinds = ("memory", "problems", "in_full", "untuned")
    parts = memory_parts_of_study(wildcards.study)
    return list(dict.fromkeys(part[kind] for part in parts for kind in kinds if kind in part))


def memory_options(wildcards):
    return options("--part", [as_json(part) for part in memory_parts_of_study(wildcards.study)])


# The base itself, on the problems that its fine-tuned models are evaluated on.


def no_adapter(wildcards):
    return []


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
        f"{UNTUNED}/predictions.jsonl".format(model=wildcards.model, task=task, variant=variant)
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
        "-memory.csv": probes.memory,
        "-memory-items.parquet": probes.memory,
        "-retention.csv": probes.retention,
        "-retention-items.parquet": probes.retention,
    }
    return [f"results/tables/{study}{end}" for end, asked in ends.items() if asked]


def every_probe():
    return [table for study in configuration.studies for table in probe_tables(study)]
