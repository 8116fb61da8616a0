"""The SLURM job that this process runs in, and asking SLURM to start it again.

SLURM announces the end of a job's time by a signal (`--signal=USR1@300` in the profile). A stage
that has kept what it did asks for the same job again; Snakemake sees one job that takes longer.
"""

import logging
import os
import re
import subprocess
import time

# A job that was started again so often makes no progress; Snakemake's retries give it more time.
MOST_RESTARTS = 20
SECONDS_TO_BE_STOPPED = 120

log = logging.getLogger(__name__)


def current_job() -> str | None:
    """Give the id of the SLURM job that this process is a part of."""
    return os.environ.get("SLURM_JOB_ID")


def queued_jobs() -> set[str] | None:
    """Ask for this user's jobs that run or wait; None when SLURM does not say."""
    command = ["squeue", "--me", "--noheader", "--format=%A"]
    try:
        asked = subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return set(asked.stdout.split())


def requeue_current_job() -> None:
    """Have SLURM start this job again and wait to be stopped; return where that is not to be had.

    That is so outside SLURM, after `MOST_RESTARTS`, and on a cluster that requeues nothing.
    """
    job = current_job()
    if job is None:
        return
    restarts = restarts_of(job)
    if restarts is None or restarts >= MOST_RESTARTS:
        log.warning("SLURM job %s is not requeued: it was started again %s times.", job, restarts)
        return
    asked = subprocess.run(["scontrol", "requeue", job], capture_output=True, text=True)
    if asked.returncode != 0:
        log.warning("SLURM job %s could not be requeued: %s", job, asked.stderr.strip())
        return
    log.info("SLURM job %s is requeued; it goes on from here.", job)
    time.sleep(SECONDS_TO_BE_STOPPED)


def restarts_of(job: str) -> int | None:
    """Ask how often SLURM has started a job again; None where it does not say."""
    try:
        asked = subprocess.run(
            ["scontrol", "--oneliner", "show", "job", job], capture_output=True, text=True
        )
    except OSError:
        return None
    told = re.search(r"\bRestarts=(\d+)", asked.stdout)
    return int(told[1]) if told else None
