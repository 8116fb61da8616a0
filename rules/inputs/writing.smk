# What the rules of writing.smk read and are told.
#
# A writing is what one writer writes for one variant: the variant's name, with the base's behind it
# where the variant starts from a base's own answers.

from math import ceil


def writing_of(variant, model):
    return f"{variant}/{configuration.base_of(model)}" if is_for_base(variant) else variant


def writer_of(variant):
    return configuration.writers[configuration.variant_settings(variant)["writer"]]


def writings_by(kind):
    written = [name for name in configuration.variants if is_written(name)]
    by_kind = [name for name in written if writer_of(name).kind == kind]
    return sorted(
        {writing_of(variant, model) for variant in by_kind for model in configuration.models}
    )


BY_ENDPOINT, BY_MODEL = writings_by("endpoint"), writings_by("model")
# Names of variants that no writer writes: the rules of data.smk write those.
WRITTEN = one_of(filter(is_written, configuration.variants))
UNWRITTEN = rf"(?!(?:{WRITTEN})/)[A-Za-z0-9][A-Za-z0-9._-]*"


wildcard_constraints:
    writing=one_of([*BY_ENDPOINT, *BY_MODEL]),
    endpoint_writing=one_of(BY_ENDPOINT),
    model_writing=one_of(BY_MODEL),


def written_of(wildcards):
    """Give the variant and the base of a rule's writing; without a base None."""
    names = ("writing", "endpoint_writing", "model_writing")
    writing = next(wildcards.get(name) for name in names if wildcards.get(name))
    variant, _, model = writing.partition("/")
    return variant, model or None


def settings_of_writing(wildcards):
    return configuration.variant_settings(written_of(wildcards)[0])


def writer_name(wildcards):
    return settings_of_writing(wildcards)["writer"]


def writer_description(wildcards):
    """How an endpoint is reached is handed over apart (SHOWHOW_SERVICES)."""
    writer = configuration.writers[writer_name(wildcards)]
    return as_json(writer.model_dump(mode="json", exclude={"service"}))


def writer_template(wildcards):
    variant, _ = written_of(wildcards)
    loaded = loaded_variant(variant)
    return loaded.template(loaded.Settings(**configuration.variant_settings(variant)))


def writer_attempts(wildcards):
    return settings_of_writing(wildcards)["attempts"]


def most_written(wildcards):
    """Everything is asked for the largest training set; the smaller ones are its first part."""
    return largest_training_set(wildcards.task, written_of(wildcards)[0])


def largest_training_set(task, variant):
    runs = [run for run in RUNS.values() if (run.task, run.variant) == (task, variant)]
    return max([run.n_train for run in runs] or grid.training_sizes(configuration, task))


def written_pool(wildcards):
    return pool_of_variant(wildcards.task, written_of(wildcards)[0])


def pool_of_variant(task, variant):
    """Name the training problems that may be asked: some responses are never right."""
    spare = configuration.variant_settings(variant)["spare_share"]
    return f"train-n{ceil(largest_training_set(task, variant) * (1 + spare))}"


def usage_of_writing(task, writing):
    pool = pool_of_variant(task, writing.partition("/")[0])
    return f"results/data/{task}/written/{writing}/{pool}-usage.json"


def responses_started_from(wildcards, split):
    """Give the file of the reference's responses, an empty list where there is no reference."""
    _, model = written_of(wildcards)
    reference = settings_of_writing(wildcards)["reference"]
    return [] if reference is None else [responses_to(wildcards.task, reference, split, model)]


def references_read(wildcards):
    variant, _ = written_of(wildcards)
    loaded = loaded_variant(variant)
    if not loaded.needs_reference(loaded.Settings(**configuration.variant_settings(variant))):
        return []
    return responses_started_from(wildcards, wildcards.split)


def base_answers_read(wildcards):
    _, model = written_of(wildcards)
    if model is None:
        return []
    return [f"results/data/{wildcards.task}/answers/{model}/{wildcards.split}.jsonl"]


def writing_options(wildcards, input):
    form = answer_form_option(wildcards)
    read = (options("--references", input.references), options("--answers", input.answers), form)
    return " ".join(filter(None, read))


def record_of_writing(wildcards):
    """Name the file of all replies: outside the results, as they are paid for."""
    variant, model = written_of(wildcards)
    return f"written/{wildcards.task}/{writing_of(variant, model)}.jsonl"


def base_of_writer(wildcards):
    return configuration.base_of(configuration.writers[writer_name(wildcards)].model)


def folder_of_writer(wildcards):
    base = base_of_writer(wildcards)
    described = configuration.models[base]
    return ancient(described.path if described.kind == "folder" else f"results/models/{base}")


def checksums_of_writer(wildcards):
    return f"results/models/{base_of_writer(wildcards)}.sha256"


def requested_for_writer(key):
    def request(wildcards, attempt=1):
        model = configuration.writers[writer_name(wildcards)].model
        return getattr(request_of(RESOURCES, "predict", size_of(model), attempt), key)

    return request


# Responses, out of what was written.


def is_training(wildcards):
    return wildcards.split.startswith("train-n")


def problems_of_writing(wildcards):
    split = written_pool(wildcards) if is_training(wildcards) else wildcards.split
    return problem_files(wildcards.task, [split])


def texts_of_writing(wildcards):
    if not is_training(wildcards):
        return []
    pool = written_pool(wildcards)
    return [f"results/data/{wildcards.task}/written/{wildcards.writing}/{pool}.jsonl"]


def references_of_evaluation(wildcards):
    return [] if is_training(wildcards) else responses_started_from(wildcards, wildcards.split)


def taking_options(wildcards, input):
    form = answer_form_option(wildcards)
    read = (options("--written", input.written), options("--references", input.references), form)
    return " ".join(filter(None, read))
