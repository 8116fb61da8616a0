"""Which jobs of the small study an edit makes stale: selections of them, by rule and wildcards."""

from collections.abc import Callable

import pytest

Jobs = set[tuple[str, str]]
Selection = Callable[[Jobs], Jobs]


def rule(name: str, **wildcards: str) -> Selection:
    """Select the jobs of a rule, or of those of its jobs whose wildcards are as given."""
    wanted = {f"{wildcard}={value}" for wildcard, value in wildcards.items()}
    return lambda jobs: (
        {job for job in jobs if job[0] == name and wanted <= set(job[1].split())}
        or pytest.fail(f"{name} has no such job")
    )


def new(name: str, wildcards: str) -> Selection:
    """Select a job that the study did not have."""
    return lambda jobs: {(name, wildcards)} - jobs


def new_run(variant: str, budget: str, seed: int) -> list[Selection]:
    run = f"study=small task=listops variant={variant} model=tiny budget={budget} seed={seed}"
    return [new(name, run) for name in ("fine_tune", "predict", "score")]


def new_training_sets(sizes: tuple[int, ...], seeds: tuple[int, ...]) -> list[Selection]:
    """Select the training sets of listops that the study did not have; seed 0 is for all."""
    splits = [f"train-n{n}" + (f"-draw{seed}" if seed else "") for n in sizes for seed in seeds]
    return [
        *(new("generate_problems", f"task=listops split={split}") for split in splits),
        *(
            new("write_responses", f"task=listops variant={variant} split={split}")
            for split in splits
            for variant in ("none", "medium")
        ),
    ]


def runs(**wildcards: str) -> list[Selection]:
    """Weights are not kept, so asking a model again means training it again."""
    return [rule(name, **wildcards) for name in ("fine_tune", "predict", "score")]


def data(task: str) -> list[Selection]:
    stages = ("generate_problems", "write_responses", "describe_data", "count_contamination")
    return [rule(name, task=task) for name in stages]


READ = [rule("write_corpus"), rule("count_contamination")]
REPORT = [rule("write_report")]
COSTS = [rule("tabulate_costs"), *REPORT]
FIGURES = [rule("draw_figure"), *COSTS]
CLAIMS = [rule("decide_claims"), *FIGURES]
TABLES = [rule("tabulate_runs"), *CLAIMS]
ALL_RUNS = [*runs(), *TABLES]
SHOWN = [rule("write_configuration"), *REPORT]
GRID = [rule("list_runs"), *TABLES, *SHOWN]
