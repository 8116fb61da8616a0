"""What only the user's files show: missing ones, wrong columns, too few questions.

These checks read the files, so they are not among those that every process makes: only where a
study is planned. What is wrong with larger files is told when it is found out what is selected of
them (showhow.staleness.selections), and with one on the hub by its job.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from showhow.base.errors import ShowhowError
from showhow.study import grid
from showhow.study.checks import grids
from showhow.study.complaints import Complaint, instead, shown, wrong
from showhow.study.configuration import ALL, Configuration
from showhow.study.paths import VALIDATION, Split
from showhow.study.places import KeyPath
from showhow.study.studies import Studies
from showhow.tasks.own_data.doubts import (
    contradictions,
    rare_among,
    rare_answers,
    same_responses,
    twins_among,
)
from showhow.tasks.own_data.prompts_form import differing_forms, form_of
from showhow.tasks.own_data.reading import DELIMITERS, Row, columns_of_file, read_file, text_of
from showhow.tasks.own_data.selection import split_of
from showhow.tasks.own_data.settings import DatasetSettings, Source
from showhow.tasks.own_data.templates import is_template, value_in

READ_IN_A_MOMENT = 64 << 20
OWN_DATA, GIVEN = "dataset", "given"


class Available(NamedTuple):
    """How many questions there are to test on, to choose on, and for training beside these.

    to_choose_on: how many of those to choose on leave enough for training.
    """

    test: int
    validation: int
    train: int
    to_choose_on: int


def tasks_of_own_data(configuration: Configuration) -> list[str]:
    """List the tasks that some run needs and that are files of the user's own."""
    used = grid.tasks_used(configuration)
    return [name for name in used if configuration.tasks[name].kind == OWN_DATA]


def wrong_own_data(configuration: Configuration, name: str) -> Iterator[Complaint]:
    """A task's files are there, and hold the columns, responses and questions asked for."""
    _, settings = configuration.loaded_task(name)
    assert isinstance(settings, DatasetSettings)
    yield from _wrong_responses(configuration, name, settings)
    if not readable_now(settings):
        yield from _missing_files(name, settings)
        yield from _missing_columns(name, settings)
        return
    asked = grid.test_sizes(configuration, name)["test"]
    try:
        _, test = split_of(settings, "test")
        _, validation = split_of(settings, "validation")
        train = grid.whole_training_set(configuration, name)
    except ShowhowError as error:
        yield _located(name, settings, error)
    else:
        assert train is not None, "a data set ends"
        left = set(validation) - set(test[:asked])
        needed = 0 if VALIDATION in settings.sources else _largest_number(configuration, name)
        there = Available(len(test), len(left), train, max(1, len(left) - needed))
        yield from _too_few(configuration, name, asked, there)


def doubtful_own_data(configuration: Configuration, name: str) -> Iterator[str]:
    """Warn of what nobody would want to find out after a study, by the rows and prompts alone.

    That is questions with several answers, answers that may be misspelt, and prompts of training
    and test that differ in form; of files that are read while planning, and that nothing is wrong
    with.
    """
    _, settings = configuration.loaded_task(name)
    assert isinstance(settings, DatasetSettings)
    if not readable_now(settings):
        return
    forms = {}
    for split in settings.sources:
        chosen, keys = split_of(settings, split)
        lost = {file: losses.contradictions for file, losses in chosen.losses.items()}
        yield from contradictions(name, split, lost)
        rare = rare_among(chosen.questions.values())
        yield from rare_answers(name, split, map(asdict, rare))
        if split == "train":
            twins = twins_among([chosen.questions[key] for key in keys])
            yield from same_responses(name, split, twins)
        forms[split] = asdict(form_of([chosen.questions[key].prompt for key in keys]))
    for split in ("test", "validation"):
        if split in forms:
            yield from differing_forms(name, forms["train"], forms[split], split)


def readable_now(settings: DatasetSettings) -> bool:
    """Say whether all files are on this machine and small enough to be read while planning."""
    files = [source.path(settings.folder) for source in settings.every_source]
    if any(source.hub for source in settings.every_source):
        return False
    return all(map(Path.exists, files)) and sum(map(_bytes, files)) <= READ_IN_A_MOMENT


def _bytes(path: Path) -> int:
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files)


def _places(name: str, settings: DatasetSettings) -> Iterator[tuple[KeyPath, Source]]:
    for split, sources in settings.sources.items():
        for index, source in enumerate(sources):
            yield ("tasks", name, "settings", split, index), source


def _missing_files(name: str, settings: DatasetSettings) -> Iterator[Complaint]:
    for path, source in _places(name, settings):
        file = source.path(settings.folder)
        if source.file and not file.exists():
            siblings = [other.name for other in file.parent.glob("*")]
            near = instead(file.name, siblings, "") if siblings else ""
            hint = f" {near[0].upper()}{near[1:]}" if near.startswith("did") else ""
            yield wrong(
                (*path, "file"),
                f"is {shown(source.file)}, but there is no file {file}; write its path relative to "
                f"tasks.{name}.settings.folder.{hint}",
            )


def _missing_columns(name: str, settings: DatasetSettings) -> Iterator[Complaint]:
    """Look for the columns in the first rows of large files; jobs see to the other rows.

    A .json file has to be read as a whole for that, by what finds out what is selected of it.
    """
    for path, source in _places(name, settings):
        file = source.path(settings.folder)
        if source.file is None or file.suffix == ".json" or not file.exists():
            continue
        try:
            yield from _absent(path, source, columns_of_file(file, source.delimiter))
        except ShowhowError as problem:
            yield wrong((*path, "file"), f"cannot be read: {problem}")


def _absent(path: KeyPath, source: Source, there: list[str]) -> Iterator[Complaint]:
    """Find the columns that a source names and its file does not have."""
    said = dict(source.written)
    for key, column in source.columns:
        if column in there or (len(there) == 1 and source.file and _is_delimited(source.file)):
            continue  # where all is one column, the delimiter is told of
        remedy = instead(column, there, "its columns are")
        if is_template(said.get(key, "")):
            says = f"names {shown(column)} in a template, and {source.name} has no such column"
        else:
            says = f"is {shown(column)}, a column that {source.name} does not have"
        yield wrong((*path, *key), f"{says}; {remedy}")


def _is_delimited(file: str) -> bool:
    return Path(file).suffix in DELIMITERS


def _unfilled(path: KeyPath, source: Source, rows: Sequence[Row]) -> Iterator[Complaint]:
    """Find the template that cannot be filled with some row, as where a list is too short."""
    for key, written in source.written:
        if not is_template(written):
            continue
        fill = value_in(written)
        for number, row in enumerate(rows, start=1):
            try:
                fill(row)
            except ShowhowError as problem:
                yield wrong((*path, *key), f"does not fit row {number} of {source.name}: {problem}")
                break


def _located(name: str, settings: DatasetSettings, error: ShowhowError) -> Complaint:
    """Find the key that is to blame for an error: a column, a file, the answer, or all settings."""
    for path, source in _places(name, settings):
        try:
            rows = read_file(source.path(settings.folder), None, source.delimiter)
        except ShowhowError as problem:
            return wrong((*path, "file"), f"cannot be read: {problem}")
        for complaint in _absent(path, source, list(map(str, rows[0]))):
            return complaint
        for complaint in _unfilled(path, source, rows):
            return complaint
        for column, values in source.where.items():
            if not any(text_of(row[column]) in values for row in rows if column in row):
                return wrong(
                    (*path, "where", column),
                    f"is {shown(values)}, and no row of {source.name} has one of these values.",
                )
    whole = ("tasks", name, "settings")
    blamed = "answer" if "answer" in str(error) or settings.answer.function else "train"
    return wrong((*whole, blamed), f"cannot be: {error}", named=whole)


def _too_few(
    configuration: Configuration, name: str, asked: int, there: Available
) -> Iterator[Complaint]:
    if asked > there.test:
        path = ("tasks", name, "test_size", "test")
        yield wrong(
            path,
            f"is {asked}, but the data have only {there.test} test questions; write at most "
            f"{there.test}, or add data.",
        )
        return
    judged_by = _asked_of_validation(configuration, name)
    if judged_by > there.validation:
        yield wrong(
            ("tasks", name, "test_size", VALIDATION),
            f"is {judged_by}, but the data have only {there.validation} questions to choose a "
            f"learning rate or a checkpoint on; write test_size: {{validation: "
            f"{there.to_choose_on}}} or less for {name}, or add data.",
        )
        return
    beside = f"the {asked} that the test set asks"
    if judged_by:
        beside += f" and the {judged_by} of the split {VALIDATION}"
    for path, described in grids(configuration):
        for index, size in enumerate(described.n_train if name in described.tasks else ()):
            if size != ALL and int(size) > there.train:
                yield wrong(
                    (*path, "n_train", index),
                    f"is {size}, but the task {name} has only {there.train} training questions "
                    f"beside {beside}; write at most {there.train}, or add data.",
                )
                return
    yield from _too_few_to_ask(configuration, name, there.train)


def _largest_number(configuration: Configuration, name: str) -> int:
    """Give the largest training set of a task whose size is a number."""
    described = [each for _, each in grids(configuration) if name in each.tasks]
    return max((int(size) for each in described for size in each.n_train if size != ALL), default=0)


def _asked_of_validation(configuration: Configuration, name: str) -> int:
    """Say how many problems something is chosen on; 0 where nothing is."""
    if name not in grid.validated_tasks(configuration):
        return 0
    return grid.rows_of(configuration, name, Split(VALIDATION))


def _too_few_to_ask(configuration: Configuration, name: str, there: int) -> Iterator[Complaint]:
    """Some of the problems that a writer or a base is asked come to nothing: more are needed."""
    pool = Studies(configuration).shared_pool(name)
    if pool is None or pool.n_train <= there:
        return
    largest = max(grid.training_sizes(configuration, name))
    for path, described in grids(configuration):
        for index, size in enumerate(described.n_train if name in described.tasks else ()):
            if size in (ALL, largest):
                most = largest * there // pool.n_train
                yield wrong(
                    (*path, "n_train", index),
                    f"is {size}, for which {pool.n_train} training questions of the task {name} "
                    "may have to be asked of a writer or a base, as some come to nothing; it has "
                    f"only {there}. Write about {most}, or add data.",
                )


def _wrong_responses(
    configuration: Configuration, name: str, settings: DatasetSettings
) -> Iterator[Complaint]:
    """A variant `given` names a response that the task's files have."""
    names = list(dict.fromkeys(key for source in settings.train for key in source.responses))
    for variant in grid.variants_of(configuration, name):
        described = configuration.variant_of(variant)
        if described.kind != GIVEN:
            continue
        response = described.settings.get("response")
        if (response is None and len(names) == 1) or response in names:
            continue
        path = ("variants", variant, "settings", "response")
        says = "is missing" if response is None else f"is {shown(response)}"
        yield wrong(path, f"{says}; {_responses_of(name, response, names)}")


def _responses_of(name: str, response: str | None, names: Sequence[str]) -> str:
    remedy = instead(response, names, f"the responses of the task {name} are")
    return f"it names a response of tasks.{name}.settings.train: {remedy}"
