# What the rules of data.smk read and are told.


def task_kind(wildcards):
    return configuration.tasks[wildcards.task].kind


def task_settings(wildcards):
    return as_json(configuration.task_settings(wildcards.task))


def variant_kind(wildcards):
    return configuration.variant_of(wildcards.variant).kind


def variant_settings(wildcards):
    return as_json(configuration.variant_settings(wildcards.variant))


def drawn_as(wildcards):
    """A training set of N problems is the first N of the stream of training problems."""
    return "train" if wildcards.split.startswith("train-n") else wildcards.split


def problem_count(wildcards):
    if wildcards.split.startswith("train-n"):
        return int(wildcards.split.removeprefix("train-n"))
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
    return [f"train-n{size}" for size in grid.training_sizes(configuration, task)]


def problems_of_every_split(wildcards):
    splits = [*splits_of(wildcards.task)]
    return problem_files(wildcards.task, [*splits, *training_splits(wildcards.task)])


def described_problems(wildcards, input):
    return options("--problems", input.problems)


def responses_to(task, variant, split):
    return f"results/data/{task}/responses/{variant}/{split}.jsonl"
