"""What the task `dataset` is told: files, columns, filters, splits and the answer's form."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from showhow.answers.forms import AnswerForm
from showhow.tasks.own_data.templates import ColumnOrTemplate, columns_of
from showhow.tasks.task import TaskSettings

ResponseName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class HubData(BaseModel):
    """A split of a data set on the Hugging Face hub."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?$",
        description="The hub's name for the data set, such as openai/gsm8k.",
    )
    revision: str = Field(
        "main",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$",
        description="The commit, tag or branch; a commit makes the study repeatable.",
    )
    subset: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="The subset (also called configuration), where the data set has several.",
    )
    split: str = Field(
        "train", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", description="The split, by its name."
    )

    @property
    def file(self) -> str:
        """Name the file that the workflow fetches it to."""
        parts = (self.id, self.revision, self.subset or "default", self.split)
        return "--".join(part.replace("/", "-") for part in parts) + ".parquet"


FETCHED = Path("results/hub-data")


class Source(BaseModel):
    """One file: which of its columns is what, and which of its rows count."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str | None = Field(
        None,
        min_length=1,
        description="A .json, .jsonl, .csv, .tsv or .parquet file, or a folder that `datasets` "
        "saved (save_to_disk).",
    )
    hub: HubData | None = Field(
        None, description="In the place of a file: a split of a data set on the hub."
    )
    delimiter: str | None = Field(
        None,
        min_length=1,
        max_length=1,
        description="What separates the columns of a .csv or .tsv file; null for a comma or a tab.",
    )
    id: str | None = Field(
        None, description="A column that names each row; of rows with one name the first counts."
    )
    prompt: ColumnOrTemplate = Field(
        "prompt",
        description="The column with the question, or a template (Jinja) over the row's columns, "
        'such as "{{ passage }} {{ question }}?".',
    )
    answer: ColumnOrTemplate | None = Field(
        None,
        description="The column with the right answer, alone or in a text that ends in it, or with "
        "a list of answers that are each right; or a template that gives one of these. The first "
        "file of a split has to have one.",
    )
    responses: dict[ResponseName, ColumnOrTemplate] = Field(
        {}, description="Responses in this file: a name for each, and its column or template."
    )
    where: dict[str, tuple[str, ...]] = Field(
        {}, description="Only rows with one of these values in the column."
    )

    @model_validator(mode="after")
    def _file_or_hub(self) -> Self:
        if (self.file is None) == (self.hub is None):
            raise PydanticCustomError("source", "a source is a `file`, or a data set on the `hub`")
        return self

    @property
    def name(self) -> str:
        """Name the source in counts and messages; not by where on this machine it lies."""
        if self.hub is not None:
            return self.hub.file
        file = Path(str(self.file))
        return file.name if file.is_absolute() else str(file)

    @property
    def written(self) -> list[tuple[tuple[str, ...], str]]:
        """List what is a column or a template, each with the keys that it stands at."""
        answer = [(("answer",), self.answer)] if self.answer is not None else []
        responses = [(("responses", name), one) for name, one in self.responses.items()]
        return [(("prompt",), self.prompt), *answer, *responses]

    @property
    def columns(self) -> list[tuple[tuple[str, ...], str]]:
        """List the columns that are named, in templates as well, each with where it is."""
        named = [(key, column) for key, one in self.written for column in columns_of(one) or ()]
        id_column = [(("id",), self.id)] if self.id is not None else []
        return [*named, *id_column, *((("where", column), column) for column in self.where)]

    @property
    def reads_whole_rows(self) -> bool:
        """Say whether a template may read any column, as one does that goes through `row`."""
        return any(columns_of(one) is None for _, one in self.written)

    def path(self, folder: str) -> Path:
        """Say where the file is, or will be; `folder` is that of the user's files."""
        return Path(folder) / str(self.file) if self.hub is None else FETCHED / self.hub.file


class DatasetSettings(TaskSettings):
    """Files with the same questions: the first has their answers, each has responses to them."""

    folder: str = Field(".", description="The folder of the files.")
    train: tuple[Source, ...] = Field(min_length=1, description="The files of the training data.")
    test: tuple[Source, ...] = Field(
        (), description="The files of the test data; none: a share of the training data."
    )
    validation: tuple[Source, ...] = Field(
        (),
        description="The files of what a learning rate or a checkpoint is chosen on; none: a share "
        "of the training data, as much as `test_size` says.",
    )
    test_share: float = Field(
        0.2, gt=0, lt=1, description="The share of test data, where they have no file of their own."
    )
    stratify: str | None = Field(
        None,
        description="A column of the first training file: a test set that is made has the same "
        "share of each of its values as the training data.",
    )
    instruction: str = Field(
        "",
        description="How every prompt ends: added where it does not, and no part of the question "
        "when questions are compared.",
    )
    answer: AnswerForm = Field(AnswerForm(), description="How the answer is read from a text.")

    @property
    def sources(self) -> dict[str, tuple[Source, ...]]:
        """Give the files of each split that has some of its own."""
        split = {"train": self.train, "test": self.test, "validation": self.validation}
        return {name: sources for name, sources in split.items() if sources}

    @property
    def every_source(self) -> list[Source]:
        """List all files, split by split."""
        return [source for sources in self.sources.values() for source in sources]
