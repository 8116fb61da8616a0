"""How long a study's texts are, before they exist: a few are made as the study will make them."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, cast

from tokenizers import Tokenizer

from showhow.corpus.exercises import CorpusLine, Solutions, corpus, stated
from showhow.models.arithmetic import Text
from showhow.models.prompts import spaced
from showhow.recipes.probes import MemorySettings
from showhow.recipes.voices import VoiceName, other
from showhow.responses import load_variant
from showhow.responses.base_variant import BaseVariant, KnownBase
from showhow.responses.response import Response
from showhow.responses.written_variant import WrittenVariant
from showhow.study.configuration import Configuration
from showhow.study.grid import rows_of, test_sizes
from showhow.study.paths import VALIDATION, Split
from showhow.tasks.own_data.settings import DatasetSettings
from showhow.tasks.problem import Problem
from showhow.tasks.task import RandomTask
from showhow.writing.questions import answer_alone

SAMPLE = 64
# Subwords per word of several characters, for a tokenizer that is not here: T5's for such texts.
PIECES_PER_WORD = 1.5
# The ladder's tokens: words, and brackets by themselves.
WORD = re.compile(r"\[|[^\s\[]+")
END = 1
FAMILIAR = "familiar"


class TextEstimates:
    """Samples of the texts of a configuration, in tokens of each model and in bytes on the disk.

    bases: where each model is, or will be, by name. A tokenizer that lies there counts exactly;
    the ladder's tokens are words; for any other model a word counts as one and a half.
    """

    def __init__(self, configuration: Configuration, bases: dict[str, Path]):
        self.configuration = configuration
        self.bases = bases
        self.problems = cache(self._problems)
        self.responses = cache(self._responses)
        self.texts = cache(self._texts)
        self.corpus = cache(self._corpus)
        self.counter = cache(self._counter)

    def _problems(self, task: str, split: str) -> list[Problem]:
        """Make the first problems of a split, or of the training problems."""
        kind, settings = self.configuration.loaded_task(task)
        there = kind.capacity(settings, split, set()) if isinstance(kind, RandomTask) else None
        wanted = SAMPLE
        if split == VALIDATION or split in test_sizes(self.configuration, task):
            wanted = rows_of(self.configuration, task, Split(split))
        return kind.generate(settings, split, min(SAMPLE, wanted, there or SAMPLE), set())

    def _responses(self, task: str, variant: str, split: str, model: str) -> list[Response]:
        """Write responses to the sample; what is made of a base's answers is as long as its own."""
        kind, of_task = self.configuration.loaded_task(task)
        writer = load_variant(self.configuration.variant_of(variant).kind)
        settings = writer.Settings(**self.configuration.variant_settings(variant))
        problems = self.problems(task, split)
        if isinstance(writer, WrittenVariant):
            reference = getattr(settings, "reference", None)
            if reference is not None:
                return self.responses(task, reference, split, model)
            form = of_task.answer if isinstance(of_task, DatasetSettings) else None
            return [answer_alone(problem, form) for problem in problems]
        if not isinstance(writer, BaseVariant):
            return [writer.write(settings, kind, problem) for problem in problems]
        if writer.reads is not None and writer.in_a_voice:
            writer = load_variant(FAMILIAR)
            assert isinstance(writer, BaseVariant)
            settings = writer.Settings()
        base = KnownBase(self.configuration.voice_of(model))
        written = [writer.write_for(settings, kind, problem, base) for problem in problems]
        return [one.response for one in written if one is not None]

    def _texts(self, task: str, variant: str, split: str, model: str) -> list[Text]:
        """Count the tokens of a sample of examples, as `model` reads them."""
        count = self.counter(model)
        written = self.responses(task, variant, split, model)
        return [Text(count(one.prompt) + END, count(one.response) + END) for one in written]

    def unanswered(self, task: str, split: str, model: str, response: int) -> list[Text]:
        """Count the tokens of a sample of problems, each with an answer of so many tokens."""
        count = self.counter(model)
        return [Text(count(one.prompt) + END, response) for one in self.problems(task, split)]

    def beginnings(
        self, task: str, split: str, model: str, settings: MemorySettings
    ) -> tuple[float, list[Text]]:
        """Count templates a fact, and the tokens of a sample of them with their completions."""
        count = self.counter(model)
        problems = self.problems(task, split)
        beginnings = [text for one in problems for text in one.beginnings[: settings.templates]]
        texts = [Text(count(beginning), settings.max_new_tokens) for beginning in beginnings]
        return len(texts) / len(problems), texts

    def _corpus(self, model: str) -> list[Text]:
        """Count the tokens of a sample of what the ladder is pretrained on."""
        recipe, count = self.configuration.corpus_of(model), self.counter(model)
        solutions: list[Solutions] = []
        if recipe.voice is not None:
            solutions += self._solutions(recipe.solutions, recipe.voice)
            solutions += self._solutions(recipe.other_voice, other(recipe.voice))
        examples = min(SAMPLE, recipe.examples)
        lines = corpus(examples, recipe.seed, recipe.skills, solutions)
        lines = [*lines, *self._stated(recipe.facts)]
        return [Text(count(line.prompt or "") + END, count(line.response) + END) for line in lines]

    def _stated(self, tasks: tuple[str, ...]) -> Iterator[CorpusLine]:
        """Sample the facts that a corpus states; they are most of what it holds."""
        for task in tasks:
            kind, settings = self.configuration.loaded_task(task)
            yield from stated(islice(cast(Any, kind).statements(settings), SAMPLE))

    def _solutions(self, weights: dict[str, float], voice: VoiceName) -> Iterator[Solutions]:
        for task, weight in weights.items():
            kind, settings = self.configuration.loaded_task(task)
            assert isinstance(kind, RandomTask)
            yield Solutions(kind, settings, voice, weight)

    def _counter(self, model: str) -> Callable[[str], float]:
        tokenizer_file = self.bases[model] / "tokenizer.json"
        read = spaced if self.configuration.training_of(model).space_digits else str
        if tokenizer_file.is_file():
            tokenizer = Tokenizer.from_file(str(tokenizer_file))
            return lambda text: len(tokenizer.encode(read(text), add_special_tokens=False))
        if self.configuration.models[model].kind == "ladder":
            return lambda text: len(WORD.findall(text))
        return lambda text: _pieces(read(text))

    def problem_bytes(self, task: str, split: str) -> float:
        """Give the mean length of a line of a problems file."""
        return _mean_line(self.problems(task, split))

    def response_bytes(self, task: str, variant: str, split: str, model: str = "") -> float:
        """Give the mean length of a line of a responses file; some are of one model's own."""
        return _mean_line(self.responses(task, variant, split, model))


def _pieces(text: str) -> float:
    words = WORD.findall(text)
    return sum(1 if len(word) == 1 else PIECES_PER_WORD for word in words)


def _mean_line(rows: list[Problem] | list[Response]) -> float:
    return sum(len(json.dumps(asdict(row))) + 1 for row in rows) / len(rows)
