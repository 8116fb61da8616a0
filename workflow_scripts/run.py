"""Run a stage, or a command, by its name.

    python workflow_scripts/run.py plan --cores 2
    python workflow_scripts/run.py --warm models fine_tune --base ...

--warm: in a process that has imported the libraries of that environment already, where there is one
(showhow/jobs/warm_start). This file is read once per job, so it imports as little as it can.
"""

import os
import sys

SOURCES = os.path.dirname(os.path.abspath(__file__))


def script_of(name: str) -> str:
    """Give the path of a stage's or a command's script, or of the file with that path."""
    folders = [os.path.join(SOURCES, folder) for folder in ("commands", "stages")]
    scripts = [name, *(os.path.join(folder, f"{name}.py") for folder in folders)]
    found = [script for script in scripts if script.endswith(".py") and os.path.isfile(script)]
    if not found or name.startswith("_"):
        there = sorted(file[:-3] for folder in folders for file in os.listdir(folder))
        known = ", ".join(each for each in there if not each.startswith("_"))
        raise SystemExit(f"There is no stage or command '{name}'; there are: {known}.")
    return found[0]


def main() -> None:
    warm = sys.argv[1:2] == ["--warm"]
    environment, arguments = (sys.argv[2:3], sys.argv[3:]) if warm else ([], sys.argv[1:])
    if arguments[:1] in ([], ["--help"], ["-h"]):
        print(__doc__)
        raise SystemExit(0 if arguments else 2)
    arguments[0] = script_of(arguments[0])
    if environment:
        from showhow.jobs.warm_start.client import owner_of_the_server, run_in_server

        if owner := owner_of_the_server():
            raise SystemExit(run_in_server(arguments, owner, environment[0]))
    import runpy

    sys.argv = arguments
    runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    main()
