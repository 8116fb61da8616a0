"""Every stage has one class of options, from which all that is said of an option follows."""

import shutil
import warnings
from importlib import import_module
from itertools import combinations
from pathlib import Path

import pytest

from showhow.base.errors import ShowhowError
from showhow.jobs.options import ComputingOptions, Role, StageOptions, role_of_each

STAGES = sorted(
    path.stem
    for path in (Path(__file__).parents[2] / "workflow_scripts/stages").glob("*.py")
    if path.stem != "__init__"
)
MODEL = {"kind": "ladder", "hidden": 16, "layers": 1, "heads": 2}
RUN = {"study": "s", "task": "t", "variant": "v", "model": "m"}
TOLD = {
    "adapter": None,
    "analysis": {"margins": {"C1": 0.1}},
    "answer_form": {"kind": "number"},
    "answering": {"samples": 3},
    "arm": {**RUN, "n_train": 8, "match": "steps", "seed": 0},
    "attempts": 2,
    "choosing": {"every": 2, "settings": {"batch_size": 4}},
    "claims": ["C1"],
    "claims_tested": ["C1"],
    "asked": 4,
    "compare": [["v", "w"]],
    "count": 7,
    "description": MODEL,
    "descriptions": {"bits": "in/description.json"},
    "draw": 1,
    "evaluation": {"batch_size": 4},
    "explained": {"t": ["v"]},
    "facts": [{"kind": "facts", "settings": {"people": 3}}],
    "figure": "overview",
    "figures": ["overview"],
    "first": 5,
    "id": "somebody/model",
    "identity": {"model": "m", "base": "m", "task": "t", "variant": "v", "split": "test"},
    "instances": {"m": 0},
    "kind": "parity",
    "kinds": {"brief": "short"},
    "margins": {"C1": 0.1},
    "name": "small",
    "parts": [
        {
            **{"model": "m", "task": "t", "split": "test"},
            **{"memory": "in/memory.jsonl", "problems": "in/problems.jsonl"},
        }
    ],
    "random_weights": True,
    "rates": [0.01, 0.02],
    "recipe": {"seed": 2},
    "revision": "main",
    "run": {**RUN, "n_train": 8, "match": "steps", "seed": 1},
    "runs": {"1": "in/seed1"},
    "run_files": ["scores.json"],
    "scores": [
        {"model": "m", "base": "m", "task": "t", "variant": "v", "scores": "in/scores.json"}
    ],
    "seed": 3,
    "settings": {"batch_size": 4},
    "solutions": [
        {
            **{"kind": "parity", "settings": {"bits_max": 8}, "voice": "a", "weight": 1.0},
            "exclude": ["in/test.jsonl"],
        }
    ],
    "source": {"id": "somebody/data"},
    "sources": {"own": "in/source.json"},
    "space_digits": True,
    "split": "test",
    "study": "s",
    "task_kind": "parity",
    "tasks": [
        {
            **{"name": "bits", "problems": "in/problems.jsonl", "responses": "in/references.jsonl"},
            "before": "in/before.jsonl",
        }
    ],
    "template": "{question}",
    "terms_accepted": True,
    "title": "A study",
    "contamination": [{"task": "t", "models": ["m"], "counts": "in/counts.csv"}],
    "examples": [
        {
            **{"task": "t", "variant": "v", "name": "s/t/v", "items": "in/items.jsonl"},
            **{"predictions": "in/predictions.jsonl", "responses": "in/test.jsonl"},
        }
    ],
    "usages": [{"task": "t", "writing": "v/m", "usage": "in/usage.json"}],
    "variant_kind": "medium",
    "variants": ["v"],
    "voice": "a",
    "voices": {"m": "b"},
    "writer": {"kind": "model", "model": "m"},
    "writer_name": "w",
}
TOLD_TO = {
    "describe_data": {"task": "t"},
    "ask_endpoint": {"writer": {"kind": "endpoint", "model": "m"}},
    "describe_source": {"settings": {"train": [{"file": "a.csv"}], "test": [{"file": "b.csv"}]}},
    "fetch_package": {
        "parts": [{"package": "a-model", "version": "1.0", "file": "a_model/model.gguf"}],
        "sha256": "0" * 64,
    },
    "fine_tune": {"recipe": {"epochs": 2}},
    "write_report": {
        "material": {
            "study": "s",
            "title": "A study",
            "tables": {"runs": "in/runs.csv"},
            "configuration": "in/configuration.yaml",
        }
    },
}


def options_class(stage: str) -> type[StageOptions]:
    return import_module(f"stages.{stage}").Options


def values_for(stage: str) -> dict[str, object]:
    """Give a value for each option of a stage, but --cost and --code."""
    options = options_class(stage)
    values: dict[str, object] = {}
    for name, role in role_of_each(options).items():
        several = "list" in str(options.model_fields[name].annotation)
        if role in (Role.READ, Role.WRITTEN):
            path = f"{'in' if role is Role.READ else 'out'}/{name}"
            values[name] = [path, f"{path}-2"] if several else path
        elif role is Role.TOLD:
            values[name] = TOLD_TO.get(stage, {}).get(name, TOLD.get(name))
    return values


@pytest.fixture(params=STAGES)
def stage(request) -> str:
    return request.param


@pytest.fixture
def options(stage) -> StageOptions:
    return options_class(stage).checked(stage, values_for(stage))


def test_options_come_back_from_the_command_line_and_from_the_record(stage, options):
    words = options.command_line()
    again = type(options).of_command_line(stage, words)
    assert again == options
    assert type(options).checked(stage, options.recorded()) == options


def test_what_may_be_left_out_may_stand_without_a_value(stage, options):
    optional = [
        name
        for name, role in role_of_each(type(options)).items()
        if role is Role.READ and not type(options).model_fields[name].is_required()
    ]
    values = {name: each for name, each in values_for(stage).items() if name not in optional}
    bare = type(options).checked(stage, values)
    flags = [f"--{name.replace('_', '-')}" for name in optional]
    assert type(options).of_command_line(stage, [*bare.command_line(), *flags]) == bare


def test_a_list_may_be_one_flag_or_several():
    several = options_class("score")
    one = ["--predictions", "p", "--items", "i", "--output", "o", "--responses", "c", "d"]
    once = several.of_command_line("score", [*one, "--problems", "a", "b"])
    assert once == several.of_command_line("score", [*one, "--problems", "a", "--problems", "b"])
    assert once.problems == [Path("a"), Path("b")]


def test_an_unknown_key_a_missing_one_and_a_wrong_one_are_refused_in_a_sentence(stage):
    kind, values = options_class(stage), values_for(stage)
    with pytest.raises(ShowhowError, match=f"^{stage} has no option 'colour'; leave it out.$"):
        kind.checked(stage, {**values, "colour": "red"})
    for name, role in role_of_each(kind).items():
        if role is Role.TOLD and kind.model_fields[name].is_required():
            left = {key: value for key, value in values.items() if key != name}
            with pytest.raises(ShowhowError, match=f"^{stage} lacks the option '{name}'"):
                kind.checked(stage, left)
    with pytest.raises(ShowhowError, match=r"recipe.epochs.*greater than 0.*correct it"):
        options_class("fine_tune").checked(
            "fine_tune", {**values_for("fine_tune"), "recipe": {"epochs": 0}}
        )
    with pytest.raises(ShowhowError, match="is not JSON"):
        options_class("download").of_command_line("download", ["--output=a", "--options={"])


@pytest.fixture
def files(options, tmp_path, monkeypatch):
    """Write everything that the options say is read, and give these paths."""
    monkeypatch.chdir(tmp_path)
    for path in options.reads():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path}")
    return options.reads()


def test_the_resume_key_changes_with_all_that_is_told_or_read(stage, options, files):
    key = options.determined_by()
    for path in files:
        path.write_text("something else")
        assert changed(key, options.determined_by()), path
        path.write_text(f"{path}")
    for name in told_names(options):
        other = options.model_copy(update={name: "something else"})
        with warnings.catch_warnings(action="ignore"):  # a text is not of its type
            assert changed(key, other.determined_by()) == [name]
    assert changed(key, options.model_copy(update={"code": "new"}).determined_by()) == ["code"]
    assert changed(key, options.determined_by(steps=5)) == ["steps"]


def test_the_resume_key_does_not_change_with_what_changes_no_result(stage, options, files):
    key = options.determined_by()
    for path in files:
        moved = path.with_name(f"{path.name}-moved")
        shutil.copy(path, moved)
    for name, role in role_of_each(type(options)).items():
        if role in (Role.WRITTEN, Role.MACHINE):
            other = options.model_copy(update={name: Path("elsewhere")})
            assert other.determined_by() == key
        elif role is Role.COMPUTATION and name != "code":
            other = options.model_copy(update={name: 7})
            assert changed(key, other.determined_by()) == [name]
        elif role is Role.READ and isinstance(getattr(options, name), Path):
            path = getattr(options, name)
            other = options.model_copy(update={name: path.with_name(f"{path.name}-moved")})
            assert other.determined_by() == key


def test_the_resume_key_of_what_computes_changes_with_the_kind_of_device(
    stage, options, files, monkeypatch
):
    """This machine may have no GPU: what torch says of it stands for one."""

    def key_with(gpu: bool, bf16: bool) -> dict:
        monkeypatch.setattr("torch.cuda.is_available", lambda: gpu)
        monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda: bf16)
        return options.determined_by()

    keys = [key_with(gpu=False, bf16=False), key_with(gpu=True, bf16=False), key_with(True, True)]
    different = ["device"] if isinstance(options, ComputingOptions) else []
    assert [changed(one, other) for one, other in combinations(keys, 2)] == [different] * 3


def test_what_a_kept_measurement_of_retention_depends_on_has_the_base_in_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = options_class("measure_retention").checked(
        "measure_retention", values_for("measure_retention")
    )
    for path in options.reads():
        path.parent.mkdir(exist_ok=True)
        path.write_text("one")
    key = options.determined_by()
    options.base.write_text("another base")
    assert changed(key, options.determined_by()) == ["base"]


def told_names(options: StageOptions) -> list[str]:
    return [name for name, role in role_of_each(type(options)).items() if role is Role.TOLD]


def changed(one: dict, other: dict) -> list[str]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
