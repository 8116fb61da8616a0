"""What jobs ask of the machine or the cluster they run on: one table, by stage and model's size."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.models.sizes import parameters_of
from showhow.study import grid
from showhow.study.inputs.writing import WritingInputs
from showhow.study.resources import Request, read_resources, request_of
from showhow.study.studies import Studies, Wildcards

RUN_STAGES = ("fine_tune", "predict", "score")


class Requests:
    """Gives, for each stage, the functions that say what one of its jobs asks for.

    What takes seconds shares a job of a cluster: all of the data, and small runs, each with its
    stages. The profile says how many data sets or runs go into one job (group-components).
    """

    def __init__(self, studies: Studies):
        self.studies = studies
        self.writing = WritingInputs(studies)
        self._table = read_resources(Path(studies.configuration.cluster.resources))
        self._size_of = cache(self._count_parameters)
        for base in grid.bases_used(studies.configuration):
            for stage in ("fine_tune", "predict"):
                request_of(self._table, stage, self._size_of(base))

    def _count_parameters(self, model: str) -> int:
        size = parameters_of(self.studies.configuration.models[model])
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

    def cores(self, stage: str) -> Callable[[Wildcards], int]:
        def cores(wildcards: Wildcards) -> int:
            return self._request(stage, wildcards).cores

        return cores

    def gpus(self, stage: str) -> Callable[[Wildcards, int], int]:
        """Jobs that share a GPU ask for it in another way, see shared_gpu."""

        def gpus(wildcards: Wildcards, attempt: int) -> int:
            packed = self._is_packed(stage, wildcards)
            return 0 if packed else self._request(stage, wildcards, attempt).gpus

        return gpus

    def gpu_model(self, stage: str) -> Callable[[Wildcards, int], str | None]:
        def gpu_model(wildcards: Wildcards, attempt: int) -> str | None:
            packed = self._is_packed(stage, wildcards)
            return None if packed else self._request(stage, wildcards, attempt).gpu_model

        return gpu_model

    def sharded(self, stage: str) -> Callable[[Wildcards], int]:
        def sharded(wildcards: Wildcards) -> int:
            return int(self._request(stage, wildcards).sharded)

        return sharded

    def memory(self, stage: str) -> Callable[[Wildcards, int], int]:
        def memory_mb(wildcards: Wildcards, attempt: int) -> int:
            return self._request(stage, wildcards, attempt).memory_mb

        return memory_mb

    def minutes(self, stage: str) -> Callable[[Wildcards, int], int]:
        def minutes(wildcards: Wildcards, attempt: int) -> int:
            return self._request(stage, wildcards, attempt).minutes

        return minutes

    def _is_packed(self, stage: str, wildcards: Wildcards) -> bool:
        return stage in RUN_STAGES and self.group(wildcards) is not None

    def group(self, wildcards: Wildcards) -> str | None:
        """Name the runs that may share a job; None for a run that has a job alone."""
        return self._request("fine_tune", wildcards).group

    def shared_gpu(self, wildcards: Wildcards) -> str | None:
        """Ask for a GPU in words: of a group's jobs Snakemake adds numbers up, equal words stay."""
        request = self._request("fine_tune", wildcards)
        return request.shared_gpu if request.group is not None else None
