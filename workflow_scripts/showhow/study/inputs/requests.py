"""What jobs ask of the machine or the cluster they run on: one table, by stage and model's size."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.base.repository import shipped
from showhow.models.sizes import parameters_of
from showhow.study import grid
from showhow.study.inputs.writing import WritingInputs
from showhow.study.resources import Request, read_resources, request_of
from showhow.study.studies import Studies, Wildcards

RUN_STAGES = ("fine_tune", "predict", "score")
Asked = Callable[[Wildcards, int], int | str | None]
"""What a job asks for, by its wildcards and the attempt at it."""


class Requests:
    """Gives, for each stage, the functions that say what one of its jobs asks for.

    What takes seconds shares a job of a cluster: all of the data, and small runs, each with its
    stages. The profile says how many data sets or runs go into one job (group-components).

    gpus_are_missing: says whether jobs run on this machine, and it has no GPU for them.
    """

    def __init__(self, studies: Studies, gpus_are_missing: Callable[[], bool] = lambda: False):
        self.studies = studies
        self.gpus_are_missing = cache(gpus_are_missing)
        self.writing = WritingInputs(studies)
        self._table = read_resources(shipped(Path(studies.configuration.cluster.resources)))
        self._size_of = cache(self._count_parameters)
        for base in grid.bases_used(studies.configuration):
            for stage in ("fine_tune", "predict"):
                request_of(self._table, stage, self._size_of(base))

    def _count_parameters(self, model: str) -> int:
        size = parameters_of(self.studies.configuration.model(model))
        if size is None:
            raise ShowhowError(
                f"models.{model}: what its jobs ask for goes by its size; write `parameters:` and "
                "their number, as its card says."
            )
        return size

    def _request(self, stage: str, wildcards: Wildcards, attempt: int = 1) -> Request:
        model = self._model(wildcards)
        return request_of(self._table, stage, self._size_of(model) if model else None, attempt)

    def _model(self, wildcards: Wildcards) -> str | None:
        if wildcards.get("model_writing"):
            return self.writing.model_of_writer(wildcards)
        return wildcards.get("model") or wildcards.get("ladder_model")

    def cores(self, stage: str) -> Asked:
        """Ask for the table's cores, or for one where a job finds no GPU: it then takes a thread.

        The others that the table gives it feed the GPU.
        """
        of_the_table = self._asked(stage, "cores")

        def asked(wildcards: Wildcards, attempt: int) -> int | str | None:
            wants_gpus = self._request(stage, wildcards, attempt).gpus > 0
            return 1 if wants_gpus and self.gpus_are_missing() else of_the_table(wildcards, attempt)

        return asked

    def memory_and_time(self, stage: str) -> dict[str, Asked]:
        """Give what Snakemake calls these: mem_mb and runtime."""
        return {
            "mem_mb": self._asked(stage, "memory_mb"),
            "runtime": self._asked(stage, "minutes"),
        }

    def gpus_memory_and_time(self, stage: str) -> dict[str, Asked]:
        gpus = {"gpu": self._asked(stage, "gpus"), "gpu_model": self._asked(stage, "gpu_model")}
        return gpus | self.memory_and_time(stage)

    def _asked(self, stage: str, what: str) -> Asked:
        """Jobs that share a GPU ask for it in another way, see shared_gpu."""

        def asked(wildcards: Wildcards, attempt: int) -> int | str | None:
            request = self._request(stage, wildcards, attempt)
            if stage in RUN_STAGES and self.group(wildcards) is not None:
                request = replace(request, gpus=0, gpu_model=None)
            return getattr(request, what)

        return asked

    def sharded(self, wildcards: Wildcards) -> int:
        return int(self._request("fine_tune", wildcards).sharded)

    def group(self, wildcards: Wildcards) -> str | None:
        """Name the runs that may share a job; None for a run that has a job alone."""
        return self._request("fine_tune", wildcards).group

    def group_of_trial(self, wildcards: Wildcards) -> str | None:
        """Name the trials that may share a job: no run's job, as the choice is between them."""
        group = self.group(wildcards)
        return group and group.replace("runs", "trials", 1)

    def shared_gpu(self, wildcards: Wildcards) -> str | None:
        """Ask for a GPU in words: of a group's jobs Snakemake adds numbers up, equal words stay."""
        request = self._request("fine_tune", wildcards)
        return request.shared_gpu if request.group is not None else None
