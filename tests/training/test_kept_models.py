"""What a run keeps loads with plain transformers and peft, by the lines of its own card."""

import json
import re

import pytest
from small_runs import RUN, copied_numbers
from tokenizers import processors
from transformers import AutoTokenizer

from showhow.base.rows import read_json, write_json, write_jsonl
from showhow.models.loading import load_base, save_base
from small_models import foreign_folder, ladder_base
from stages import fine_tune, predict

ADAPTERS = {"full": None, "LoRA": {"rank": 2}}
BASES = ("decoder", "t5 of the ladder", "llama", "gpt2", "t5")
HUB_ID, COMMIT = "an-owner/a-model", "c" * 40


def base_folder(name, folder):
    """Make a base, with a chat template where it is a decoder of the ladder."""
    if name in ("decoder", "t5 of the ladder"):
        save_base(ladder_base(name.partition(" ")[0]), folder)
        return folder
    return foreign_folder(name, folder)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Stand in a project's folder with training responses and five to be asked."""
    monkeypatch.chdir(tmp_path)
    responses = copied_numbers(lambda digit: 1)
    write_jsonl(tmp_path / "train.jsonl", responses)
    write_jsonl(tmp_path / "test.jsonl", responses[::11])
    return tmp_path


def trained(base="results/models/own", adapter=None, chat=None, **recipe):
    told = {"optimizer": "adamw", "batch_size": 8, "learning_rate": 0.02, "min_steps": 20}
    options = fine_tune.Options(
        run={**RUN, "match": "examples"},
        base=base,
        responses="train.jsonl",
        recipe={**told, "adapter": adapter, **recipe},
        model_output="results/runs/it/model",
        output="results/runs/it/train.json",
        checkpoints="checkpoints",
        chat=chat,
    )
    fine_tune.fine_tune(options)
    return options.model_output


def predictions(base, space_digits=False, limit=12, chat=None):
    options = predict.Options(
        model="results/runs/it/model",
        base=base,
        responses=["test.jsonl"],
        settings={"max_new_tokens": limit, "batch_size": 3},
        space_digits=space_digits,
        output="predictions.jsonl",
        checkpoints="checkpoints",
        chat=chat,
    )
    predict.predict(options)
    lines = options.output.read_text().splitlines()
    return {row["prompt"]: row["prediction"] for row in map(json.loads, lines)}


def answered_by_the_card(folder, question, limit=12):
    """Run the lines of a card as they stand there, but for the question and its answer's length."""
    [lines] = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    lines = lines.replace('question = "..."', f"question = {question!r}")
    known = {}
    exec(lines.replace("max_new_tokens=100", f"max_new_tokens={limit}"), known)
    return known["answer"]


@pytest.mark.parametrize("kind", ADAPTERS)
@pytest.mark.parametrize("name", BASES)
def test_the_cards_lines_answer_as_the_workflow_does(name, kind, project):
    base = base_folder(name, project / "results/models/own")
    folder = trained(adapter=ADAPTERS[kind])
    expected = predictions(base if ADAPTERS[kind] else None)
    assert len(expected) == 5
    assert {question: answered_by_the_card(folder, question) for question in expected} == expected


@pytest.mark.parametrize("chat", [False, True])
def test_so_do_they_where_a_model_is_asked_in_its_chat_template_or_in_plain_text(chat, project):
    """Its tokenizer begins each text with a token of its own, and the model may end by two."""
    base = foreign_folder("llama", project / "results/models/own", eos_token_id=[1, 12])
    tokenizer = AutoTokenizer.from_pretrained(base)
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="<unk> $A", special_tokens=[("<unk>", 2)]
    )
    tokenizer.chat_template = "{% for message in messages %}{{ message['content'] }} {% endfor %}"
    tokenizer.save_pretrained(base)
    folder = trained(adapter={"rank": 2}, chat=chat)
    expected = predictions(base, chat=chat)
    assert {question: answered_by_the_card(folder, question) for question in expected} == expected
    assert ("# its chat template" in (folder / "README.md").read_text()) == chat


def test_another_limit_is_asked_of_the_same_adapter(project):
    base = base_folder("decoder", project / "results/models/own")
    folder = trained(adapter={"rank": 2})
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    short, long = (predictions(base, limit=limit) for limit in (2, 12))
    assert all(long[question].startswith(short[question].rstrip()) for question in short)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_an_adapter_of_a_model_of_the_hub_names_it_and_its_commit(project):
    base = base_folder("decoder", project / "results/models/own")
    write_json(base / "source.json", {"id": HUB_ID, "revision": "main", "commit": COMMIT})
    (base / "README.md").write_text("---\nlicense: apache-2.0\n---\n# A model\n")
    folder = trained(adapter={"rank": 2})
    described = read_json(folder / "adapter_config.json")
    assert (described["base_model_name_or_path"], described["revision"]) == (HUB_ID, COMMIT)
    card = (folder / "README.md").read_text()
    assert f"base_model: {HUB_ID}\n" in card
    assert "license: apache-2.0\n" in card
    assert 'from_pretrained("results/models/own")' in card


def test_an_adapter_of_a_folder_names_it_as_the_workflow_does_and_says_how_to_change_that(project):
    base_folder("decoder", project / "results/models/own")
    folder = trained(adapter={"rank": 2})
    described = read_json(folder / "adapter_config.json")
    assert described["base_model_name_or_path"] == "results/models/own"
    card = (folder / "README.md").read_text()
    assert "write its place to `base_model_name_or_path`" in card
    assert str(project) not in card


def test_a_card_says_what_run_it_is_of_and_how_numbers_are_written(project):
    base_folder("t5", project / "results/models/own")
    card = (trained(space_digits=True) / "README.md").read_text()
    for name, value in RUN.items():
        assert f"- {name}: {value}\n" in card
    assert "`15 27` as `1 5 , 2 7`" in card


@pytest.mark.parametrize("source", ["[1]", "{", '{"id": "an-owner/a-model"}', "null"])
def test_a_file_of_the_users_that_is_called_as_ours_is_none(source, project):
    base = base_folder("decoder", project / "results/models/own")
    (base / "source.json").write_text(source)
    assert fine_tune.origin_of(base).name == str(base)


@pytest.mark.parametrize("card", ["---\nlicense: [\n---\n", "---\n- one\n---\n", "\x00", ""])
def test_a_card_of_the_base_that_nobody_can_read_stops_no_training(card, project):
    base = base_folder("decoder", project / "results/models/own")
    (base / "README.md").write_text(card)
    assert "licence of the base: not known" in (trained() / "README.md").read_text()


def test_the_tokenizer_beside_an_adapter_is_that_of_its_base(project):
    base = load_base(base_folder("decoder", project / "results/models/own"))
    folder = trained(adapter={"rank": 2})
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert tokenizer.get_vocab() == base.tokenizer.get_vocab()
    assert tokenizer.chat_template == base.tokenizer.chat_template
