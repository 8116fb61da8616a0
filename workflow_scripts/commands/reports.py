"""Say where the report of a run is, and which studies of the configuration the run left out.

python workflow_scripts/run.py reports --configfile config.yaml [--study STUDY]
"""

import argparse
import sys
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.base.surroundings import tell
from showhow.study.left_out import DEFAULT_CONFIGURATION, told_left_out
from showhow.study.paths import RESULTS, placed, report_of
from showhow.study.places import YamlFile


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="reports", description=__doc__)
    parser.add_argument("--configfile", default=DEFAULT_CONFIGURATION)
    parser.add_argument("--study", nargs="?", default=None, help="The one that was made.")
    chosen = parser.parse_args(arguments)
    try:
        content = YamlFile(Path(chosen.configfile)).content or {}
    except ShowhowError as error:
        raise SystemExit(str(error)) from None
    studies = list(content.get("studies", ()))
    study = chosen.study or studies[0]
    tell(results=content.get("results", RESULTS))
    print(f"The report is {placed(report_of(study, first=studies[0]))}.")
    if not chosen.study:
        print(*told_left_out(studies, [study], chosen.configfile), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
