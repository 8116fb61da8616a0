"""Say of a configuration's files whether they can be read, before Snakemake reads them.

Snakemake itself ends in a traceback, or names no line. What the files say is checked after that.

python workflow_scripts/run.py check --configfile config.yaml
"""

import argparse
import sys
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.study.left_out import DEFAULT_CONFIGURATION
from showhow.study.places import YamlFile


def check(files: list[str]) -> None:
    """End the process with a sentence for the first file that is not there or is no YAML."""
    try:
        for file in files:
            YamlFile(Path(file))
    except ShowhowError as error:
        raise SystemExit(f"Error: {error}") from None


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="check", description=__doc__)
    parser.add_argument("--configfile", nargs="+", default=[DEFAULT_CONFIGURATION])
    check(parser.parse_args(arguments).configfile)


if __name__ == "__main__":
    main(sys.argv[1:])
