"""What a stage is told: one typed class of options, and all that follows from it.

Each field has a role, which its annotation says. Reads and Writes are files and folders; Machine
and Computation are the machine's business; these are flags of the command line. All other fields
are what the stage is told: they come together, as one JSON object, in the flag --options. The
command line, the resume key and what the job's record says of its options are made from the class.
"""

import argparse
import json
from collections.abc import Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, ValidationError
from pydantic_core import ErrorDetails

from showhow.base.errors import ShowhowError
from showhow.base.hashing import content_hash
from showhow.jobs.devices import kind_of_device


class Role(Enum):
    """What a field is to the stage."""

    TOLD = "told"
    READ = "read"
    WRITTEN = "written"
    MACHINE = "machine"
    COMPUTATION = "computation"


Value = TypeVar("Value")
Reads = Annotated[
    Path,
    PlainSerializer(lambda path, info: (info.context or str)(path), when_used="json"),
    Role.READ,
]
"""A file or folder that is read; also within what a stage is told.

In JSON it is the path, or what the function that is given as context makes of it.
"""
Writes = Annotated[Path, Role.WRITTEN]
"""A file or folder that is written."""
Machine = Annotated[Value, Role.MACHINE]
"""The machine's business, which changes no result."""
Computation = Annotated[Value, Role.COMPUTATION]
"""The machine's business that may change the last digits: it is part of the resume key."""


class ToldPart(BaseModel):
    """What is told, or a part of it: unknown keys are errors, and values never change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, protected_namespaces=()
    )

    def reads(self) -> list[Path]:
        """List the files and folders that are read."""
        found: list[Path] = []
        self.model_dump(mode="json", context=found.append)
        return found


class StageOptions(ToldPart):
    """The options of every stage."""

    cost: Machine[Path | None] = Field(
        None, description="Where to write this job's record: its costs and its provenance."
    )
    code: Computation[str | None] = Field(
        None, description="The fingerprint of the stage's code, for the record."
    )

    @classmethod
    def of_command_line(cls, stage: str, arguments: Sequence[str]) -> Self:
        """Read the command line of a stage; raises ShowhowError for options that are none of it."""
        words = vars(_parser(cls, stage).parse_args(arguments))
        given = {name: value for name, value in words.items() if value is not None}
        told = _json_object(given.pop("options", "{}"))
        for name in told:
            if role_of_each(cls).get(name, Role.TOLD) is not Role.TOLD:
                raise ShowhowError(f"'{name}' is a flag of {stage}; write {_flag(name)}.")
        return cls.checked(stage, {**given, **told})

    @classmethod
    def checked(cls, stage: str, values: dict[str, Any]) -> Self:
        """Make the options from values by name; raises ShowhowError for wrong ones."""
        try:
            return cls.model_validate(values)
        except ValidationError as problem:
            sentences = [_sentence(stage, error) for error in problem.errors()]
            raise ShowhowError(" ".join(sentences)) from None

    def command_line(self) -> list[str]:
        """Write these options as the words of a command line."""
        words = []
        for name, role in role_of_each(type(self)).items():
            value = getattr(self, name)
            if role is Role.TOLD or value is None or value == []:
                continue
            values = value if isinstance(value, list) else [value]
            words += [_flag(name), *map(str, values)]
        told = self.told()
        return [*words, "--options", json.dumps(told, sort_keys=True)] if told else words

    def told(self) -> dict[str, Any]:
        """Give what the stage was told, as JSON values; what was left out is left out."""
        told = set(_of_role(type(self), Role.TOLD))
        return self.model_dump(mode="json", include=told, exclude_unset=True)

    def recorded(self) -> dict[str, Any]:
        """Give all options as JSON values, but those that are for the record itself."""
        flags = self.model_dump(mode="json", exclude={"cost", "code"} | set(self.told()))
        return {**flags, **self.told()}

    def writes(self) -> list[Path]:
        """List the files and folders that are written."""
        values = (getattr(self, name) for name in _of_role(type(self), Role.WRITTEN))
        listed = (value if isinstance(value, list) else [value] for value in values)
        return [path for paths in listed for path in paths if path is not None]

    def determined_by(self, **also: object) -> dict[str, object]:
        """Give, by name, all that determines the result, as JSON values: the resume key.

        Of what is read it is the content that counts. also: what the stage finds out itself.
        """
        apart = _of_role(type(self), Role.WRITTEN, Role.MACHINE)
        return {**self.model_dump(mode="json", exclude=set(apart), context=content_hash), **also}


class ComputingOptions(StageOptions):
    """The options of a stage that computes with a model."""

    threads: Computation[int] = Field(1, ge=1, description="Threads of the computation.")
    gpus: Machine[int] = Field(0, ge=0, description="GPUs that this job gets for itself.")

    def determined_by(self, **also: object) -> dict[str, object]:
        """Give the resume key: what a GPU began, a CPU does not go on with, nor the other way."""
        return {**super().determined_by(device=kind_of_device()), **also}


class Resumable(StageOptions):
    """The option of a stage that leaves something to the next one, or takes note of it."""

    checkpoints: Machine[Path] = Field(
        Path("checkpoints"), description="The folder for what a killed job leaves to the next one."
    )


class Prompting(StageOptions):
    """The options of a stage that puts texts to a model: how it does so."""

    space_digits: bool = Field(False, description="Numbers are written by digit.")
    chat: bool | None = Field(
        None, description="Prompts are in the model's chat template; null where it has one."
    )


@cache
def role_of_each(options: type[StageOptions]) -> dict[str, Role]:
    """Give the role of each option, by its name."""
    hints = get_type_hints(options, include_extras=True)
    return {name: _role_of(hints[name]) for name in options.model_fields}


def _of_role(options: type[StageOptions], *roles: Role) -> list[str]:
    return [name for name, role in role_of_each(options).items() if role in roles]


def _role_of(annotation: Any) -> Role:
    """Read a role from an annotation, such as `Reads`, `Reads | None` or `list[Reads]`."""
    if get_origin(annotation) is Annotated:
        _, *marks = get_args(annotation)
        return next((mark for mark in marks if isinstance(mark, Role)), Role.TOLD)
    if get_origin(annotation) in (None, dict, tuple):
        return Role.TOLD
    return _role_of(get_args(annotation)[0])


def _parser(options: type[StageOptions], stage: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=stage, allow_abbrev=False)
    for name, role in role_of_each(options).items():
        if role is Role.TOLD:
            continue
        field = options.model_fields[name]
        required = field.is_required()
        # What may be left out may also be written without a value: a rule has one line for both.
        how: dict[str, Any] = {} if required else {"nargs": "?"}
        if get_origin(field.annotation) is list:
            how = {"nargs": "+" if required else "*", "action": "extend"}
        parser.add_argument(
            _flag(name),
            dest=name,
            required=required,
            default=argparse.SUPPRESS,
            help=field.description,
            **how,
        )
    if told := _of_role(options, Role.TOLD):
        required = any(options.model_fields[name].is_required() for name in told)
        parser.add_argument(
            "--options",
            required=required,
            default=argparse.SUPPRESS,
            metavar="JSON",
            help=f"What the stage is told, a JSON object: {', '.join(told)}.",
        )
    return parser


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as problem:
        raise ShowhowError(f"The option {text!r} is not JSON: {problem}.") from problem
    if not isinstance(value, dict):
        raise ShowhowError(f"The option {text!r} should be a JSON object in braces.")
    return value


def _sentence(stage: str, error: ErrorDetails) -> str:
    """Say what is wrong with one option."""
    where = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        return f"{stage} has no option '{where}'; leave it out."
    if error["type"] == "missing":
        return f"{stage} lacks the option '{where}'; write it."
    return f"{stage} has a wrong option '{where}': {error['msg']}; correct it."
