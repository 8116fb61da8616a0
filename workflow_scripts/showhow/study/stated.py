"""What a configuration says of one study: its grid, and the tasks, models and training in it."""

from typing import Any

from showhow.study.configuration import Configuration


def settings_of(configuration: Configuration, study: str) -> dict[str, Any]:
    """Give a study's settings in plain values, defaults filled in, as a statement tells them."""
    described = configuration.studies[study]
    return {
        "title": described.title,
        **({"compare": [list(pair) for pair in described.compare]} if described.compare else {}),
        "grids": [grid.model_dump(mode="json") for grid in described.grids],
        "tasks": {
            name: {
                "kind": configuration.tasks[name].kind,
                "settings": configuration.task_settings(name),
                "test_size": dict(configuration.tasks[name].test_size),
            }
            for name in sorted({task for grid in described.grids for task in grid.tasks})
        },
        "models": {
            name: configuration.models[name].model_dump(mode="json", exclude_none=True)
            for name in sorted({model for grid in described.grids for model in grid.models})
        },
        "training": configuration.training.model_dump(mode="json"),
    }
