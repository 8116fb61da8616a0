"""A full disk, folders that refuse, two snakemakes at once: told clearly, nothing lost, goes on."""

import os
import shutil
import subprocess
import sys
import time

import pytest

from tiny_study import REPOSITORY, RUN, SNAKEMAKE, snakemake, workflow_copy

TARGETS = (f"{RUN}/scores.json", "results/claims/tiny.csv", "results/tables/tiny.parquet")
ROOT = os.getuid() == 0
# A mount of one's own, gone with its process; where the user is not root, in a user namespace.
OWN_MOUNTS = ["unshare", "--mount"] if ROOT else ["unshare", "--user", "--map-root-user", "--mount"]
# Root passes every permission, unless it gives up the right to.
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if ROOT else []
ON_SMALL_DISK = """
mkdir -p results && cp -a results before || exit 99
mount -t tmpfs -o size="$1" tmpfs results && cp -a before/. results && rm -r before || exit 99
shift
"$@"
status=$?
cp -a results kept && exit $status
"""
ON_READ_ONLY_DISK = """
mount --bind results results && mount -o remount,ro,bind results || exit 99
"$@"
"""
PAGE = 4096
WITHOUT_PROC = """
mount -t tmpfs none /proc && mount --bind /dev/null "$(command -v nproc)" || exit 99
"$@"
"""


@pytest.fixture
def fresh_study(tmp_path):
    return workflow_copy(tmp_path / "study")


def run(folder, *command):
    # A warm start from outside would see other mounts, and have other rights.
    inherited = {key: value for key, value in os.environ.items() if key != "SHOWHOW_WARM_START"}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=inherited,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def contents(folder):
    """Everything that two equal runs have in common."""
    apart = {"costs"}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.relative_to(folder).parts[0] not in apart
        and path.suffix not in (".html", ".pdf")
        and not path.name.endswith("-costs.csv")
        and path.name != ".snakemake_timestamp"
    }


def continues(study, finished_study):
    done = snakemake(study, "--quiet", "rules")
    assert done.returncode == 0, done.stdout
    assert contents(study / "results") == contents(finished_study / "results")


def size_on_disk(folder):
    """Give the bytes of a folder's files in whole pages, as a disk in memory counts them."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return sum(-(-size // PAGE) * PAGE for size in sizes)


def fill_the_disk(study, size, *targets):
    """Run on a disk that is too small; give what it left in the study's results."""
    command = [SNAKEMAKE, "--cores", "2", "--keep-going", *targets]
    full = run(study, *OWN_MOUNTS, "bash", "-c", ON_SMALL_DISK, "bash", str(size), *command)
    assert full.returncode == 1, full.stdout
    assert "the disk is full; free some space" in full.stdout
    assert "Traceback" not in full.stdout
    shutil.rmtree(study / "results")
    (study / "kept").rename(study / "results")
    left = contents(study / "results")
    assert left
    return left


@pytest.mark.parametrize("spare", [30_000, 130_000], ids=["for no weights", "for no figure"])
def test_a_full_disk_is_told_and_nothing_half_written_stays(
    unfinished_study, finished_study, spare
):
    whole = contents(finished_study / "results")
    left = fill_the_disk(unfinished_study, size_on_disk(unfinished_study / "results") + spare)
    assert all(whole[name] == content for name, content in left.items())
    continues(unfinished_study, finished_study)


def test_so_is_one_that_is_full_before_any_run(fresh_study, finished_study):
    targets = ("data", "models")
    whole = contents(finished_study / "results")
    left = fill_the_disk(fresh_study, "90k", *targets)
    assert all(whole[name] == content for name, content in left.items())
    assert snakemake(fresh_study, "--quiet", "rules", "--", *targets).returncode == 0
    made = contents(fresh_study / "results")
    assert made.keys() > left.keys()
    assert made == {name: whole[name] for name in made}


def test_a_read_only_disk_is_told_at_once(unfinished_study, finished_study):
    study = unfinished_study
    command = [SNAKEMAKE, "--cores", "2", *TARGETS]
    refused = run(study, *OWN_MOUNTS, "bash", "-c", ON_READ_ONLY_DISK, "bash", *command)
    assert refused.returncode == 1
    assert "results could not be written: the file system is read-only" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert "rule fine_tune" not in refused.stdout
    continues(study, finished_study)


def test_a_folder_without_permission_is_told_at_once(unfinished_study, finished_study):
    study, results = unfinished_study, unfinished_study / "results"
    before = contents(results)
    results.chmod(0o555)
    refused = run(study, *WITHOUT_RIGHTS, SNAKEMAKE, "--cores", "2")
    assert refused.returncode == 1
    assert "results could not be written: permission is denied" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert contents(results) == before
    results.chmod(0o755)
    continues(study, finished_study)


def test_another_ones_folder_can_be_planned_in_and_a_run_says_that_it_may_not_write(
    unfinished_study,
):
    study = unfinished_study
    folders = [study, *(path for path in study.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    before = contents(study)
    planned = run(study, *WITHOUT_RIGHTS, SNAKEMAKE, "--cores", "2", "--dry-run")
    refused = run(study, *WITHOUT_RIGHTS, SNAKEMAKE, "--cores", "2")
    for folder in folders:
        folder.chmod(0o755)
    assert planned.returncode == 0 and "rule fine_tune:" in planned.stdout
    assert refused.returncode == 1
    assert "could not be written: permission is denied" in refused.stdout
    assert "Traceback" not in planned.stdout + refused.stdout
    assert contents(study) == before


def test_a_folder_that_a_stage_may_not_write_is_told_and_the_others_go_on(
    unfinished_study, finished_study
):
    study = unfinished_study
    tables = study / "results/tables"
    tables.mkdir(parents=True)
    (tables / "of the user").touch()  # Snakemake removes an empty folder
    tables.chmod(0o555)
    refused = run(study, *WITHOUT_RIGHTS, SNAKEMAKE, "--cores", "2", "--keep-going")
    assert refused.returncode == 1
    assert "could not be written: permission is denied" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert (study / RUN / "scores.json").is_file()
    tables.chmod(0o755)
    (tables / "of the user").unlink()
    continues(study, finished_study)


def test_of_two_snakemakes_the_second_waits_for_nobody_and_harms_nothing(
    unfinished_study, finished_study
):
    study = unfinished_study
    with open(study / "first.txt", "w") as log:
        first = subprocess.Popen([SNAKEMAKE, "--cores", "1"], cwd=study, stdout=log, stderr=log)
        locks, deadline = study / ".snakemake/locks", time.monotonic() + 120
        while not any(locks.glob("*.lock")) and time.monotonic() < deadline:
            time.sleep(0.01)
        second = snakemake(study)
        assert first.poll() is None
        assert first.wait(timeout=600) == 0, (study / "first.txt").read_text()
    assert second.returncode == 1
    assert "Directory cannot be locked" in second.stdout
    assert "Traceback" not in second.stdout
    assert "Nothing to be done" in snakemake(study).stdout
    assert contents(study / "results") == contents(finished_study / "results")


def test_a_study_needs_neither_proc_nor_nproc(fresh_study, finished_study):
    study = fresh_study
    command = [SNAKEMAKE, "--cores", "2", "--quiet", "rules"]
    done = run(study, *OWN_MOUNTS, "bash", "-c", WITHOUT_PROC, "bash", *command)
    assert done.returncode == 0, done.stdout
    assert contents(study / "results").keys() == contents(finished_study / "results").keys()
    # Where torch cannot ask the system for its processor it adds up in another order.
    assert contents(study / "results/data") == contents(finished_study / "results/data")


def test_make_counts_the_cores_that_it_may_use_without_them(tmp_path):
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    command = ["taskset", "--cpu-list", "0", "make", "help", f"PYTHON={sys.executable}"]
    done = run(tmp_path, *OWN_MOUNTS, "bash", "-c", WITHOUT_PROC, "bash", *command)
    assert "CORES=1)" in done.stdout, done.stdout


def test_make_refuses_a_python_that_is_too_old_or_none(tmp_path):
    for name in ("Makefile", "envs"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    done = run(tmp_path, "make", "PYTHON=/bin/false", ".venv/.ready")
    assert "Showhow needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=" in done.stdout
