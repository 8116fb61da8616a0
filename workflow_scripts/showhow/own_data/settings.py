"""What the task `dataset` is told: files, columns, filters, splits and the answer's form."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from showhow.evaluation.answer_forms import AnswerForm
from showhow.tasks.task import TaskSettings

ResponseName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class Source(BaseModel):
    """One file: which of its columns is what, and which of its rows count."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(min_length=1, description="A .json, .jsonl, .csv, .tsv or .parquet file.")
    prompt: str = Field("prompt", description="The column with the question.")
    answer: str | None = Field(
        None,
        description="The column with the right answer, alone or in a text that ends in it; the "
        "first file of a split has to have one.",
    )
    responses: dict[ResponseName, str] = Field(
        {}, description="Responses in this file: a name for each, and its column."
    )
    where: dict[str, tuple[str, ...]] = Field(
        {}, description="Only rows with one of these values in the column."
    )


class DatasetSettings(TaskSettings):
    """Files with the same questions: the first has their answers, each has responses to them."""

    folder: str = Field(".", description="The folder of the files.")
    train: tuple[Source, ...] = Field(min_length=1, description="The files of the training data.")
    test: tuple[Source, ...] = Field(
        (), description="The files of the test data; none: a share of the training data."
    )
    test_share: float = Field(
        0.2, gt=0, lt=1, description="The share of test data, where they have no file of their own."
    )
    instruction: str = Field(
        "",
        description="How every prompt ends: added where it does not, and no part of the question "
        "when questions are compared.",
    )
    answer: AnswerForm = Field(AnswerForm(), description="How the answer is read from a text.")

    def files(self) -> list[Path]:
        """List the data files, each once."""
        sources = (*self.train, *self.test)
        return list(dict.fromkeys(Path(self.folder) / source.file for source in sources))
