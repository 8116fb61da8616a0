"""LoRA adapters through peft: what is trained in the place of a base model's own weights."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model, get_peft_model_state_dict
from safetensors import SafetensorError, safe_open
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from showhow.base.errors import ShowhowError
from showhow.base.files import whole_folder
from showhow.base.rows import read_json, write_json
from showhow.base.wording import damaged, refusal
from showhow.models.loading import Base
from showhow.recipes.training import AdapterRecipe

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
ADAPTABLE = (torch.nn.Linear, Conv1D, torch.nn.Embedding)


def add_adapter(base: Base, recipe: AdapterRecipe, seed: int) -> Base:
    """Freeze the base and give it an adapter whose first weights are drawn from `seed`.

    Raises ShowhowError when a target is no module of the model, and when peft knows no targets
    for its architecture and the recipe names none.
    """
    _check_targets(base.model, recipe.targets)
    config = LoraConfig(
        task_type=TaskType.SEQ_2_SEQ_LM if base.encoder_decoder else TaskType.CAUSAL_LM,
        r=recipe.rank,
        lora_alpha=recipe.alpha,  # pyright: ignore[reportArgumentType] (any number will do)
        lora_dropout=recipe.dropout,
        target_modules=None if recipe.targets is None else list(recipe.targets),
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in base.model.modules()),
    )
    torch.manual_seed(seed)
    try:
        model = get_peft_model(base.model, config)
    except ValueError as problem:
        raise ShowhowError(
            f"peft does not know which modules of a {type(base.model).__name__} to adapt; name "
            f"them in training.adapter.targets: {_names_of_modules(base.model)}."
        ) from problem
    return replace(base, model=model)


def _check_targets(model: PreTrainedModel, targets: tuple[str, ...] | None) -> None:
    """peft itself is content when one of several targets is there."""
    paths = [f".{path}" for path, module in model.named_modules() if isinstance(module, ADAPTABLE)]
    for target in targets or ():
        if not any(path.endswith(f".{target}") for path in paths):
            raise ShowhowError(
                f"training.adapter.targets names {target}, but a {type(model).__name__} has no "
                f"such module; its modules are {_names_of_modules(model)}."
            )


def _names_of_modules(model: PreTrainedModel) -> str:
    modules = model.named_modules()
    paths = [path for path, module in modules if isinstance(module, ADAPTABLE)]
    return ", ".join(sorted({path.rpartition(".")[2] for path in paths}))


def save_adapter(
    base: Base,
    folder: Path,
    name_of_base: str,
    revision: str | None = None,
    describe: Callable[[Path], None] | None = None,
) -> None:
    """Write a peft adapter folder with its tokenizer, whole or not at all.

    name_of_base, revision: what peft loads the base by. `describe` may add files to the folder.
    Raises ShowhowError when the weights cannot be written.
    """
    try:
        with whole_folder(folder) as beside:
            base.model.save_pretrained(beside, save_embedding_layers=False)
            base.tokenizer.save_pretrained(beside)
            # A form that nobody has filled in.
            (beside / "README.md").unlink()
            described = read_json(beside / CONFIG)
            # peft writes where the base lay on this machine, and a set in the order of its hashes.
            described |= {"base_model_name_or_path": name_of_base, "revision": revision}
            described["target_modules"] = sorted(described["target_modules"])
            write_json(beside / CONFIG, described)
            if describe is not None:
                describe(beside)
    except SafetensorError as problem:
        reason = refusal(problem) or f"{problem}. Start again; what was done is kept."
        raise ShowhowError(f"The adapter could not be written to {folder}. {reason}") from problem


def load_adapter(base: Base, folder: Path) -> Base:
    """Put a saved adapter onto its base; safetensors only.

    Raises ShowhowError when the folder holds no adapter, or not one of this base.
    """
    try:
        config = LoraConfig.from_pretrained(str(folder))
        with safe_open(folder / WEIGHTS, framework="pt") as weights:
            stored = set(weights.keys())
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Found missing adapter keys")
            model = PeftModel.from_pretrained(base.model, folder, config=config)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, SafetensorError) as problem:
        reason = str(problem).strip().partition("\n")[0]
        raise damaged(folder, f"{type(problem).__name__}: {reason}") from problem
    expected = set(get_peft_model_state_dict(model, save_embedding_layers=False))
    if stored != expected:
        raise damaged(folder, "its weights are not those of an adapter of its base")
    return replace(base, model=model)
