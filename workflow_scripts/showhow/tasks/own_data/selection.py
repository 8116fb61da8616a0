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

    stratum: the value of the column that a made test set is stratified by. row: where it stands in
    the first file.
    """

    prompt: str
    answer: str
    responses: dict[str, str]
    stratum: str = ""
    row: int = 0


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
        rows = _distinct_rows(settings, source, lost, chosen)
        if source is sources[0]:
            chosen.questions = _questions(settings, source, rows, lost, chosen)
        for key, numbered in rows.items():
            if key in chosen.questions:
                _take_responses(source, numbered, key, lost, chosen)
            elif source is not sources[0]:
                lost.unmatched += 1
                chosen.drop(source, numbered[0], "the first file has no such question")
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


NumberedRow = tuple[int, Row]


def _distinct_rows(
    settings: DatasetSettings, source: Source, lost: Losses, chosen: Selected
) -> dict[str, NumberedRow]:
    """Give the rows that count by their normalised prompts, in the file's order."""
    distinct: dict[str, NumberedRow] = {}
    for number, row in _rows(settings, source, lost, chosen):
        key = normalised(text_of(row[source.prompt]), settings.instruction)
        if not key:
            lost.no_prompt += 1
            chosen.drop(source, number, "it has no prompt")
        elif key in distinct:
            first, other = distinct[key]
            lost.duplicates += 1
            if _answer(settings, source, row) == _answer(settings, source, other):
                chosen.drop(source, number, f"same question as row {first}, same answer")
            else:
                lost.contradictions += 1
                chosen.drop(source, number, f"same question as row {first}, other answer")
        else:
            distinct[key] = number, row
    return distinct


def _answer(settings: DatasetSettings, source: Source, row: Row) -> str | None:
    """Read a row's answer, as answers are compared; None where the file or the row has none."""
    if source.answer is None:
        return None
    return settings.answer.read(text_of(row[source.answer]), alone=True)


def _questions(
    settings: DatasetSettings,
    source: Source,
    rows: dict[str, NumberedRow],
    lost: Losses,
    chosen: Selected,
) -> dict[str, OwnQuestion]:
    questions = {}
    column = settings.stratify
    for key, (number, row) in rows.items():
        answer = _answer(settings, source, row)
        if answer is None:
            lost.no_answer += 1
            chosen.drop(source, number, "no answer can be read of it")
        else:
            prompt = with_instruction(text_of(row[source.prompt]), settings.instruction)
            stratum = text_of(row[column]) if column and column in row else ""
            questions[key] = OwnQuestion(prompt, answer, {}, stratum, number)
    return questions


def _rows(
    settings: DatasetSettings, source: Source, lost: Losses, chosen: Selected
) -> list[NumberedRow]:
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
    by_id: dict[str, NumberedRow] = {}
    for number, row in kept:
        first, _ = by_id.setdefault(text_of(row[source.id]), (number, row))
        if first != number:
            lost.duplicate_ids += 1
            chosen.drop(source, number, f"same id as row {first}")
    return list(by_id.values())


def _columns(settings: DatasetSettings, source: Source) -> list[str]:
    """List the columns that the file has to have."""
    columns = [source.prompt, source.answer, source.id, *source.responses.values(), *source.where]
    if source is settings.train[0] and not settings.test:
        columns.append(settings.stratify)
    return list(dict.fromkeys(column for column in columns if column is not None))


def _take_responses(
    source: Source, numbered: NumberedRow, key: str, lost: Losses, chosen: Selected
) -> None:
    number, row = numbered
    for name, column in source.responses.items():
        text = text_of(row[column]).strip()
        if text:
            chosen.questions[key].responses[name] = text
        else:
            lost.no_response += 1
            chosen.drop(source, number, f"it has no response {name}")


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
            right=sum(answer == own for answer, own in read),
        )
    return counts
