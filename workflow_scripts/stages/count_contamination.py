"""Count the problems to evaluate on that stand in the corpus which bases are pretrained on."""

from pydantic import Field

from showhow.base.rows import read_rows
from showhow.corpus import contamination
from showhow.corpus.exercises import CorpusLine
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems


class Options(StageOptions):
    corpus: Reads = Field(description="The corpus, one example a line.")
    problems: list[Reads] = Field(description="The problems of every split to evaluate on.")
    output: Writes = Field(description="Where the counts go.")
    kind: str = Field(description="The task's file in showhow/tasks.")


def count_contamination(options: Options) -> None:
    splits = {path.stem: read_problems(path) for path in options.problems}
    lines = read_rows(options.corpus, CorpusLine)
    counts = contamination.count_contamination(load_task(options.kind), splits, lines)
    contamination.write_contamination(options.output, counts)


if __name__ == "__main__":
    run_stage(count_contamination, Options)
