"""List the SHA-256 of every file in a folder, in the form that `sha256sum --check` reads."""

import hashlib

from pydantic import Field

from showhow.base.files import visible_files
from showhow.base.rows import write_text
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    folder: Reads
    output: Writes = Field(description="Where the list goes.")


def list_checksums(options: Options) -> None:
    lines = []
    for file in visible_files(options.folder):
        with open(file, "rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        lines.append(f"{digest}  {file.relative_to(options.folder).as_posix()}\n")
    write_text(options.output, "".join(lines))


if __name__ == "__main__":
    run_stage(list_checksums, Options)
