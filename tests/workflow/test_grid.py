"""From studies to runs, and what the runs together need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.study import grid
from showhow.study.configuration import Configuration, Grid, Study
from showhow.study.grid import expand
from showhow.study.paths import Run, parse_budget


def cells(name="all", **changes):
    """Describe a grid of one run, with other lists where the test needs them."""
    lists = {
        "tasks": ["listops"],
        "variants": ["none"],
        "models": ["small"],
        "n_train": [100],
        "seeds": [1],
    }
    return {"name": name, **lists, **changes}


def configuration_of(*grids, **parts):
    """Make a configuration with two tasks, three models and one study of the given grids."""
    return Configuration.model_validate(
        {
            "tasks": {
                "listops": {"kind": "listops", "test_size": {"test": 30}},
                "bits": {"kind": "parity"},
            },
            "models": {
                "small": {"kind": "ladder"},
                "own": {"kind": "ladder", "training": {"reference_variant": "long"}},
                "unused": {"kind": "ladder"},
            },
            "studies": {"levels": {"grids": list(grids)}},
            **parts,
        }
    )


def test_a_grid_is_every_combination_of_its_lists():
    study = Study(grids=[Grid(**cells(variants=["none", "long"], n_train=[10, 20], seeds=[1, 2]))])
    runs = expand("levels", study, count=len)
    assert [(run.variant, run.n_train, run.seed) for run in runs] == [
        ("none", 10, 1),
        ("none", 10, 2),
        ("none", 20, 1),
        ("none", 20, 2),
        ("long", 10, 1),
        ("long", 10, 2),
        ("long", 20, 1),
        ("long", 20, 2),
    ]


def test_a_run_that_two_grids_name_is_one_run():
    study = Study(
        grids=[Grid(**cells(seeds=[1, 2])), Grid(**cells("more", seeds=[2, 3])), Grid(**cells("x"))]
    )
    assert [run.seed for run in expand("levels", study, count=len)] == [1, 2, 3]


def test_a_matched_run_is_another_run_than_the_one_it_is_matched_to():
    study = Study(grids=[Grid(**cells()), Grid(**cells("matched", match="target_tokens"))])
    directories = [run.directory for run in expand("levels", study, count=len)]
    assert directories == [
        "results/runs/levels/listops/none/small/n100/seed1",
        "results/runs/levels/listops/none/small/n100-matched-target_tokens/seed1",
    ]


@given(n_train=st.integers(1, 10**7), match=st.sampled_from(["examples", "target_tokens", "steps"]))
def test_a_budget_is_read_back_as_it_was_written(n_train, match):
    run = Run("levels", "listops", "none", "small", n_train, match, 1)
    assert parse_budget(run.budget) == (n_train, match)


@pytest.mark.parametrize(
    "budget", ["", "n", "n0", "100", "n10-matched-examples", "n10-matched-", "n10\n", "n10/.."]
)
def test_what_is_no_budget_is_refused(budget):
    with pytest.raises(ShowhowError, match="is no training budget"):
        parse_budget(budget)


def test_training_sizes_are_those_of_all_runs_of_a_task():
    configuration = configuration_of(
        cells(n_train=[400, 20]), cells("more", tasks=["listops", "bits"], n_train=[50])
    )
    assert grid.training_sizes(configuration, "listops") == [20, 50, 400]
    assert grid.training_sizes(configuration, "bits") == [50]


def test_variants_of_a_task_are_those_of_its_runs():
    configuration = configuration_of(
        cells(variants=["none", "short"]), cells("bits", tasks=["bits"], variants=["long"])
    )
    assert grid.variants_of(configuration, "listops") == ["none", "short"]
    assert grid.variants_of(configuration, "bits") == ["long"]


def test_a_run_matched_on_tokens_needs_the_reference_variants_responses():
    configuration = configuration_of(
        cells(match="target_tokens", models=["small", "own"]),
        cells("bits", tasks=["bits"], match="steps"),
    )
    assert grid.variants_of(configuration, "listops") == ["none", "medium", "long"]
    assert grid.variants_of(configuration, "bits") == ["none"]


def test_only_what_some_run_needs_is_made():
    configuration = configuration_of(cells(models=["own", "small"]))
    assert grid.tasks_used(configuration) == ["listops"]
    assert grid.bases_used(configuration) == ["small"]


def test_models_that_differ_in_training_alone_share_a_base():
    models = {
        "small": {"kind": "ladder"},
        "adapted": {"kind": "ladder", "training": {"optimizer": "adamw", "adapter": {"rank": 2}}},
        "longer": {"kind": "ladder", "pretraining": {"steps": 9}},
    }
    configuration = configuration_of(cells(models=[*models]), models=models)
    assert [configuration.base_of(name) for name in models] == ["small", "small", "longer"]
    assert grid.bases_used(configuration) == ["small", "longer"]


def test_every_evaluation_split_has_a_size():
    configuration = configuration_of(cells())
    assert grid.evaluation_splits(configuration, "listops") == ("test", "longer", "deeper")
    assert grid.test_sizes(configuration, "listops") == {"test": 30, "longer": 200, "deeper": 200}
    assert grid.test_sizes(configuration, "bits") == {"test": 200, "longer": 200}


def test_the_runs_of_all_studies_have_folders_of_their_own():
    study = {"grids": [cells(seeds=[1, 2, 3], n_train=[10, 20])]}
    configuration = configuration_of(studies={"one": study, "two": study})
    directories = [run.directory for run in grid.all_runs(configuration)]
    assert len(directories) == len(set(directories)) == 12
