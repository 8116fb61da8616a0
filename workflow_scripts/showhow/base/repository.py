"""What belongs to the repository, wherever the workflow runs.

The configuration, the user's own files and the results are looked for in the directory that it runs
in; what comes with the workflow lies beside the Snakefile.
"""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def shipped(path: Path) -> Path:
    """Find a file that comes with the workflow, such as a table of a profile.

    One of that path in the directory that the workflow runs in is the user's, and comes first.
    Where there is neither, the path stays as it was written.
    """
    there = REPOSITORY / path
    return there if there.exists() and not path.exists() else path
