"""Fetch a model from the Hugging Face hub into a folder: weights as safetensors, no code."""

import shutil

from huggingface_hub import resolve_revision, snapshot_download
from huggingface_hub.errors import RevisionResolutionError
from pydantic import Field

from showhow.base.errors import ShowhowError
from showhow.base.files import whole_folder
from showhow.base.rows import write_json
from showhow.base.wording import make_anew
from showhow.jobs.options import StageOptions, Writes
from showhow.jobs.stage import run_stage

WANTED = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.jinja", "*.model", "*.txt")
WANTED += ("README.md",)
SOURCE = "source.json"


class Options(StageOptions):
    output: Writes = Field(description="The model folder to write.")
    id: str = Field(description="The hub's name for the model.")
    revision: str = Field(description="The commit, tag or branch.")


def download(options: Options) -> None:
    id, revision = options.id, options.revision
    with whole_folder(options.output) as folder:
        try:
            commit = resolve_revision(id, revision=revision).resolved
            snapshot_download(id, revision=commit, local_dir=folder, allow_patterns=WANTED)
        except (RevisionResolutionError, OSError) as reason:
            why = " ".join(str(reason).split())
            raise ShowhowError(
                f"The model {id} (revision {revision}) could not be fetched ({why}). Fetch it on "
                "a machine that reaches the hub and shares this folder, such as the cluster's "
                f"login node, with: {make_anew(options.output)} - or name a folder that holds the "
                "model, with 'kind: folder' in place of 'kind: hub'."
            ) from reason
        # What the hub's library notes for itself says when it was fetched, not what.
        shutil.rmtree(folder / ".cache", ignore_errors=True)
        if not any(folder.glob("*.safetensors")):
            raise ShowhowError(
                f"The model {id} has no weights in safetensors at revision {revision}, and no "
                "other format is read. Name a revision that has them, or convert it with "
                "transformers' save_pretrained and name that folder with 'kind: folder'."
            )
        write_json(folder / SOURCE, {"id": id, "revision": revision, "commit": commit})


if __name__ == "__main__":
    run_stage(download, Options)
