"""What a job asks of a cluster: a table by stage and size of the model, and what a retry asks."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from showhow.base.errors import ShowhowError
from showhow.recipes.described import Described
from showhow.study.complaints import instead, read_as

UNITS = {"": 1, "k": 10**3, "M": 10**6, "B": 10**9}
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kMB]?)")
# What a retry multiplies by, for each attempt after the first.
MORE_MEMORY, MORE_TIME = 1.0, 0.5


def read_size(written: Any) -> Any:
    """Read a number of parameters as people write it: 600k, 100M, 3B, or in full."""
    form = SIZE.fullmatch(str(written))
    if form is None or isinstance(written, bool):
        raise PydanticCustomError("size", "write a number of parameters such as 600k, 100M or 3B")
    return round(float(form[1]) * UNITS[form[2]])


Size = Annotated[PositiveInt, BeforeValidator(read_size)]
# It becomes a part of a command line.
GpuModel = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.]+$")]


class Row(Described):
    """What a stage asks for models up to a size. Memory is the node's, in MB."""

    up_to: Size | None = Field(None, description="The largest model, in parameters.")
    gpus: NonNegativeInt = Field(0, description="GPUs.")
    gpu_model: GpuModel | None = Field(None, description="The GPUs' model, as the cluster has it.")
    cores: PositiveInt = Field(1, description="Processor cores.")
    memory_mb: PositiveInt = Field(description="Memory in MB.")
    minutes: PositiveInt = Field(description="Time in minutes.")
    packed: bool = Field(
        False, description="Several runs share a job of the cluster, and its GPU if it has one."
    )
    sharded: bool = Field(
        False, description="Each of several GPUs holds a part of the model, not the whole of it."
    )

    @model_validator(mode="after")
    def _gpus_for_what_is_said_of_them(self) -> Self:
        if self.gpu_model is not None and not self.gpus:
            raise PydanticCustomError("gpus", "gpu_model names a GPU, but gpus is 0")
        if self.packed and self.gpus > 1:
            raise PydanticCustomError("gpus", "packed runs share one GPU, but gpus is more than 1")
        if self.sharded and self.gpus < 2:
            raise PydanticCustomError("gpus", "a sharded model takes several GPUs; write gpus: 2")
        return self


class Limits(Described):
    """What one job may ask for at most, however often it was tried."""

    memory_mb: PositiveInt | None = Field(None, description="Memory in MB.")
    minutes: PositiveInt | None = Field(None, description="Time in minutes.")


def in_order(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Refuse rows of which one could never be reached."""
    sizes = [float("inf") if row.up_to is None else row.up_to for row in rows]
    if sizes != sorted(set(sizes)):
        raise PydanticCustomError("order", "write the row with the smaller up_to first")
    return rows


Rows = Annotated[tuple[Row, ...], Field(min_length=1), AfterValidator(in_order)]


class ResourceTable(Described):
    """The whole table: rows by stage, smallest models first, and what no retry goes beyond."""

    at_most: Limits = Field(Limits(), description="What one job may ask for at most.")
    stages: dict[str, Rows] = Field(description="Rows by stage.")


@dataclass(frozen=True)
class Request:
    """What one job asks for: devices, cores, MB of the node's memory, minutes.

    group: which jobs may share a job of the cluster with this one; None for a job alone.
    """

    gpus: int
    gpu_model: str | None
    cores: int
    memory_mb: int
    minutes: int
    group: str | None = None
    sharded: bool = False

    @property
    def shared_gpu(self) -> str | None:
        """What jobs that share a GPU ask for, as SLURM's --gres has it."""
        if not self.gpus:
            return None
        return ":".join(filter(None, ("gpu", self.gpu_model, str(self.gpus))))


def read_resources(path: Path) -> ResourceTable:
    """Read a table; what is wrong with it is raised as ShowhowError, one sentence a line."""
    return read_as(ResourceTable, path)


def request_of(
    table: ResourceTable, stage: str, parameters: int | None = None, attempt: int = 1
) -> Request:
    """Say what a stage asks for when it works on a model of so many parameters.

    parameters: None for a stage without a model. attempt: 1, 2, …; later ones ask for more memory
    and time, never for other cores or GPUs. Raises ShowhowError where the table has no row.
    """
    row = _row_of(table, stage, parameters)
    return Request(
        gpus=row.gpus,
        gpu_model=row.gpu_model,
        cores=row.cores,
        memory_mb=_raised(row.memory_mb, MORE_MEMORY, attempt, table.at_most.memory_mb),
        minutes=_raised(row.minutes, MORE_TIME, attempt, table.at_most.minutes),
        group=f"runs-up-to-{written_size(row.up_to)}" if row.packed else None,
        sharded=row.sharded,
    )


def written_size(parameters: int | None) -> str:
    """Write a number of parameters as people do: 5M; None is any number."""
    if parameters is None:
        return "any"
    unit = max((unit for unit in UNITS if parameters % UNITS[unit] == 0), key=UNITS.__getitem__)
    return f"{parameters // UNITS[unit]}{unit}"


def _row_of(table: ResourceTable, stage: str, parameters: int | None) -> Row:
    if stage not in table.stages:
        remedy = instead(stage, table.stages, "the stages there are")
        raise ShowhowError(f"The table of resources has no stage {stage}; {remedy}")
    for row in table.stages[stage]:
        if row.up_to is None or (parameters is not None and parameters <= row.up_to):
            return row
    if parameters is None:
        raise ShowhowError(f"What {stage} asks for depends on the size of its model: say it.")
    raise ShowhowError(
        f"The table of resources has no row of {stage} for a model of {parameters:,} parameters; "
        "add one with a larger up_to."
    )


def _raised(first: int, more: float, attempt: int, limit: int | None) -> int:
    raised = round(first * (1 + more * (attempt - 1)))
    return raised if limit is None else max(first, min(raised, limit))
