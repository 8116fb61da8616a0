# What the rules of data.smk read and are told.


def task_kind(wildcards):
    return configuration.tasks[wildcards.task].kind


def task_settings(wildcards):
    return as_json(configuration.task_settings(wildcards.task))


def variant_kind(wildcards):
    return configuration.variant_of(wildcards.variant).kind


def variant_settings(wildcards):
    return as_json(configuration.variant_settings(wildcards.variant))


@cache
def files_of_task(task):
    kind = load_task(configuration.tasks[task].kind)
    return kind.files(kind.Settings(**configuration.task_settings(task)))


def data_files(wildcards):
    """A file that was only touched makes nothing stale; what is in it does, as a parameter."""
    return [ancient(str(file)) for file in files_of_task(wildcards.task)]


def contents_of_data_files(wildcards):
    return contents_of(wildcards.task)


@cache
def contents_of(task):
    """What comes from the hub is known by its revision, before it is there."""
    own = [file for file in files_of_task(task) if not file.is_relative_to(FETCHED)]
    return [content_hash(file) for file in own if file.exists()]


def hub_data():
    """Give what is fetched from the hub, by the file that it is fetched to."""
    settings = [
        DatasetSettings(**configuration.task_settings(name))
        for name, task in configuration.tasks.items()
        if task.kind == "dataset"
    ]
    sources = (source for one in settings for source in (*one.train, *one.test))
    return {source.hub.file: source.hub for source in sources if source.hub}


HUB_DATA = hub_data()


wildcard_constraints:
    hub_file=one_of(map(re.escape, HUB_DATA)),


def hub_data_description(wildcards):
    return HUB_DATA[wildcards.hub_file].model_dump_json()


def drawn_as(wildcards):
    """A training set of N problems is the first N of the stream of training problems."""
    return "train" if wildcards.split.startswith("train-n") else wildcards.split


def problem_count(wildcards):
    if wildcards.split.startswith("train-n"):
        return int(wildcards.split.removeprefix("train-n").partition("-draw")[0])
    return grid.test_sizes(configuration, wildcards.task)[wildcards.split]


def problems_made_before(wildcards):
    splits = list(splits_of(wildcards.task))
    before = splits[: splits.index(wildcards.split)] if wildcards.split in splits else splits
    return problem_files(wildcards.task, before)


def exclude_options(wildcards, input):
    return options("--exclude", input.exclude)


def problem_files(task, splits):
    return [f"results/data/{task}/problems/{split}.jsonl" for split in splits]


def training_splits(task):
    """List the problems that training sets are made of; what is drawn is drawn from one pool."""
    if any(is_drawn(variant) for variant in grid.variants_of(configuration, task)):
        return [MEASURED_POOL]
    return [f"train-n{size}" for size in grid.training_sizes(configuration, task)]


def problems_of_every_split(wildcards):
    splits = [*splits_of(wildcards.task)]
    return problem_files(wildcards.task, [*splits, *training_splits(wildcards.task)])


def described_problems(wildcards, input):
    return options("--problems", input.problems)


def responses_to(task, variant, split, model):
    """Name the file of responses; some variants write other ones for every base."""
    folder = f"results/data/{task}/responses/{variant}"
    if is_for_base(variant):
        folder = f"{folder}/{configuration.base_of(model)}"
    return f"{folder}/{split}.jsonl"


# Responses that depend on the base.

FAMILIAR = "results/data/{task}/responses/familiar/{model}/{split}.jsonl"
UNFAMILIAR_PERPLEXITIES = "results/probes/{model}/{task}/unfamiliar/{split}.jsonl"


def training_split(variant, n_train, seed):
    """Name a run's training set; some variants draw another one for every seed."""
    return f"train-n{n_train}-draw{seed}" if is_drawn(variant) else f"train-n{n_train}"


def is_drawn(variant):
    loaded = loaded_variant(variant)
    return isinstance(loaded, BaseVariant) and loaded.draws


def draw_of_split(wildcards):
    return int(wildcards.split.partition("-draw")[2] or 0)


def voice_option(wildcards):
    voice = configuration.voice_of(wildcards.model)
    return f"--voice {voice}" if voice else ""


MEASURED_POOL = f"train-n{configuration.memory.pool}"


def questions_for_base(wildcards):
    """A base with a voice is asked for responses in it, which limit its own; any other just asked."""
    if configuration.voice_of(wildcards.model) is None:
        return problem_files(wildcards.task, [wildcards.split])
    return [FAMILIAR.format(**wildcards)]


def question_options(wildcards, input):
    voiceless = configuration.voice_of(wildcards.model) is None
    return options("--problems" if voiceless else "--responses", input.questions)


def pool_of(wildcards):
    """Name the training problems that the base is asked: not all of them are responded to."""
    if loaded_variant(wildcards.variant).reads == "memory":
        return MEASURED_POOL
    asked = problem_count(wildcards) * configuration.answering.problems_per_example
    return f"train-n{asked}"


def of_training(wildcards, reads):
    """Say whether the variant reads this of the base: it does so for training problems alone."""
    variant = loaded_variant(wildcards.variant)
    return variant.reads == reads and wildcards.split.startswith("train-n")


def problems_to_respond_to(wildcards):
    picked = of_training(wildcards, "answers") or of_training(wildcards, "memory")
    split = pool_of(wildcards) if picked else wildcards.split
    return problem_files(wildcards.task, [split])


def answers_read(wildcards):
    if not of_training(wildcards, "answers"):
        return []
    return [f"results/data/{wildcards.task}/answers/{wildcards.model}/{pool_of(wildcards)}.jsonl"]


def perplexities_read(wildcards):
    if not of_training(wildcards, "perplexities"):
        return []
    return [UNFAMILIAR_PERPLEXITIES.format(**wildcards)]


def memory_read(wildcards):
    if not of_training(wildcards, "memory"):
        return []
    return [f"results/probes/{wildcards.model}/{wildcards.task}/memory-{pool_of(wildcards)}.jsonl"]


def read_options(wildcards, input):
    return " ".join(
        (
            options("--answers", input.answers),
            options("--perplexities", input.perplexities),
            options("--memory", input.memory),
        )
    ).strip()


def code_of_base_responses(wildcards):
    modules = [task_module(wildcards.task), variant_module(wildcards.variant)]
    return code_of("write_responses_for_base", modules)
