"""Fetch a model from the Hugging Face hub into a folder: weights as safetensors, no code."""

from pathlib import Path
from typing import Annotated

import typer
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from showhow.artifacts import whole_folder
from showhow.errors import ShowhowError
from showhow.workflow.stage import run_stage

WANTED = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.model", "*.txt", "README.md")


def download(
    id: Annotated[str, typer.Option(help="The hub's name for the model.")],
    revision: Annotated[str, typer.Option(help="The commit, tag or branch.")],
    output: Annotated[Path, typer.Option(help="The model folder to write.")],
) -> None:
    with whole_folder(output) as folder:
        try:
            snapshot_download(id, revision=revision, local_dir=folder, allow_patterns=WANTED)
        except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as reason:
            raise ShowhowError(
                f"The model {id} (revision {revision}) could not be fetched: {reason}. Run "
                f"'snakemake --cores 1 {output}' on a machine that reaches the hub, or name a "
                f"folder that holds the model with 'kind: folder'."
            ) from reason


if __name__ == "__main__":
    run_stage(download)
