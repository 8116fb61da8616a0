"""Models that have to be there before anything runs: folders and files of the user's own."""

from collections.abc import Iterator
from pathlib import Path

from showhow.recipes.base_models import FolderModel, GgufModel
from showhow.study.complaints import Complaint, instead, shown, wrong
from showhow.study.configuration import Configuration
from showhow.study.places import KeyPath

MAGIC = b"GGUF"


def missing_models(configuration: Configuration) -> Iterator[Complaint]:
    """A folder or file that a model is read from holds one."""
    for name, model in configuration.models.items():
        path = ("models", name, "path")
        if isinstance(model, FolderModel):
            yield from _missing_weights(path, Path(model.path))
        if isinstance(model, GgufModel):
            yield from _missing_file(path, Path(model.path))


def _missing_weights(path: KeyPath, folder: Path) -> Iterator[Complaint]:
    name = shown(str(folder))
    if not folder.is_dir():
        siblings = [other.name for other in folder.parent.glob("*") if other.is_dir()]
        near = instead(folder.name, siblings, "") if siblings else ""
        hint = f" {near[0].upper()}{near[1:]}" if near.startswith("did") else ""
        yield wrong(
            path,
            f"is {name}, but there is no such folder; write the path of a folder that "
            f"transformers' save_pretrained wrote.{hint}",
        )
    elif not (folder / "config.json").is_file():
        yield wrong(
            path,
            f"is {name}, a folder without config.json, so it holds no model; write the path of a "
            "folder that transformers' save_pretrained wrote.",
        )
    elif not any(folder.glob("*.safetensors")):
        yield wrong(
            path,
            f"is {name}, a folder without weights in *.safetensors, the only format that is read; "
            "save the model anew with transformers' save_pretrained.",
        )


def _missing_file(path: KeyPath, file: Path) -> Iterator[Complaint]:
    name = shown(str(file))
    if not file.is_file():
        siblings = [other.name for other in file.parent.glob("*.gguf")]
        near = instead(file.name, siblings, "those beside it are") if siblings else ""
        near = f" {near[0].upper()}{near[1:]}" if near else ""
        yield wrong(
            path,
            f"is {name}, but there is no such file; write the path of a file of llama.cpp's "
            f"format (GGUF).{near}",
        )
        return
    with open(file, "rb") as content:
        if content.read(len(MAGIC)) != MAGIC:
            yield wrong(
                path,
                f"is {name}, which is no file of llama.cpp's format (GGUF); for a Hugging Face "
                "folder write 'kind: folder' and its path.",
            )


CHECKS = {missing_models: None}
