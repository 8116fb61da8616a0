"""Make a Hugging Face folder of a model in one file of llama.cpp's format."""

from pydantic import Field

from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.models.gguf import convert_gguf as convert


class Options(StageOptions):
    file: Reads = Field(description="The GGUF file.")
    output: Writes = Field(description="The model folder to write.")
    terms_accepted: bool = Field(False, description="The file's licence may be any.")


def convert_gguf(options: Options) -> None:
    convert(options.file, options.output, options.terms_accepted)


if __name__ == "__main__":
    run_stage(convert_gguf, Options)
