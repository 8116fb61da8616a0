"""Say in which line a configuration is no YAML: Snakemake says of a file only that it is none.

python workflow_scripts/run.py check_yaml configs/paper.yaml
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.study.places import YamlFile


def check_yaml(files: Iterable[str | Path]) -> None:
    """End the process with the sentence about the first file that is none."""
    for file in files:
        try:
            YamlFile(Path(file).absolute())
        except ShowhowError as error:
            raise SystemExit(f"Error: {error}") from None


if __name__ == "__main__":
    check_yaml(sys.argv[1:])
