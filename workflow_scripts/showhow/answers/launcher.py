"""The first thing in a sandbox: it limits itself, runs a program and its tests, and reports.

It is run by the sandbox's own Python and imports nothing but Python's library. What the program
does to it costs the program's verdict, no more: showhow.answers.sandbox takes what is not said in
time, or not in the word that it gave, as a failure.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from types import CodeType, ModuleType

STARTED = b"showhow: started\n"
NAME = "program"


def main() -> None:
    """Read the job from the standard input, which is empty from then on."""
    job = json.loads(sys.stdin.buffer.read())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    leave_root(job["user"])
    set_limits(job["limits"])
    os.write(1, STARTED)
    launcher = os.getpid()
    verdict, reason = ending_of(job["program"], job["tests"])
    # A child that the program forked comes here too.
    if os.getpid() == launcher:
        os.write(1, f"\n{job['word']}{json.dumps([verdict, reason])}\n".encode())
    os._exit(0)


def leave_root(user: int) -> None:
    """Become a user of no other process: the number of root's processes has no limit."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def set_limits(limits: dict[str, int]) -> None:
    """Limit this process and all that it starts; nothing can raise a limit again."""
    seconds = limits["cpu_seconds"]
    for what, soft, hard in (
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_AS, limits["memory"], limits["memory"]),
        (resource.RLIMIT_NPROC, limits["processes"], limits["processes"]),
        (resource.RLIMIT_FSIZE, limits["disk"], limits["disk"]),
        (resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"]),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard))


def ending_of(program: str, tests: str) -> tuple[str, str]:
    """Run a program and then its tests in its names; give the verdict, and why."""
    module = ModuleType(NAME)
    sys.modules[NAME] = module  # Where dataclasses and pickle look for it.
    try:
        exec(compiled(program), module.__dict__)
        exec(compile(tests, "tests", "exec"), module.__dict__)
    except MemoryError:
        return "out of memory", ""
    except BaseException as problem:  # SystemExit as well: an end before its tests is none.
        return "failed", said(problem)
    return "passed", ""


def compiled(program: str) -> CodeType:
    """Compile a program up to the prose behind it, if there is any.

    Raises the SyntaxError of the whole where no beginning is a program.
    """
    try:
        return compile(program, NAME, "exec")
    except SyntaxError as problem:
        for beginning in beginnings(program):
            try:
                return compile(beginning, NAME, "exec")
            except SyntaxError:
                continue
        raise problem


def beginnings(program: str) -> Iterator[str]:
    """Leave out ever more from the end, from a line that is not indented on; never everything."""
    lines = program.split("\n")
    for index in range(len(lines) - 1, 0, -1):
        before = "\n".join(lines[:index])
        if lines[index][:1].strip() and before.strip():
            yield before


def said(problem: BaseException) -> str:
    """Say what went wrong, shortly: a program can put anything into what it raises."""
    try:
        return f"{type(problem).__name__}: {problem}"[:300].removesuffix(": ")
    except BaseException:
        return "an error that cannot be written"


if __name__ == "__main__":
    main()
