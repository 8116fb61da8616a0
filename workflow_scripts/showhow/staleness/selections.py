"""What stages take from the user's own files, as digests that are known while planning.

Such a stage is stale when what it takes is another: not when a file was moved or saved with other
line endings, when it got a column that nobody asked for, or when a row changed that is not used.
The digests are of what the stages' own functions make of the files, and are remembered by the
files' content, so that a file is read again when it changed and at no other time.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from functools import cache, lru_cache
from typing import Any, Literal, get_args

from showhow.base.errors import ShowhowError
from showhow.responses.response import Response, Variant
from showhow.staleness.selection_memory import SelectionMemory
from showhow.staleness.stage_code import StageCode
from showhow.study import grid
from showhow.study.paths import DataFile, Split
from showhow.study.studies import Studies, Wildcards
from showhow.tasks.own_data.description import describe
from showhow.tasks.own_data.selection import as_read
from showhow.tasks.own_data.settings import DatasetSettings
from showhow.tasks.problem import Problem
from showhow.tasks.problem_sets import draw_problems, make_problems

Use = Literal["asked", "answered", "learned", "scored", "read", "whole"]
"""What a stage takes of problems and responses.

asked: the prompts, by the problems' names. answered: the texts of the responses beside them, as
they say how long an answer may be. learned: prompts and responses as they are trained on, in their
order. scored: what answers are compared with. read: all, but for the responses that came with a
problem, of which a variant takes its own. whole: these too.
"""
USES: tuple[Use, ...] = get_args(Use)
KEPT_SETS = 8
Paths = str | list[str]
InputFunction = Callable[[Wildcards], Paths]


class Selections:
    """Gives, for the files of problems and responses that a job reads, what it takes from them."""

    def __init__(self, studies: Studies, code: StageCode, memory: SelectionMemory | None = None):
        self.studies = studies
        self.code = code
        self.memory = memory or SelectionMemory()
        self._problems = lru_cache(KEPT_SETS)(self._problems_of)
        # Asked again for each job: found out once.
        self._key = cache(self._key_of)
        self._split_key = cache(self._split_key_of)
        self._variant_key = cache(self._variant_key_of)

    def tells_of(self, path: str) -> bool:
        """Say whether a file's content is known by a digest of what was selected."""
        file = DataFile.read(path)
        return file is not None and self._is_told(file)

    def _is_told(self, file: DataFile) -> bool:
        own = file.task in self.studies.own_data
        return own and (not file.variant or self._is_plain(file.variant))

    def _is_plain(self, variant: str) -> bool:
        """Say whether the responses follow from the problems alone."""
        return isinstance(self.studies.variant(variant), Variant)

    # What the rules are told: parameters of their jobs.

    def asked(self, *inputs: InputFunction) -> Callable[[Wildcards], str]:
        return self._taken("asked", inputs)

    def answered(self, *inputs: InputFunction) -> Callable[[Wildcards], str]:
        """Where the configuration says how long answers may be, responses say nothing."""
        limited = self.studies.configuration.evaluation.max_new_tokens is not None
        return self._taken("asked" if limited else "answered", inputs)

    def measured(self, *inputs: InputFunction) -> Callable[[Wildcards], str]:
        return self._taken("answered", inputs)

    def learned(self, *inputs: InputFunction) -> Callable[[Wildcards], str]:
        return self._taken("learned", inputs)

    def scored(self, *inputs: InputFunction) -> Callable[[Wildcards], str]:
        return self._taken("scored", inputs)

    def validated(self, *inputs: InputFunction) -> Callable[[Wildcards], str]:
        """What is asked while a model is trained, and judged."""
        asked, scored = self.answered(*inputs), self.scored(*inputs)
        return lambda wildcards: " ".join(filter(None, [asked(wildcards), scored(wildcards)]))

    def read(self, *inputs: InputFunction) -> Callable[[Wildcards], str]:
        return self._taken("read", inputs)

    def made(self, wildcards: Wildcards) -> str:
        """All that a file of problems holds."""
        return self._digest(DataFile(wildcards.task, Split.read(wildcards.split)), "whole")

    def written(self, wildcards: Wildcards) -> str:
        """All that a file of responses holds."""
        split = Split.read(wildcards.split)
        return self._digest(DataFile(wildcards.task, split, wildcards.variant), "whole")

    def described(self, wildcards: Wildcards) -> str:
        """What is said of a data set's files as a whole."""
        task = wildcards.task
        if task not in self.studies.own_data:
            return ""
        known, asked = self.memory.of(self._key(task)), self._count(task, Split("test"))
        name = f"source {asked}"
        if name not in known:
            _, settings = self.studies.task(task)
            assert isinstance(settings, DatasetSettings), "only a data set has a source"
            # Planning runs no programs: where they decide what is said, it follows from the texts.
            programs = settings.answer.kind == "program"
            told = as_read(settings) if programs else asdict(describe(settings, asked))
            known[name] = _labelled([_plain(told)])
            self.memory.record()
        return known[name]

    def _taken(self, use: Use, inputs: Iterable[InputFunction]) -> Callable[[Wildcards], str]:
        def taken(wildcards: Wildcards) -> str:
            paths = [path for each in inputs for path in listed(each(wildcards))]
            digests = [self._digest_of(path, use) for path in paths if self.tells_of(path)]
            return _labelled(digests) if digests else ""

        return taken

    def _digest_of(self, path: str, use: Use) -> str:
        file = DataFile.read(path)
        assert file is not None, f"{path} is told of, so it is a file of data"
        return self._digest(file, use)

    # The digests.

    def _digest(self, file: DataFile, use: Use) -> str:
        if not self._is_told(file):
            return ""
        known = self.memory.of(self._key(file.task))
        name = self._name_of(file, use)
        if name not in known:
            known.update(self._digests_like(file))
            self.memory.record()
        return known[name]

    def _name_of(self, file: DataFile, use: Use) -> str:
        """Name a digest by all that it follows from beside what `_key` names."""
        split, variant = self._split_key(file.task, file.split), ""
        if file.variant:
            variant = self._variant_key(file.task, file.variant)
        return f"{split} {variant} {use}"

    def _key_of(self, task: str) -> str:
        """Name all that decides what is selected of a task's files: their content, too."""
        kind, settings = self.studies.task(task)
        code = self.code.of_task("generate_problems")(_Named(task=task))
        contents = [self.memory.content_of(file) for file in kind.files(settings)]
        return _digest_rows([_plain([kind.kind, settings.model_dump(mode="json"), contents, code])])

    def _split_key_of(self, task: str, split: Split) -> str:
        """Name a split by all that decides which of the problems it has."""
        pool, count = self._pool(task, split), self._count(task, split)
        before = [(each.name, self._count(task, each)) for each in self._made_before(task, split)]
        return _plain([split.name, count, split.draw, str(pool or ""), before])

    def _variant_key_of(self, task: str, variant: str) -> str:
        described = self.studies.configuration.variant_of(variant)
        settings = self.studies.configuration.variant_settings(variant)
        named = _Named(task=task, variant=variant)
        return _plain([described.kind, settings, self.code.writing("write_responses")(named)])

    def _digests_like(self, file: DataFile) -> dict[str, str]:
        """Take the digests of all sets that begin alike, in all their variants."""
        sets = self._sets_like(file)
        largest = max(sets, key=lambda split: split.n_train)
        try:
            problems = self._problems(file.task, largest)
        except ShowhowError:
            if largest == file.split:
                raise
            sets = [file.split]  # what is asked for may be there, and what the study wants not
            problems = self._problems(file.task, file.split)
        counts = {self._count(file.task, split): split for split in sets}
        found = {}
        for variant in dict.fromkeys(["", file.variant, *self._variants(file.task)]):
            rows = self._rows(file.task, variant, problems, needed=variant == file.variant)
            for use in rows:
                for count, digest in _digests_of_first(rows[use], counts).items():
                    like = replace(file, split=counts[count], variant=variant)
                    found[self._name_of(like, use)] = digest
        return found

    def _sets_like(self, file: DataFile) -> list[Split]:
        """List the splits whose problems are the first of one another; this one is among them."""
        split = file.split
        if not split.is_training or self._is_pool(file.task, split):
            return [split]
        sizes = grid.training_sizes(self.studies.configuration, file.task)
        return [split, *(s for n in sizes if (s := Split.training(n, split.draw)) != split)]

    def _rows(
        self, task: str, variant: str, problems: list[Problem], needed: bool
    ) -> dict[Use, list[str]]:
        if not variant:
            return {use: [_problem_row(problem, use) for problem in problems] for use in USES}
        try:
            written = self._write(task, variant, problems)
        except ShowhowError:
            if needed:
                raise
            return {}
        return {use: [_response_row(response, use) for response in written] for use in USES}

    def _write(self, task: str, variant: str, problems: list[Problem]) -> list[Response]:
        kind, _ = self.studies.task(task)
        loaded = self.studies.variant(variant)
        assert isinstance(loaded, Variant)
        settings = loaded.Settings(**self.studies.configuration.variant_settings(variant))
        return [loaded.write(settings, kind, problem) for problem in problems]

    def _problems_of(self, task: str, split: Split) -> list[Problem]:
        """Make a split's problems as the stage does."""
        kind, settings = self.studies.task(task)
        count, pool = self._count(task, split), self._pool(task, split)
        if pool is not None:
            return draw_problems(self._problems(task, pool), count, split.draw)
        before = [p for name in self._made_before(task, split) for p in self._problems(task, name)]
        return make_problems(kind, settings, split.name, count, before, split.draw)

    # Of a split: what decides which problems it has.

    def _count(self, task: str, split: Split) -> int:
        return grid.rows_of(self.studies.configuration, task, split)

    def _pool(self, task: str, split: Split) -> Split | None:
        return self.studies.shared_pool(task) if split.draw else None

    def _is_pool(self, task: str, split: Split) -> bool:
        return split in (self.studies.shared_pool(task), self.studies.measured_pool)

    def _made_before(self, task: str, split: Split) -> list[Split]:
        splits = [Split(name) for name in self.studies.splits_kept_apart(task)]
        return splits[: splits.index(split)] if split in splits else splits

    def _variants(self, task: str) -> Iterator[str]:
        for variant in grid.variants_of(self.studies.configuration, task):
            if self._is_plain(variant):
                yield variant


class _Named:
    """Wildcards that are known by their names."""

    def __init__(self, **names: str):
        self._names = names

    def __getattr__(self, name: str) -> str:
        return self._names[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self._names.get(name, default)


def listed(paths: Paths) -> list[str]:
    """Give what an input function gives as a list."""
    return [paths] if isinstance(paths, str) else list(paths)


def _problem_row(problem: Problem, use: Use) -> str:
    if use in ("asked", "answered"):
        return _plain([problem.id, problem.prompt])
    if use == "learned":
        return _plain(problem.prompt)
    given = {} if use == "whole" else {"responses": {}}
    return _plain({**asdict(problem), **given})


def _response_row(response: Response, use: Use) -> str:
    text = response.response
    if use == "asked":
        return _plain([response.id, response.prompt])
    if use == "answered":
        return _plain([response.id, response.prompt, text, response.masked_tokens])
    if use == "learned":
        return _plain([response.prompt, text, response.masked_tokens, response.as_alone])
    if use == "scored":
        steps, position = response.steps, response.answer_position
        return _plain([response.id, response.answer, steps, position])
    return _plain(asdict(response))


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _digests_of_first(rows: list[str], counts: Iterable[int]) -> dict[int, str]:
    """Digest the first rows, as many as each count says."""
    wanted, found, taken = sorted(counts), {}, hashlib.sha256()
    place = 0
    for count in wanted:
        for row in rows[place:count]:
            taken.update(row.encode() + b"\n")
        place = count
        found[count] = taken.copy().hexdigest()
    return found


def _digest_rows(rows: list[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _labelled(digests: list[str]) -> str:
    """Write digests as one that is told from the fingerprints of code."""
    return f"selected {_digest_rows(digests)[:40]}"
