# What the rule of training.smk reads and is told.


def run_of(wildcards):
    return RUNS[RUN.format(**wildcards)]


def run_identity(wildcards):
    return as_json(asdict(run_of(wildcards)))


def training_recipe(wildcards):
    run = run_of(wildcards)
    return as_json(configuration.training_keys_of(run.model, run.match))


def training_responses(wildcards):
    run = run_of(wildcards)
    split = training_split(run.variant, run.n_train, run.seed)
    return responses_to(run.task, run.variant, split, run.model)


def reference_responses(wildcards):
    """Only a run matched on target tokens reads another variant's responses."""
    run = run_of(wildcards)
    if run.match != "target_tokens":
        return []
    reference = configuration.training_of(run.model).reference_variant
    split = training_split(reference, run.n_train, run.seed)
    return [responses_to(run.task, reference, split, run.model)]


def sooner_if_matched(wildcards):
    """Begin the longest runs early: one that is left to the end has a core idle beside it."""
    return 0.5 if run_of(wildcards).match != "examples" else 0


def reference_option(wildcards, input):
    return options("--reference", input.reference)


def start_option(wildcards):
    model = configuration.models[wildcards.model]
    random = model.kind == "ladder" and model.start == "random"
    return "--random-weights" if random else ""


def is_adapted(wildcards):
    return wildcards.model in ADAPTED


def code_of_weights(script):
    """peft counts for the runs that have an adapter, and for no others."""

    @asked_of_every_job
    def code(wildcards):
        adapted = ("peft",) if is_adapted(wildcards) else ()
        return code_of(script, libraries=(*MODEL_LIBRARIES, *adapted))

    return code


def kept_or_temporary(output):
    """To keep the best, all stay until it is known which that is (rules/keeping.smk)."""
    return output if configuration.keeping.weights in ("all", "best") else temp(output)
