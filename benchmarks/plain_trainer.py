"""Fine-tune a model on prompts and responses and see how often it is right.

The script that anyone would write: transformers' trainer with the library's defaults (AdamW,
linear decay, random order, padding to the longest of a batch), loss on the response, generation
in batches in the order of the file. The other benchmarks compare the workflow with it; it uses
nothing of this repository.
"""

import json
import tempfile
import time
from pathlib import Path
from typing import Annotated

import torch
import typer
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    DataCollatorForSeq2Seq,
    Seq2SeqTrainer,
    Seq2SeqTrainingArguments,
    Trainer,
    TrainingArguments,
)


def load(folder: Path):
    """Load a model folder; return model and tokenizer."""
    encoder_decoder = AutoConfig.from_pretrained(folder).is_encoder_decoder
    architecture = AutoModelForSeq2SeqLM if encoder_decoder else AutoModelForCausalLM
    return architecture.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)


def prompt_texts(model, tokenizer, examples: list[dict]) -> list[str]:
    """Write the prompts as the model expects them: a decoder's with its chat template."""
    if model.config.is_encoder_decoder:
        return [example["prompt"] for example in examples]
    return [
        tokenizer.apply_chat_template(
            [{"role": "user", "content": example["prompt"]}],
            tokenize=False,
            add_generation_prompt=True,
        )
        for example in examples
    ]


def tokenise(model, tokenizer, examples: list[dict]) -> list[dict]:
    """Tokenise examples, with labels on the response alone."""
    prompts = prompt_texts(model, tokenizer, examples)
    inputs = tokenizer(prompts, add_special_tokens=False).input_ids
    responses = [example["response"] for example in examples]
    targets = tokenizer(responses, add_special_tokens=False).input_ids
    targets = [[*target, tokenizer.eos_token_id] for target in targets]
    pairs = zip(inputs, targets, strict=True)
    if model.config.is_encoder_decoder:
        return [{"input_ids": input, "labels": target} for input, target in pairs]
    return [
        {"input_ids": input + target, "labels": [-100] * len(input) + target}
        for input, target in pairs
    ]


def train(
    model, tokenizer, examples: list[dict], steps: int, batch_size: int, rate: float, seed: int
) -> None:
    """Fine-tune `model` in place with the library's defaults."""
    trainer_class, arguments_class = (
        (Seq2SeqTrainer, Seq2SeqTrainingArguments)
        if model.config.is_encoder_decoder
        else (Trainer, TrainingArguments)
    )
    with tempfile.TemporaryDirectory() as folder:
        trainer_class(
            model=model,
            args=arguments_class(
                output_dir=folder,
                max_steps=steps,
                per_device_train_batch_size=batch_size,
                learning_rate=rate,
                seed=seed,
            ),
            train_dataset=tokenise(model, tokenizer, examples),
            data_collator=DataCollatorForSeq2Seq(tokenizer, model=model),
        ).train()


@torch.no_grad()
def answer(
    model, tokenizer, examples: list[dict], batch_size: int, max_new_tokens: int
) -> list[str]:
    """Have the model answer greedily, batch after batch in the given order."""
    model.eval()
    prompts = prompt_texts(model, tokenizer, examples)
    written = []
    for start in range(0, len(prompts), batch_size):
        batch = tokenizer(
            prompts[start : start + batch_size],
            add_special_tokens=False,
            padding=True,
            padding_side="left",
            return_tensors="pt",
        ).to(model.device)
        output = model.generate(**batch, max_new_tokens=max_new_tokens, do_sample=False)
        if not model.config.is_encoder_decoder:
            output = output[:, batch.input_ids.shape[1] :]
        written += tokenizer.batch_decode(output, skip_special_tokens=True)
    return written


def token_limit(tokenizer, examples: list[dict]) -> int:
    """Let the model write a quarter more than the longest response, and a few tokens."""
    longest = max(len(ids) for ids in tokenizer([e["response"] for e in examples]).input_ids)
    return int(longest * 1.25) + 8


def accuracy(written: list[str], examples: list[dict]) -> float:
    """Give the share of right final answers."""
    answers = [" ".join(text.rpartition("Final answer :")[2].split()) for text in written]
    right = [answer == e["answer"] for answer, e in zip(answers, examples, strict=True)]
    return sum(right) / len(right)


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main(
    model: Annotated[Path, typer.Option(help="The base model's folder.")],
    train_file: Annotated[Path, typer.Option(help="JSON lines with prompt and response.")],
    test_file: Annotated[list[Path], typer.Option(help="The same with answer; one per split.")],
    steps: int = 300,
    batch_size: int = 16,
    learning_rate: float = 4e-3,
    evaluation_batch_size: int = 128,
    seed: int = 1,
    threads: Annotated[int | None, typer.Option(help="Threads; torch chooses by default.")] = None,
) -> None:
    """Fine-tune, evaluate, and print accuracy per split and seconds at work as one JSON line."""
    if threads:
        torch.set_num_threads(threads)
    started = time.perf_counter()
    loaded, tokenizer = load(model)
    train(loaded, tokenizer, read(train_file), steps, batch_size, learning_rate, seed)
    accuracies = {}
    for path in test_file:
        examples = read(path)
        limit = token_limit(tokenizer, examples)
        written = answer(loaded, tokenizer, examples, evaluation_batch_size, limit)
        accuracies[path.stem] = accuracy(written, examples)
    seconds = time.perf_counter() - started
    print(json.dumps({"accuracy": accuracies, "seconds": seconds}))


if __name__ == "__main__":
    typer.run(main)
