"""What lies beside the weights of a run, so that they can be used by whoever gets the folder."""

import json
from dataclasses import dataclass
from pathlib import Path

import yaml
from huggingface_hub import ModelCardData, metadata_load

from showhow.models.loading import Base

CARD = "README.md"
SOURCE = "source.json"
"""What a download leaves beside a base: the hub's name for it, and the commit."""

ADAPTER = """\
It is an adapter (peft), and loads with its base, which `adapter_config.json` names:
{base}.
{elsewhere}"""
FROM_THE_HUB = """\
The workflow's own copy of the base is `{place}`. Without a network, load it from there:

    base = {whole_class}.from_pretrained("{place}")
    model = PeftModel.from_pretrained(base, folder)

with `from transformers import {whole_class}` and `from peft import PeftModel`.
"""
FROM_A_FOLDER = """\
That path is the base's folder, as the workflow found it: stand in the workflow's folder to load it,
or, where the base lies elsewhere, write its place to `base_model_name_or_path` there.
"""
BY_DIGIT = """
Numbers were written digit by digit: `15 27` as `1 5 , 2 7`, in prompts and in responses. Write
yours so, and read the answer back (`spaced` and `joined` of `showhow.models.prompts`).
"""


@dataclass(frozen=True)
class Origin:
    """Where a base can be had: by the hub's name and a commit, or as a folder.

    licence: what its card says, in the hub's words; None where it says nothing.
    """

    place: str
    hub_id: str | None = None
    commit: str | None = None
    licence: str | None = None

    @property
    def name(self) -> str:
        """Give what loads it: the hub's name where it has one."""
        return self.hub_id or self.place


def origin_of(folder: Path) -> Origin:
    """Find out where the base in a folder comes from."""
    id, commit = _source_in(folder / SOURCE)
    return Origin(str(folder), id, commit, _licence_in(folder / CARD))


def _source_in(file: Path) -> tuple[str | None, str | None]:
    """A file of this name in a folder of the user's own may say anything else."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return str(said["id"]), str(said["commit"])
    except (OSError, ValueError, TypeError, KeyError):
        return None, None


def _licence_in(card: Path) -> str | None:
    """A card of somebody else's may say anything; a training does not fail for it."""
    try:
        said = metadata_load(card) if card.is_file() else None
    except (OSError, ValueError, yaml.YAMLError):
        return None
    named = said and (said.get("license_name") or said.get("license"))
    return str(named) if named else None


def write_card(
    folder: Path, run: dict[str, object], base: Base, origin: Origin, adapted: bool, place: str
) -> None:
    """Write the card of a run's weights: what they are, and how they are loaded and asked.

    place: the folder that they come to lie in, as the workflow names it.
    """
    data = ModelCardData(
        library_name="peft" if adapted else "transformers",
        base_model=origin.hub_id,
        license=origin.licence,
        tags=["showhow"],
    )
    parts = (
        f"---\n{data.to_yaml()}\n---\n",
        f"# {run['model']} on {run['n_train']} responses of {run['variant']}\n",
        _of_the_run(run, origin),
        "## To load it, and to ask it what the workflow asks\n",
        _snippet(base, adapted, place),
        *((_of_the_adapter(base, origin),) if adapted else ()),
    )
    (folder / CARD).write_text("\n".join(parts), encoding="utf-8")


def _of_the_run(run: dict[str, object], origin: Origin) -> str:
    commit = f", commit {origin.commit}" if origin.commit else ""
    licence = origin.licence or "not known; that of the base holds"
    return (
        "A run of a Showhow study: a base model, fine-tuned on responses written in one way.\n\n"
        + "".join(f"- {name}: {value}\n" for name, value in run.items())
        + f"- base: {origin.name}{commit}\n- licence of the base: {licence}\n"
    )


def _snippet(base: Base, adapted: bool, place: str) -> str:
    """Write the lines that answer a question as the workflow has it answered: greedily."""
    whole_class = _whole_class(base)
    loading, library = (
        (whole_class.replace("Auto", "AutoPeft"), "peft")
        if adapted
        else (whole_class, "transformers")
    )
    templated = base.format.chat
    before, after = base.format.before, base.format.after
    imported = (
        ["from peft import " + loading, "from transformers import AutoTokenizer"]
        if library == "peft"
        else [f"from transformers import {loading}, AutoTokenizer"]
    )
    asked = " + ".join(filter(None, (before and repr(before), "question", after and repr(after))))
    given = ", add_special_tokens=False" if templated else ""
    begun = "" if base.encoder_decoder else "[:, inputs.input_ids.shape[1] :]"
    lines = [
        *imported,
        "",
        f"folder = {place!r}",
        f"model = {loading}.from_pretrained(folder).eval()",
        "tokenizer = AutoTokenizer.from_pretrained(folder)",
        'question = "..."',
        f"text = {asked}" + ("  # its chat template" if templated else ""),
        f'inputs = tokenizer(text{given}, return_tensors="pt")',
        "written = model.generate(",
        "    input_ids=inputs.input_ids,",
        "    attention_mask=inputs.attention_mask,",
        "    max_new_tokens=100,",
        "    do_sample=False,",
        "    pad_token_id=tokenizer.pad_token_id,",
        f"    eos_token_id={sorted(base.end_tokens)},  # all by which it may end",
        f"){begun}",
        "answer = tokenizer.decode(",
        "    written[0], skip_special_tokens=True, clean_up_tokenization_spaces=False",
        ")",
        "print(answer)",
    ]
    snippet = "```python\n" + "\n".join(lines) + "\n```\n"
    return snippet + (BY_DIGIT if base.format.space_digits else "")


def _of_the_adapter(base: Base, origin: Origin) -> str:
    if origin.hub_id is None:
        elsewhere = FROM_A_FOLDER
    else:
        elsewhere = FROM_THE_HUB.format(place=origin.place, whole_class=_whole_class(base))
    return ADAPTER.format(base=f"`{origin.name}`", elsewhere=elsewhere)


def _whole_class(base: Base) -> str:
    return "AutoModelForSeq2SeqLM" if base.encoder_decoder else "AutoModelForCausalLM"
