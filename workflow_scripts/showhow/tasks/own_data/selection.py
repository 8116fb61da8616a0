"""From the rows of files to questions with an answer and responses, every loss counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from showhow.base.errors import ShowhowError
from showhow.base.files import state_of
from showhow.base.hashing import shuffled
from showhow.tasks.own_data.reading import Row, read_file, text_of
from showhow.tasks.own_data.settings import DatasetSettings, Source


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """One question with its answer, in the form in which answers are compared, and responses.

    stratum: the value of the column that a made test set is stratified by.
    """

    prompt: str
    answer: str
    responses: dict[str, str]
    stratum: str = ""


@dataclass
class Losses:
    """Rows of one file that came to nothing, and why."""

    rows: int = 0
    filtered: int = 0
    duplicate_ids: int = 0
    no_prompt: int = 0
    no_answer: int = 0
    duplicates: int = 0
    unmatched: int = 0
    no_response: int = 0


@dataclass
class Selected:
    """The questions of some files by their normalised prompts, and what was lost on the way.

    incomplete: questions without a response that other questions have.
    """

    questions: dict[str, OwnQuestion] = field(default_factory=dict)
    losses: dict[str, Losses] = field(default_factory=dict)
    incomplete: int = 0


def normalised(prompt: str, instruction: str = "") -> str:
    """Give what equal questions have in common: no instruction, case or spacing."""
    plain, ending = " ".join(prompt.split()), " ".join(instruction.split())
    if ending:
        plain = plain.removesuffix(ending)
    return plain.strip().casefold()


def select(settings: DatasetSettings, sources: Sequence[Source]) -> Selected:
    """Read the files of one split and join them on the question: once, as long as none changes.

    The first file decides which questions there are. Raises ShowhowError when nothing is left. What
    is given is shared: leave it as it is.
    """
    paths = [source.path(settings.folder) for source in sources]
    states = [state_of(path) for path in paths if path.exists()]
    key = settings.model_dump_json(), str(sources), str(states)
    if key not in _selected:
        while len(_selected) >= REMEMBERED:
            _selected.pop(next(iter(_selected)))
        _selected[key] = _select(settings, sources)
    return _selected[key]


REMEMBERED = 2
"""A task's train and test files."""
_selected: dict[tuple[str, str, str], Selected] = {}


def _select(settings: DatasetSettings, sources: Sequence[Source]) -> Selected:
    if not sources[0].answer:
        raise ShowhowError(
            f"The first file, {sources[0].name}, names no column for the answer; write `answer:`."
        )
    chosen = Selected()
    for source in sources:
        lost = chosen.losses.setdefault(source.name, Losses())
        rows = _distinct_rows(settings, source, lost)
        if source is sources[0]:
            chosen.questions = _questions(settings, source, rows, lost)
        else:
            lost.unmatched += len(rows.keys() - chosen.questions.keys())
        for key in rows.keys() & chosen.questions.keys():
            _take_responses(source, rows[key], chosen.questions[key].responses, lost)
    _drop_incomplete(chosen, {name for source in sources for name in source.responses})
    if not chosen.questions:
        files = ", ".join(source.name for source in sources)
        raise ShowhowError(f"No question is left of {files}: {chosen.losses}.")
    return chosen


def with_instruction(prompt: str, instruction: str) -> str:
    """End a prompt in the instruction, once."""
    plain = prompt.rstrip()
    ending = instruction.strip()
    return plain if not ending or plain.endswith(ending) else plain + instruction.rstrip()


def _distinct_rows(settings: DatasetSettings, source: Source, lost: Losses) -> dict[str, Row]:
    """Give the rows that count by their normalised prompts, in the file's order."""
    distinct: dict[str, Row] = {}
    for row in _rows(settings, source, lost):
        key = normalised(text_of(row[source.prompt]), settings.instruction)
        if not key:
            lost.no_prompt += 1
        elif key in distinct:
            lost.duplicates += 1
        else:
            distinct[key] = row
    return distinct


def _questions(
    settings: DatasetSettings, source: Source, rows: dict[str, Row], lost: Losses
) -> dict[str, OwnQuestion]:
    questions = {}
    column = settings.stratify
    assert source.answer is not None  # as the first file of a split has one
    for key, row in rows.items():
        answer = settings.answer.read_right(text_of(row[source.answer]))
        if answer is None:
            lost.no_answer += 1
        else:
            prompt = with_instruction(text_of(row[source.prompt]), settings.instruction)
            stratum = text_of(row[column]) if column and column in row else ""
            questions[key] = OwnQuestion(prompt, answer, {}, stratum)
    return questions


def _rows(settings: DatasetSettings, source: Source, lost: Losses) -> list[Row]:
    rows = read_file(source.path(settings.folder), _columns(settings, source), source.delimiter)
    kept = [
        row
        for row in rows
        if all(text_of(row[column]) in values for column, values in source.where.items())
    ]
    lost.rows += len(rows)
    lost.filtered += len(rows) - len(kept)
    if source.id is None:
        return kept
    by_id: dict[str, Row] = {}
    for row in kept:
        by_id.setdefault(text_of(row[source.id]), row)
    lost.duplicate_ids += len(kept) - len(by_id)
    return list(by_id.values())


def _columns(settings: DatasetSettings, source: Source) -> list[str]:
    """List the columns that the file has to have."""
    columns = [source.prompt, source.answer, source.id, *source.responses.values(), *source.where]
    if source is settings.train[0] and not settings.test:
        columns.append(settings.stratify)
    return list(dict.fromkeys(column for column in columns if column is not None))


def _take_responses(source: Source, row: Row, into: dict[str, str], lost: Losses) -> None:
    for name, column in source.responses.items():
        text = text_of(row[column]).strip()
        if text:
            into[name] = text
        else:
            lost.no_response += 1


def _drop_incomplete(chosen: Selected, names: set[str]) -> None:
    """Every variant has the same questions, so that comparisons are paired."""
    short = [key for key, each in chosen.questions.items() if names - each.responses.keys()]
    for key in short:
        del chosen.questions[key]
    chosen.incomplete = len(short)


def split_of(settings: DatasetSettings, split: str) -> tuple[Selected, list[str]]:
    """Give a split's questions and their order: "test", or all that train may be drawn from."""
    if settings.test:
        chosen = select(settings, settings.test if split == "test" else settings.train)
        return chosen, shuffled(chosen.questions, settings.seed)
    chosen = select(settings, settings.train)
    order = shuffled(chosen.questions, settings.seed)
    test = questions_to_test(settings, chosen, order)
    return chosen, [key for key in order if (key in test) == (split == "test")]


def questions_to_test(settings: DatasetSettings, chosen: Selected, order: list[str]) -> set[str]:
    """Take the first questions of each stratum, as many as its share; at least one in all."""
    strata: dict[str, list[str]] = {}
    for key in order:
        strata.setdefault(chosen.questions[key].stratum, []).append(key)
    shares = {name: round(len(keys) * settings.test_share) for name, keys in strata.items()}
    taken = {key for name, keys in strata.items() for key in keys[: shares[name]]}
    return taken or set(order[:1])


@dataclass(frozen=True)
class ResponseCounts:
    """The responses of one name. Words are separated by white space."""

    n: int
    mean_words: float
    answered: int
    right: int


def count_responses(
    settings: DatasetSettings, questions: list[OwnQuestion]
) -> dict[str, ResponseCounts]:
    """Count which responses end in an answer, and in the question's own."""
    counts = {}
    names = dict.fromkeys(name for each in questions for name in each.responses)
    for name in names:
        texts = [(each, each.responses[name]) for each in questions if name in each.responses]
        read = [(settings.answer.read(text), each.answer) for each, text in texts]
        counts[name] = ResponseCounts(
            n=len(texts),
            mean_words=sum(len(text.split()) for _, text in texts) / len(texts),
            answered=sum(answer is not None for answer, _ in read),
            right=sum(settings.answer.are_right([(answer, (own,)) for answer, own in read])),
        )
    return counts


@dataclass(frozen=True)
class SplitSource:
    """What became of the files of one split. in_test: training questions that are test ones too."""

    questions: int
    files: dict[str, Losses]
    incomplete: int
    in_test: int
    responses: dict[str, ResponseCounts]


def describe(settings: DatasetSettings) -> dict[str, SplitSource]:
    """Describe both splits, before any is cut to a size."""
    test, test_order = split_of(settings, "test")
    train, train_order = split_of(settings, "train")
    shared = set(train_order) & set(test_order)
    return {
        "train": _described(settings, train, [k for k in train_order if k not in shared], shared),
        "test": _described(settings, test, test_order, set()),
    }


def _described(
    settings: DatasetSettings, chosen: Selected, order: list[str], in_test: set[str]
) -> SplitSource:
    counts = count_responses(settings, [chosen.questions[key] for key in order])
    return SplitSource(len(order), chosen.losses, chosen.incomplete, len(in_test), counts)


def as_read(settings: DatasetSettings) -> dict[str, Selected]:
    """Give all that `describe` speaks of both splits, without judging any answer."""
    return {split: split_of(settings, split)[0] for split in ("train", "test")}
