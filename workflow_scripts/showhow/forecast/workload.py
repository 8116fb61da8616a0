"""What a job asks of a device: operations, bytes, kernels and memory, before it has run.

A job is known by the path of its cost record below results/costs, such as
`fine_tune/<study>/<task>/<variant>/<model>/n1000/seed1.json`.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, islice
from math import ceil
from statistics import fmean

from showhow.forecast.gpus import Device
from showhow.forecast.text_estimates import FAMILIAR, TextEstimates
from showhow.models import arithmetic
from showhow.models.arithmetic import Text
from showhow.models.shapes import Shape
from showhow.models.sizes import parameters_of
from showhow.recipes.base_models import LadderModel
from showhow.recipes.described import Precision
from showhow.recipes.training import OptimisationRecipe, TrainingRecipe
from showhow.study.configuration import Configuration
from showhow.study.grid import rows_of, test_sizes
from showhow.study.paths import VALIDATION, JobName, Run, Split
from showhow.training.budget import asked_after, optimiser_steps

COMPUTING_STAGES = (
    *("pretrain", "answer_problems", "measure_perplexity", "measure_memory"),
    *("measure_memory_in_full", "try_learning_rate", "predict_trial", "fine_tune", "predict"),
)

# The share of what a device is sold with that reaches the model: a third of the peak is what
# transformers' trainer gets out of models of some hundred million parameters, and half of the
# bandwidth what small products of matrices leave. Recorded costs replace both.
SHARE_OF_PEAK = 0.3
SHARE_OF_BANDWIDTH = 0.5
# A backward pass starts twice as many kernels as the forward pass; one step of generation keeps
# its caches and chooses the token between two of them.
KERNELS_OF_TRAINING = 3
KERNELS_OF_GENERATION = 2


@dataclass(frozen=True)
class Workload:
    """What one job asks for.

    operations: floating point operations. bytes: what has to be read from memory step by step.
    layer_passes: forward passes of a layer one after the other, each some kernels to start.
    tokens: as its record will count them. memory: bytes that it holds at its peak. bf16: whether
    it computes in it.
    """

    operations: float
    bytes: float
    layer_passes: float
    tokens: float
    memory: float
    bf16: bool

    def seconds(self, device: Device, count: int = 1) -> float:
        """Work out the time on `count` devices: of computing, reading, starting kernels the most.

        Several devices share the examples, so each still goes through every step.
        """
        return device.start_seconds + max(
            self.operations / (SHARE_OF_PEAK * device.peak(self.bf16) * count),
            self.bytes / (SHARE_OF_BANDWIDTH * device.bandwidth),
            self.layer_passes * device.layer_seconds,
        )


class Workloads:
    """The workload of every computing job of a configuration; shapes are given by model."""

    def __init__(
        self, configuration: Configuration, shapes: dict[str, Shape | None], texts: TextEstimates
    ):
        self.configuration = configuration
        self.shapes = {model: shape for model, shape in shapes.items() if shape is not None}
        self.texts = texts
        self.fine_tuning = cache(self._fine_tuning)
        self.prediction = cache(self._prediction)
        self.probe = cache(self._probe)
        self.answers = cache(self._answers)
        self.memory = cache(self._memory)

    def of(self, cost: str, device: Device) -> Workload | None:
        """Give a job's workload on a kind of device.

        None for a job that computes nothing, for one of another configuration, and for a model
        whose size nobody knows.
        """
        job = JobName.read(cost)
        if job is None or job.rule not in COMPUTING_STAGES:
            return None
        named = job.wildcards
        if job.model not in self.configuration.models or self.shapes.get(job.model) is None:
            return None
        if job.rule == "pretrain":
            return self._pretraining(job.model, device)
        task = named["task"]
        if task not in self.configuration.tasks:
            return None
        if job.rule in ("fine_tune", "try_learning_rate", "predict", "predict_trial"):
            # Any seed's and any rate's: that of another is as much work.
            run = Run.of({**named, "seed": "0"})
            if job.rule in ("fine_tune", "try_learning_rate"):
                return self.fine_tuning(run, device)
            return self.prediction(run, asked_of(job.rule, self.configuration, run.task), device)
        split = Split.read(named["split"])
        if job.rule == "measure_perplexity":
            return self.probe(job.model, task, named["variant"], split, device)
        if job.rule == "answer_problems":
            return self.answers(task, job.model, split, device)
        return self.memory(job.model, task, split, job.rule == "measure_memory_in_full", device)

    def _pretraining(self, model: str, device: Device) -> Workload:
        recipe = self.configuration.pretraining_of(model)
        described = self.configuration.models[model]
        random = isinstance(described, LadderModel) and described.start == "random"
        steps = 0 if random else recipe.steps
        texts = self.texts.corpus(model)
        return self._training(model, recipe, steps, recipe.batch_size, texts, device)

    def _fine_tuning(self, run: Run, device: Device) -> Workload:
        recipe = self.configuration.training_of(run.model)
        texts = self.texts.texts(run.task, run.variant, "train", run.model)
        steps = self._steps(run, recipe, texts)
        batch = min(recipe.batch_size, run.n_train)
        training = self._training(run.model, recipe, steps, batch, texts, device)
        if recipe.checkpoint is None:
            return training
        times = asked_after(recipe.checkpoint.every, steps, run.n_train, recipe.batch_size)
        validation = asked_of("predict_trial", self.configuration, run.task)
        asked = self.prediction(run, validation, device)
        return with_asking(training, asked, len(times), self._kept_weights(run.model))

    def _kept_weights(self, model: str) -> float:
        """Give the bytes of the best weights so far; an adapter's are hardly any."""
        whole = self.configuration.training_of(model).adapter is None
        return arithmetic.weight_bytes(self._parameters(model)) if whole else 0.0

    def _steps(self, run: Run, recipe: TrainingRecipe, texts: list[Text]) -> int:
        own = fmean(text.response for text in texts)
        reference = own
        if run.match == "target_tokens":
            variant = recipe.reference_variant
            of_reference = self.texts.texts(run.task, variant, "train", run.model)
            reference = fmean(text.response for text in of_reference)
        return optimiser_steps(recipe, run.match, [own] * run.n_train, [reference] * run.n_train)

    def _training(
        self,
        model: str,
        recipe: OptimisationRecipe,
        steps: int,
        batch: int,
        texts: list[Text],
        device: Device,
    ) -> Workload:
        shape, bf16 = self.shapes[model], _in_bf16(recipe.precision, device)
        examples = steps * batch
        adapter = isinstance(recipe, TrainingRecipe) and recipe.adapter is not None
        of_one = fmean(
            arithmetic.training_operations(shape, text, recipe.gradient_checkpointing, adapter)
            for text in texts
        )
        micro_batches = ceil(batch / (recipe.micro_batch_size or batch))
        passes = KERNELS_OF_TRAINING + recipe.gradient_checkpointing
        return Workload(
            operations=examples * of_one,
            bytes=0.0,
            layer_passes=steps * micro_batches * passes * shape.layers,
            tokens=examples * fmean(text.prompt + text.response for text in texts),
            memory=arithmetic.training_memory(
                shape, self._parameters(model), recipe, longest(texts), bf16, adapter
            ),
            bf16=bf16,
        )

    def _prediction(self, run: Run, asked: tuple[tuple[str, int], ...], device: Device) -> Workload:
        """Each split has a weight by its problems: they are answered in one go."""
        sizes = dict(asked)
        texts = {
            split: self.texts.texts(run.task, run.variant, split, run.model) for split in sizes
        }
        each = max(map(len, texts.values()))
        drawn = [
            text
            for split, size in sizes.items()
            for text in islice(cycle(texts[split]), ceil(each * size / max(sizes.values())))
        ]
        return self._evaluation(run.model, drawn, sum(sizes.values()), device)

    def _answers(self, task: str, model: str, split: Split, device: Device) -> Workload:
        """Each problem is answered greedily, and sampled some times, in the base's own voice.

        A base without one may write as much as any answer.
        """
        if self.configuration.voice_of(model) is None:
            longest_answer = self.configuration.evaluation.max_new_tokens or 0
            texts = self.texts.unanswered(task, split.name, model, longest_answer)
        else:
            texts = self.texts.texts(task, FAMILIAR, split.name, model)
        each = 1 + self.configuration.answering.samples
        problems = rows_of(self.configuration, task, split)
        return self._evaluation(model, texts, problems * each, device)

    def _memory(
        self, model: str, task: str, split: Split, in_full: bool, device: Device
    ) -> Workload:
        """Each fact's templates are completed some times; its record counts completions."""
        settings = self.configuration.memory
        problems = rows_of(self.configuration, task, split)
        if in_full and settings.compared is not None:
            problems = min(problems, settings.compared.problems)
            settings = settings.in_full()
        templates, texts = self.texts.beginnings(task, split.name, model, settings)
        samples = settings.samples if settings.temperature else 1
        completions = round(problems * templates * samples)
        generation = self._generation(
            model, texts, completions, settings.batch_size, settings.precision, device
        )
        return replace(generation, tokens=completions)

    def _evaluation(self, model: str, texts: list[Text], problems: int, device: Device) -> Workload:
        settings = self.configuration.evaluation
        if settings.max_new_tokens:
            texts = [Text(t.prompt, min(t.response, settings.max_new_tokens)) for t in texts]
        # A model of which all weights were trained is asked in fp32 (showhow.models.precision).
        whole = self.configuration.training_of(model).adapter is None
        precision = "fp32" if whole and settings.precision == "auto" else settings.precision
        return self._generation(model, texts, problems, settings.batch_size, precision, device)

    def _generation(
        self,
        model: str,
        texts: list[Text],
        problems: int,
        batch_size: int,
        precision: Precision,
        device: Device,
    ) -> Workload:
        """A batch goes on until its longest answer ends; every batch has a long one."""
        shape = self.shapes[model]
        batch, last = min(batch_size, problems), longest(texts)
        steps = ceil(problems / batch) * last.response
        bf16 = _in_bf16(precision, device)
        kept = arithmetic.BF16 if bf16 else arithmetic.FP32
        half_way = Text(last.prompt, last.response / 2)
        of_one = fmean(arithmetic.generation_operations(shape, text) for text in texts)
        return Workload(
            operations=problems * of_one,
            bytes=steps * arithmetic.bytes_per_generated_step(shape, half_way, batch, kept),
            layer_passes=steps * KERNELS_OF_GENERATION * shape.decoder_layers,
            tokens=problems * fmean(text.response for text in texts),
            memory=arithmetic.generation_memory(shape, self._parameters(model), batch, last, bf16),
            bf16=bf16,
        )

    def _probe(self, model: str, task: str, variant: str, split: Split, device: Device) -> Workload:
        """One forward pass over each response."""
        shape = self.shapes[model]
        settings = self.configuration.probes
        texts = self.texts.texts(task, variant, split.name, model)
        count = rows_of(self.configuration, task, split)
        bf16 = _in_bf16(settings.precision, device)
        batch = min(settings.batch_size, count)
        return Workload(
            operations=count * fmean(arithmetic.forward_operations(shape, text) for text in texts),
            bytes=0.0,
            layer_passes=ceil(count / batch) * shape.layers,
            tokens=count * fmean(text.response for text in texts),
            memory=arithmetic.generation_memory(
                shape, self._parameters(model), batch, longest(texts), bf16
            ),
            bf16=bf16,
        )

    def _parameters(self, model: str) -> int:
        return parameters_of(self.configuration.models[model]) or 0


def with_asking(training: Workload, asked: Workload, times: int, kept: float) -> Workload:
    """Add to a training what it is to ask its model so many times; kept: bytes of a copy of it.

    What is held for the answers beside the weights comes on top of what training holds.
    """
    return replace(
        training,
        operations=training.operations + times * asked.operations,
        bytes=training.bytes + times * asked.bytes,
        layer_passes=training.layer_passes + times * asked.layer_passes,
        tokens=training.tokens + times * asked.tokens,
        memory=max(training.memory, asked.memory) + kept,
    )


def asked_of(rule: str, configuration: Configuration, task: str) -> tuple[tuple[str, int], ...]:
    """Say how many problems of which splits a model is asked: a trial's, the validation split."""
    if rule in ("predict_trial", "score_trial"):
        return ((VALIDATION, rows_of(configuration, task, Split(VALIDATION))),)
    return tuple(test_sizes(configuration, task).items())


def longest(texts: list[Text]) -> Text:
    """Give the lengths to which a batch is padded at most: the longest prompt and response."""
    return Text(max(text.prompt for text in texts), max(text.response for text in texts))


def _in_bf16(precision: Precision, device: Device) -> bool:
    """`auto` takes bf16 where the device has it (showhow.models.precision)."""
    return precision == "bf16" or (precision == "auto" and device.bf16_tflops is not None)
