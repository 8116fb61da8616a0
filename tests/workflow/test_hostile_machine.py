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
mkdir -p results && mount -t tmpfs -o size="$1" tmpfs results || exit 99
shift
"$@"
status=$?
cp -a results kept && exit $status
"""
WITHOUT_PROC = """
mount -t tmpfs none /proc && mount --bind /dev/null "$(command -v nproc)" || exit 99
"$@"
"""


@pytest.fixture
def study(tmp_path):
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


@pytest.mark.parametrize("size", ["90k", "200k", "420k"])
def test_a_full_disk_is_told_and_nothing_half_written_stays(study, finished_study, size):
    command = [SNAKEMAKE, "--cores", "2", "--keep-going"]
    full = run(study, *OWN_MOUNTS, "bash", "-c", ON_SMALL_DISK, "bash", size, *command)
    assert full.returncode == 1, full.stdout
    assert "the disk is full; free some space" in full.stdout
    assert "Traceback" not in full.stdout
    shutil.rmtree(study / "results")
    (study / "kept").rename(study / "results")
    whole = contents(finished_study / "results")
    left = contents(study / "results")
    assert left
    assert all(whole[name] == content for name, content in left.items())
    continues(study, finished_study)


def test_a_read_only_disk_is_told_at_once(study, finished_study):
    script = ON_SMALL_DISK.replace("-o size", "-o ro,size")
    command = [SNAKEMAKE, "--cores", "2", *TARGETS]
    refused = run(study, *OWN_MOUNTS, "bash", "-c", script, "bash", "1m", *command)
    assert refused.returncode == 1
    assert "results could not be written: the file system is read-only" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert "rule fine_tune" not in refused.stdout
    continues(study, finished_study)


def test_a_folder_without_permission_is_told_at_once(study, finished_study):
    results = study / "results"
    results.mkdir()
    results.chmod(0o555)
    refused = run(study, *WITHOUT_RIGHTS, SNAKEMAKE, "--cores", "2")
    assert refused.returncode == 1
    assert "results could not be written: permission is denied" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert not any(results.iterdir())
    results.chmod(0o755)
    continues(study, finished_study)


def test_a_folder_that_a_stage_may_not_write_is_told_and_the_others_go_on(study, finished_study):
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


def test_of_two_snakemakes_the_second_waits_for_nobody_and_harms_nothing(study, finished_study):
    with open(study / "first.txt", "w") as log:
        first = subprocess.Popen([SNAKEMAKE, "--cores", "1"], cwd=study, stdout=log, stderr=log)
        deadline = time.monotonic() + 120
        while not (study / "results/data").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        second = snakemake(study)
        assert first.poll() is None
        assert first.wait(timeout=600) == 0, (study / "first.txt").read_text()
    assert second.returncode == 1
    assert "Directory cannot be locked" in second.stdout
    assert "Traceback" not in second.stdout
    assert "Nothing to be done" in snakemake(study).stdout
    assert contents(study / "results") == contents(finished_study / "results")


def test_a_study_needs_neither_proc_nor_nproc(study, finished_study):
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
