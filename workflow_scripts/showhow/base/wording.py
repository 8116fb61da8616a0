"""What is said of a result that is damaged or missing, and of what the machine refuses."""

import errno
import shlex
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.base.surroundings import surroundings

REFUSALS = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EFBIG: "it is larger than a file may be here; raise the limit (ulimit -f)",
    errno.EROFS: "the file system is read-only; make it writable",
    errno.EACCES: "permission is denied; give yourself the permission",
    errno.EPERM: "permission is denied; give yourself the permission",
}


def make_anew(path: Path | str) -> str:
    """Write the command that makes a result again."""
    return f"{surroundings().command} --force {shlex.quote(str(path))}"


def damaged(path: Path | str, what: object, where: str = "") -> ShowhowError:
    """Give the error for a result that cannot be read: which, what is wrong, how to make it anew.

    where: a place in the file, such as "line 3".
    """
    place = f", {where}, " if where else " "
    reason = " ".join(str(what).split())
    return ShowhowError(f"{path}{place}is damaged ({reason}); make it anew with: {make_anew(path)}")


def missing(path: Path | str) -> ShowhowError:
    """Give the error for a result that is not there."""
    return ShowhowError(f"There is no {path}; make it with: {make_anew(path)}")


def refusal(error: BaseException) -> str | None:
    """Say in a sentence what the machine refused; None when it is something else."""
    number = getattr(error, "errno", None)
    told = [code for code in REFUSALS if f"(os error {code})" in str(error)]
    number = told[0] if number is None and told else number
    path = getattr(error, "filename", None)
    if number == errno.ENOENT and path:
        return str(missing(path))
    if number not in REFUSALS:
        return None
    where = f"{path} could not be written" if path else "A file could not be written"
    return f"{where}: {REFUSALS[number]}, then run the same command again: what is done stays."
