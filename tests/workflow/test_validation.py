"""What the user is told about a wrong configuration. The table: wrong_configurations.yaml."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.study.validation import load_configuration

STUDY = """\
seed: 0
tasks:
  listops:
    kind: listops
    settings: {values: 10}
    test_size: {test: 20, longer: 10, deeper: 10}
  bits:
    kind: parity
    settings: {bits_min: 2, bits_max: 8, longer_bits: 10}
    test_size: {test: 40}
variants:
  some-explained: {kind: mixture, settings: {share: 0.5}}
models:
  small: {kind: ladder, hidden: 32, heads: 4}
  other:
    kind: hub
    id: google-t5/t5-small
training:
  learning_rate: 0.01
  batch_size: 32
studies:
  levels:
    claims: [C1, C2]
    figures: [overview]
    grids:
      - name: all
        tasks: [listops, bits]
        variants: [none, medium, some-explained]
        models: [small, other]
        n_train: [100, 200]
        seeds: [1, 2]
"""
WRONG = yaml.safe_load(
    Path(__file__).with_name("wrong_configurations.yaml").read_text(encoding="utf-8")
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with two folders that hold no usable model."""
    (tmp_path / "models/empty").mkdir(parents=True)
    (tmp_path / "models/no-weights").mkdir()
    (tmp_path / "models/no-weights/config.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, text, name="study.yaml"):
    (folder / name).write_text(text)
    return Path(name)


def message_of(config, files):
    with pytest.raises(ShowhowError) as caught:
        load_configuration(config, files)
    return str(caught.value)


def test_a_right_configuration_is_loaded(folder):
    configuration = load_configuration(yaml.safe_load(STUDY), [write(folder, STUDY)])
    assert configuration.tasks["bits"].test_size == {"test": 40}


@pytest.mark.parametrize("case", WRONG, ids=[case["wrong"] for case in WRONG])
def test_a_wrong_configuration_is_explained(folder, case):
    assert case["right"] in STUDY
    text = STUDY.replace(case["right"], case["wrong"], 1)
    message = message_of(yaml.safe_load(text), [write(folder, text)])
    assert message == case["says"].rstrip("\n")


GRID = "      - {name: more, tasks: [bits], variants: [short], models: [small], n_train: [300]}\n"


def test_variants_that_are_never_trained_on_the_same_cannot_be_compared(folder):
    text = (STUDY + GRID).replace("claims: [C1, C2]", "compare: [[short, none]]")
    assert message_of(yaml.safe_load(text), [write(folder, text)]) == (
        "study.yaml, line 23: studies.levels.compare[0] compares short with none, but no two of "
        "their runs have the same task, model, n_train, match and seed; name both variants in one "
        "grid."
    )


def test_a_wrong_grid_hides_what_could_be_compared_and_is_all_that_is_said(folder):
    text = (
        (STUDY + GRID)
        .replace("[300]", "[-3]")
        .replace("claims: [C1, C2]", "compare: [[short, none]]")
    )
    (line,) = message_of(yaml.safe_load(text), [write(folder, text)]).splitlines()
    assert "n_train[0] is -3" in line


@pytest.mark.parametrize("name", ["long", "none", "familiar", "level_1", "written"])
def test_responses_that_came_with_the_data_may_be_called_as_a_kind_is(folder, name):
    text = STUDY.replace(
        "some-explained: {kind: mixture, settings: {share: 0.5}}", f"{name}: {{kind: given}}"
    ).replace("[none, medium, some-explained]", f"[medium, {name}]")
    configuration = load_configuration(yaml.safe_load(text), [write(folder, text)])
    assert configuration.variant_of(name).kind == "given"


def test_all_errors_are_said_at_once(folder):
    text = (
        STUDY.replace("seed: 0", "sead: 0")
        .replace("values: 10", "values: 1")
        .replace("medium,", "medum,")
        .replace("[C1, C2]", "[C9]")
        .replace("heads: 4", "heads: 0")
    )
    lines = message_of(yaml.safe_load(text), [write(folder, text)]).splitlines()
    assert sorted(line.split(":")[0] for line in lines) == [
        f"study.yaml, line {number}" for number in (1, 14, 23, 28, 5)
    ]


def test_what_is_wrong_in_one_part_hides_nothing_in_another(folder):
    grid = (
        "      - {name: more, tasks: [bits], variants: [none], models: [small], n_train: [6000]}\n"
    )
    text = (STUDY + grid).replace("seeds: [1, 2]", "seeds: [1, -2]").replace("medium,", "medum,")
    lines = message_of(yaml.safe_load(text), [write(folder, text)]).splitlines()
    assert [line.partition(" is ")[0].partition(" names ")[0] for line in lines] == [
        "study.yaml, line 28: studies.levels.grids[0].variants[1]",
        "study.yaml, line 31: studies.levels.grids[0].seeds[1]",
        "study.yaml, line 32: studies.levels.grids[1].n_train[0]",
    ]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("batch_size: 32", "optimizer: adamx\n  adapter: {rank: 4}"),
        ("batch_size: 32", "batch_size: many\n  micro_batch_size: 5"),
        ("hidden: 32, heads: 4", "hidden: 30, heads: none"),
    ],
)
def test_nothing_is_said_of_a_default_in_the_place_of_what_is_wrong(folder, right, wrong):
    text = STUDY.replace(right, wrong)
    assert "\n" not in message_of(yaml.safe_load(text), [write(folder, text)])


def test_the_last_file_that_sets_a_key_is_named(folder):
    first = write(folder, STUDY.replace("batch_size: 32", "batch_size: 0"))
    second = write(folder, "\ntraining:\n  learning_rate: -1\n", "own.yaml")
    config = yaml.safe_load(first.read_text())
    config["training"]["learning_rate"] = -1
    assert message_of(config, [first, second]).splitlines() == [
        "own.yaml, line 3: training.learning_rate is -1; write a number above 0.",
        "study.yaml, line 20: training.batch_size is 0; write a number above 0.",
    ]


def test_a_list_in_a_later_file_takes_the_place_of_the_whole_earlier_list(folder):
    first = write(folder, STUDY)
    second = write(folder, "studies: {levels: {claims: [C1,\n C8]}}", "own.yaml")
    config = yaml.safe_load(STUDY)
    config["studies"]["levels"]["claims"] = ["C1", "C8"]
    assert message_of(config, [first, second]).startswith("own.yaml, line 2: studies.levels.claims")


def test_a_file_below_the_working_directory_is_named_from_there(folder):
    text = STUDY.replace("seed: 0", "sead: 0")
    file = folder / write(folder, text)
    assert message_of(yaml.safe_load(text), [file]).startswith("study.yaml, line 1: ")


@pytest.mark.parametrize("key", ["batch_size", "epochs"])
def test_a_key_of_the_command_line_is_placed_there(folder, key):
    config = yaml.safe_load(STUDY)
    config["training"][key] = -1
    assert message_of(config, [write(folder, STUDY)]) == (
        f"command line: training.{key} is -1; write a number above 0."
    )


def test_anchors_and_merge_keys_are_followed(folder):
    text = STUDY.replace(
        "  small: {kind: ladder, hidden: 32, heads: 4}",
        "  small: &small {kind: ladder, hidden: 32, heads: 4}\n"
        "  large:\n    <<: *small\n    hidden: 31",
    )
    assert message_of(yaml.safe_load(text), [write(folder, text)]).startswith(
        "study.yaml, line 17: models.large.hidden is 31"
    )


def test_a_key_that_some_read_as_a_truth_value_has_its_line(folder):
    text = STUDY.replace("{values: 10}", "{values: 10,\n      n: 3}")
    assert message_of(yaml.safe_load(text), [write(folder, text)]).startswith(
        "study.yaml, line 6: tasks.listops.settings.n is not a key that exists"
    )


@pytest.mark.parametrize(("name", "line"), [("30", 14), ("1.5", 13), ("null", 13)])
def test_what_stands_under_a_key_that_is_no_text_is_checked_as_well(folder, name, line):
    text = STUDY.replace("  small: {", f"  {name}: {{hiden: 3, ")
    lines = message_of(yaml.safe_load(text), [write(folder, text)]).splitlines()
    assert [said.partition(":")[0] for said in lines] == [
        *(f"study.yaml, line {line}", f"study.yaml, line {line}", "study.yaml, line 29")
    ]


def test_an_anchor_that_overrides_another_holds_no_key_twice(folder):
    text = STUDY.replace(
        "  small: {kind: ladder, hidden: 32, heads: 4}",
        "  small: &small {kind: ladder, hidden: 32, heads: 4}\n"
        "  wide: &wide {<<: *small, hidden: 64}\n"
        "  wider: {<<: *wide, hidden: 128}",
    )
    configuration = load_configuration(yaml.safe_load(text), [write(folder, text)])
    assert configuration.models["wider"].hidden == 128


NO_YAML = {
    "a bracket": (
        "seed: [0\ntasks: {}\n",
        "line 2: this is not YAML: expected ',' or ']', but got ':', in what begins in line 1.",
    ),
    "a tab": (
        "seed: 0\ntasks:\n\tbits: {kind: parity}\n",
        "line 3: this is not YAML: a tab stands where YAML takes spaces alone; put spaces in its "
        "place.",
    ),
    "a quote": (
        'seed: 0\nown: "mine\n\ntasks: {}\n',
        "line 5: this is not YAML: found unexpected end of stream, in what begins in line 2.",
    ),
    "an indentation": (
        "tasks:\n  bits: {kind: parity}\n sums: {kind: addition}\n",
        "line 3: this is not YAML: expected <block end>, but found '<block mapping start>', in "
        "what begins in line 1.",
    ),
}


@pytest.mark.parametrize("case", NO_YAML)
def test_a_file_that_is_no_yaml_is_named_with_the_line(folder, case):
    text, told = NO_YAML[case]
    assert message_of(yaml.safe_load(STUDY), [write(folder, text)]) == f"study.yaml, {told}"


def test_files_that_cannot_be_read_are_named(folder):
    (folder / "latin.yaml").write_bytes("title: Erkl\u00e4rung".encode("latin-1"))
    files = [Path("absent.yaml"), Path("latin.yaml")]
    assert message_of(yaml.safe_load(STUDY), files).splitlines() == [
        "absent.yaml: cannot be read (No such file or directory).",
        "latin.yaml: is not UTF-8 text; save it as UTF-8.",
    ]


def test_a_model_folder_with_config_and_weights_is_accepted(folder):
    (folder / "models/no-weights/model.safetensors").touch()
    text = STUDY.replace(
        "{kind: ladder, hidden: 32, heads: 4}", "{kind: folder, path: models/no-weights}"
    )
    assert load_configuration(yaml.safe_load(text), [write(folder, text)]).models["small"]


def paths_into(value, path=()):
    """Every key path of a configuration."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inside in items:
        yield (*path, key)
        if isinstance(inside, dict | list):
            yield from paths_into(inside, (*path, key))


ODD = [None, True, -7, 1.5, "text", "a\nb", [], {}, [[]], [None], {"a": {"b": [None]}}, {7: 7}]


@settings(deadline=None)
@given(path=st.sampled_from(list(paths_into(yaml.safe_load(STUDY)))), odd=st.sampled_from(ODD))
def test_whatever_is_written_the_error_is_for_the_user(path, odd):
    """Anything in the place of any part gives sentences, never another exception."""
    config = yaml.safe_load(STUDY)
    holder = config
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = odd
    try:
        load_configuration(config, [])
    except ShowhowError as error:
        assert all(line.startswith("command line: ") for line in str(error).splitlines())
