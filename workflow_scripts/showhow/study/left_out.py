"""The studies of a configuration that a run does not make, and the command for each."""

from collections.abc import Collection, Iterable

DEFAULT_CONFIGURATION = "config.yaml"


def told_left_out(
    studies: Iterable[str], made: Collection[str], configuration: str = DEFAULT_CONFIGURATION
) -> list[str]:
    """Name the studies that are not made, each with the command that makes it, one a line.

    configuration: the path of the file, as the user writes it.
    """
    missing = [study for study in studies if study not in made]
    if not missing or not made:
        return []
    chosen = "" if configuration == DEFAULT_CONFIGURATION else f" CONFIG={configuration}"
    several = "these studies" if len(missing) > 1 else "the study"
    head = f"{configuration} has more than is made here: {several} {', '.join(missing)}. To make"
    head += " each:" if len(missing) > 1 else " it:"
    return [head, *(f"  make run{chosen} STUDY={study}" for study in missing)]
