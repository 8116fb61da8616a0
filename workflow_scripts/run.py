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
    if name.endswith(".py"):
        return name
    for folder in ("stages", "commands"):
        script = os.path.join(SOURCES, folder, f"{name}.py")
        if os.path.isfile(script):
            return script
    raise SystemExit(f"There is no stage or command '{name}' in {SOURCES}.")


def main() -> None:
    warm = sys.argv[1] == "--warm" if len(sys.argv) > 1 else False
    environment, arguments = (sys.argv[2], sys.argv[3:]) if warm else (None, sys.argv[1:])
    if not arguments:
        raise SystemExit(__doc__)
    arguments[0] = script_of(arguments[0])
    if environment:
        from showhow.jobs.warm_start.client import owner_of_the_server, run_in_server

        if owner := owner_of_the_server():
            raise SystemExit(run_in_server(arguments, owner, environment))
    import runpy

    sys.argv = arguments
    runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    main()
