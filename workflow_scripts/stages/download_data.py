"""Fetch a split of a data set from the Hugging Face hub into a Parquet file: data, never code."""

from pydantic import Field

from showhow.base.errors import ShowhowError
from showhow.base.files import whole_file
from showhow.base.wording import make_anew
from showhow.jobs.options import StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.tasks.own_data.settings import HubData


class Options(StageOptions):
    output: Writes = Field(description="The Parquet file to write.")
    source: HubData = Field(description="Which split of which data set.")


def download_data(options: Options) -> None:
    rows = fetched(options.source.id, options.source, make_anew(options.output))
    with whole_file(options.output) as file:
        rows.to_parquet(str(file))


def fetched(place: str, wanted: HubData, command: str):
    """Load a split from `place`, the hub's name for a data set or a folder of data files."""
    import datasets
    from datasets.exceptions import DatasetsError

    datasets.disable_progress_bars()
    try:
        return datasets.load_dataset(
            place, wanted.subset, split=wanted.split, revision=wanted.revision
        )
    except (DatasetsError, OSError, ValueError) as reason:
        why = " ".join(str(reason).split())[:300]
        raise ShowhowError(
            f"The split {wanted.split} of the data set {wanted.id} (revision {wanted.revision}) "
            f"could not be fetched ({why}). Fetch it on a machine that reaches the hub and shares "
            f"this folder, such as the cluster's login node, with: {command} - or save it as a "
            "file and name that as the source's `file`."
        ) from reason


if __name__ == "__main__":
    run_stage(download_data, Options)
