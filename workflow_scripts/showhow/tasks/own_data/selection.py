"""From the rows of files to questions with an answer and responses, every loss counted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from showhow.base.errors import ShowhowError
from showhow.base.files import state_of
from showhow.base.hashing import shuffled
from showhow.tasks.own_data.reading import Row, read_file, text_of
from showhow.tasks.own_data.settings import DatasetSettings, Source
from showhow.tasks.own_data.templates import value_in

BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """One question with its answer, in the form in which answers are compared, and responses.

    stratum: the value of the column that a made test set is stratified by. row: where it stands in
    the first file. aliases: other answers that are as right.
    """

    prompt: str
    answer: str
    responses: dict[str, str]
    stratum: str = ""
    row: int = 0
    aliases: tuple[str, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        return (self.answer, *self.aliases)


@dataclass
class Losses:
    """Rows of one file that came to nothing, and why.

    duplicates: of a question that was there already; contradictions: those of them with another
    answer.
    """

    rows: int = 0
    filtered: int = 0
    duplicate_ids: int = 0
    no_prompt: int = 0
    no_answer: int = 0
    duplicates: int = 0
    contradictions: int = 0
    unmatched: int = 0
    no_response: int = 0


@dataclass(frozen=True)
class DroppedRow:
    """A row that is not used as it stands, and why. row: its number in the file, from 1."""

    file: str
    row: int
    reason: str


@dataclass
class Selected:
    """The questions of some files by their normalised prompts, and what was lost on the way.

    incomplete: questions without a response that other questions have. dropped: the rows that were
    lost, but for those that a source's `where` leaves out.
    """

    questions: dict[str, OwnQuestion] = field(default_factory=dict)
    losses: dict[str, Losses] = field(default_factory=dict)
    incomplete: int = 0
    dropped: list[DroppedRow] = field(default_factory=list)

    def drop(self, source: Source, row: int, reason: str) -> None:
        self.dropped.append(DroppedRow(source.name, row, reason))


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


REMEMBERED = 3
"""A task's train, test and validation files."""
_selected: dict[tuple[str, str, str], Selected] = {}


def _select(settings: DatasetSettings, sources: Sequence[Source]) -> Selected:
    if not sources[0].answer:
        raise ShowhowError(
            f"The first file, {sources[0].name}, names no column for the answer; write `answer:`."
        )
    chosen = Selected()
    for source in sources:
        lost = chosen.losses.setdefault(source.name, Losses())
        rows = _distinct_rows(settings, source, lost, chosen)
        if source is sources[0]:
            chosen.questions = _questions(settings, source, rows, lost, chosen)
        for key, row in rows.items():
            if key in chosen.questions:
                _take_responses(source, row, key, lost, chosen)
            elif source is not sources[0]:
                lost.unmatched += 1
                chosen.drop(source, row.number, "the first file has no such question")
    _drop_incomplete(chosen, sources)
    if not chosen.questions:
        files = ", ".join(source.name for source in sources)
        raise ShowhowError(f"No question is left of {files}: {chosen.losses}.")
    return chosen


def with_instruction(prompt: str, instruction: str) -> str:
    """End a prompt in the instruction, once."""
    plain = prompt.rstrip()
    ending = instruction.strip()
    return plain if not ending or plain.endswith(ending) else plain + instruction.rstrip()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a source's row says: its prompt, its right answers, and its responses by their names.

    number: where it stands in the file, from 1. answers: None where the file has none.
    """

    number: int
    prompt: str
    answers: tuple[str, ...] | None
    responses: dict[str, str]
    stratum: str


def _distinct_rows(
    settings: DatasetSettings, source: Source, lost: Losses, chosen: Selected
) -> dict[str, ReadRow]:
    """Give the rows that count by their normalised prompts, in the file's order."""
    distinct: dict[str, ReadRow] = {}
    for row in rows_read(settings, source, lost, chosen):
        key = normalised(row.prompt, settings.instruction)
        if not key:
            lost.no_prompt += 1
            chosen.drop(source, row.number, "it has no prompt")
        elif key in distinct:
            first = distinct[key]
            lost.duplicates += 1
            lost.contradictions += row.answers != first.answers
            chosen.drop(source, row.number, f"same question as row {_compared(row, first)}")
        else:
            distinct[key] = row
    return distinct


def _compared(row: ReadRow, first: ReadRow) -> str:
    """Say in what a row differs from the first with its question."""
    if row.answers != first.answers:
        return f"{first.number}, other answer"
    if row.responses != first.responses and row.answers is None:
        return f"{first.number}, other response"
    return f"{first.number}, same answer" if row.answers is not None else f"{first.number}"


def _questions(
    settings: DatasetSettings,
    source: Source,
    rows: dict[str, ReadRow],
    lost: Losses,
    chosen: Selected,
) -> dict[str, OwnQuestion]:
    questions = {}
    for key, row in rows.items():
        if not row.answers:
            lost.no_answer += 1
            chosen.drop(source, row.number, "no answer can be read of it")
        else:
            prompt = with_instruction(row.prompt, settings.instruction)
            answer, *others = row.answers
            questions[key] = OwnQuestion(prompt, answer, {}, row.stratum, row.number, tuple(others))
    return questions


def rows_read(
    settings: DatasetSettings, source: Source, lost: Losses, chosen: Selected
) -> Iterator[ReadRow]:
    """Take of each row what the source says; what is lost is told to lost and chosen.

    Raises ShowhowError, with the row, where a row does not fit.
    """
    prompt = value_in(source.prompt)
    answer = None if source.answer is None else value_in(source.answer)
    responses = {name: value_in(written) for name, written in source.responses.items()}
    stratify = settings.stratify
    for number, row in _rows(settings, source, lost, chosen):
        try:
            yield ReadRow(
                number,
                text_of(prompt(row)),
                None if answer is None else _right_answers(settings, answer(row)),
                {name: _trimmed(settings, text_of(one(row))) for name, one in responses.items()},
                text_of(row[stratify]) if stratify and stratify in row else "",
            )
        except ShowhowError as problem:
            raise ShowhowError(f"{source.name}, row {number}: {problem}") from problem


def _trimmed(settings: DatasetSettings, text: str) -> str:
    """Take the space around a response away, but not the indentation that a program begins with."""
    return BLANK_LINES.sub("", text).rstrip() if settings.answer.kind == "program" else text.strip()


def _right_answers(settings: DatasetSettings, cell: object) -> tuple[str, ...]:
    """Read the right answers, as answers are compared: of a list, each that can be read.

    The tests of a program are one answer, in whatever form.
    """
    several = cell if isinstance(cell, list) and settings.answer.kind != "program" else [cell]
    read = [settings.answer.read_right(_as_answer(one)) for one in several]
    return tuple(dict.fromkeys(answer for answer in read if answer is not None))


def _as_answer(cell: object) -> str:
    """Write a cell as a person writes an answer: tables make 33 a 33.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else text_of(cell)


def _rows(
    settings: DatasetSettings, source: Source, lost: Losses, chosen: Selected
) -> list[tuple[int, Row]]:
    """Give the rows that are meant, each with its number; of rows with one id the first."""
    rows = read_file(source.path(settings.folder), _columns(settings, source), source.delimiter)
    kept = [
        (number, row)
        for number, row in enumerate(rows, start=1)
        if all(text_of(row[column]) in values for column, values in source.where.items())
    ]
    lost.rows += len(rows)
    lost.filtered += len(rows) - len(kept)
    if source.id is None:
        return kept
    by_id: dict[str, tuple[int, Row]] = {}
    for number, row in kept:
        first, _ = by_id.setdefault(text_of(row[source.id]), (number, row))
        if first != number:
            lost.duplicate_ids += 1
            chosen.drop(source, number, f"same id as row {first}")
    return list(by_id.values())


def _columns(settings: DatasetSettings, source: Source) -> list[str] | None:
    """List the columns that the file has to have; None where a template may read any."""
    named = [column for _, column in source.columns]
    if source is settings.train[0] and not settings.test and settings.stratify:
        named.append(settings.stratify)
    return None if source.reads_whole_rows else list(dict.fromkeys(named))


def _take_responses(source: Source, row: ReadRow, key: str, lost: Losses, chosen: Selected) -> None:
    for name, text in row.responses.items():
        if text:
            chosen.questions[key].responses[name] = text
        else:
            lost.no_response += 1
            chosen.drop(source, row.number, f"it has no response {name}")


def _drop_incomplete(chosen: Selected, sources: Sequence[Source]) -> None:
    """Every variant has the same questions, so that comparisons are paired."""
    names = {name for source in sources for name in source.responses}
    for key, question in list(chosen.questions.items()):
        absent = sorted(names - question.responses.keys())
        if absent:
            chosen.incomplete += 1
            chosen.drop(sources[0], question.row, f"no file gives it {', '.join(absent)}")
            del chosen.questions[key]


def split_of(settings: DatasetSettings, split: str) -> tuple[Selected, list[str]]:
    """Give a split's questions and their order; without files of its own, validation's are train's.

    Those of train are all that it may be drawn from.
    """
    chosen = select(settings, settings.sources.get(split, settings.train))
    order = shuffled(chosen.questions, settings.seed)
    if settings.test or (split == "validation" and settings.validation):
        return chosen, order
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
        read = [(settings.answer.read(text), each.answers) for each, text in texts]
        counts[name] = ResponseCounts(
            n=len(texts),
            mean_words=sum(len(text.split()) for _, text in texts) / len(texts),
            answered=sum(answer is not None for answer, _ in read),
            right=sum(settings.answer.are_right(read)),
        )
    return counts


def as_read(settings: DatasetSettings) -> dict[str, list]:
    """Give all that is said of both splits' questions, without judging any answer."""
    return {
        split: [asdict(question) for question in split_of(settings, split)[0].questions.values()]
        for split in dict.fromkeys(("train", "test", *settings.sources))
    }
