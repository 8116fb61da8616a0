"""What a configuration may hold, and the configurations that are shipped."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from published_rows import MADE_BY, rows_of_ren2024, write_rows
from showhow.analysis.claims import claim_ids
from showhow.corpus.exercises import SKILLS
from showhow.figures import figure_names
from showhow.recipes.corpus import CorpusRecipe
from showhow.recipes.training import TrainingSettings
from showhow.registration.power import PLANS, power_of
from showhow.responses import variant_kinds
from showhow.study.configuration import Configuration, schema_text
from showhow.study.grid import all_runs
from showhow.study.reference import reference_text
from showhow.study.validation import load_configuration
from showhow.tasks import task_kinds

REPOSITORY = Path(__file__).parents[2]
SMOKE = [
    *("configs/smoke.yaml", "configs/smoke-familiarity.yaml", "configs/smoke-knowledge.yaml"),
    "configs/gsm8k-local.yaml",
]
LARGE = ["configs/paper.yaml", "configs/ren2024.yaml", "configs/ye2024.yaml"]
LADDER = "configs/ladder.yaml"
REAL = [f"configs/real/{name}.yaml" for name in ("explanations", "familiarity", "knowledge")]
SHIPPED = [Path("config.yaml"), *map(Path, (*SMOKE, LADDER, *LARGE, *REAL))]
# What sets them apart from level_0 is the level's number alone.
LIKE_LEVEL_0 = {f"level_{level}" for level in range(1, 5)}
SMALLEST = {
    "tasks": {"listops": {"kind": "listops"}},
    "models": {
        "small": {"kind": "ladder"},
        "own": {"kind": "ladder", "training": {"epochs": 9}, "pretraining": {"steps": 3}},
    },
    "studies": {
        "levels": {
            "grids": [
                {
                    "name": "all",
                    "tasks": ["listops"],
                    "variants": ["none"],
                    "models": ["small"],
                    "n_train": [10],
                }
            ]
        }
    },
}


def shipped(file):
    file = REPOSITORY / file
    return load_configuration(yaml.safe_load(file.read_text(encoding="utf-8")), [file])


def retained_in(configuration):
    """Tasks that runs are asked without being trained on them."""
    return {task for study in configuration.studies.values() for task in study.probes.retention}


def keys_of(schema):
    """Every key of every part of the schema, with what is said about it."""
    for part in (schema, *schema["$defs"].values()):
        for key, described in part.get("properties", {}).items():
            referred = schema["$defs"].get(described.get("$ref", "").rpartition("/")[2], {})
            yield f"{part['title']}.{key}", {**referred, **described}.get("description", "")


def test_the_schema_file_is_the_one_that_the_models_give():
    written = (REPOSITORY / "schemas/config.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), (
        "run: PYTHONPATH=workflow_scripts python -m showhow.study.configuration "
        "> schemas/config.schema.json"
    )


def test_the_reference_in_the_docs_is_the_one_that_the_models_give():
    written = (REPOSITORY / "docs/configuration.md").read_text(encoding="utf-8")
    assert written == reference_text(), (
        "run: PYTHONPATH=workflow_scripts python -m showhow.study.reference > docs/configuration.md"
    )


def test_every_key_is_described_in_a_sentence():
    schema = Configuration.model_json_schema()
    undescribed = [key for key, sentence in keys_of(schema) if not sentence.endswith(".")]
    assert undescribed == []


def test_only_what_has_no_sensible_default_has_to_be_written():
    schema = Configuration.model_json_schema()
    required = {
        key for part in (schema, *schema["$defs"].values()) for key in part.get("required", ())
    }
    in_grids = {"name", "tasks", "variants", "models", "n_train", "grids"}
    of_writers = {"model", "prompt", "completion"}
    of_packages = {"parts", "package", "version", "file", "sha256"}
    assert required == {"kind", "path", "id", "studies"} | in_grids | of_writers | of_packages


@pytest.mark.parametrize("file", SHIPPED, ids=str)
def test_shipped_configurations_are_right(file, tmp_path, monkeypatch):
    """Where a study takes all questions of a file, the file has to be there to be counted."""
    monkeypatch.chdir(tmp_path)
    write_rows(tmp_path / "data/ren2024", rows_of_ren2024(MADE_BY, rows=120))
    assert all_runs(shipped(file))


def test_the_smoke_studies_go_through_every_branch():
    configurations = [shipped(file) for file in SMOKE]
    studies = [study for each in configurations for study in each.studies.values()]
    runs = [(each, run) for each in configurations for run in all_runs(each)]
    kinds = {each.variant_of(run.variant).kind for each, run in runs}
    assert kinds >= set(variant_kinds()) - LIKE_LEVEL_0
    retained = {each.tasks[task].kind for each in configurations for task in retained_in(each)}
    trained = {each.tasks[run.task].kind for each, run in runs}
    assert trained | retained == set(task_kinds()) - {"entity_questions"}
    assert {run.match for _, run in runs} == {"examples", "target_tokens", "steps"}
    used = [each.models[run.model] for each, run in runs]
    assert {model.family for model in used} == {"decoder", "t5"}
    assert {model.start for model in used} == {"pretrained", "random"}
    assert {claim for study in studies for claim in study.claims} == set(claim_ids())
    assert {figure for study in studies for figure in study.figures} == set(figure_names())


def test_the_paper_study_has_the_papers_grid():
    runs = all_runs(shipped("configs/paper.yaml"))
    levels = {
        (run.variant, run.model, run.n_train, run.seed)
        for run in runs
        if run.variant in ("none", "short", "medium", "long") and run.match == "examples"
    }
    assert len(levels) == 4 * 4 * 6 * 5


def test_the_ladder_study_has_every_arm_that_its_claims_ask_for():
    configuration = shipped(LADDER)
    found = power_of(configuration, "ladder", draws=1, plans=PLANS[:1])
    assert {each.claim: each.missing for each in found} == {f"C{i}": "" for i in range(1, 7)}
    assert {each.runs for each in found} == {len(all_runs(configuration))}


def test_answers_alone_get_as_many_tokens_in_the_ladder_study_as_the_reference_level_had():
    configuration = shipped(LADDER)
    sizes = {run.n_train for run in all_runs(configuration) if run.match == "target_tokens"}
    for model in configuration.models:
        recipe = configuration.training_of(model)
        assert {recipe.epochs * size // recipe.batch_size for size in sizes} == {recipe.steps}


def test_the_ladder_and_the_default_study_can_lie_in_one_folder():
    ladder, default = shipped(LADDER), shipped("config.yaml")
    assert not ladder.studies.keys() & default.studies.keys()
    assert not ladder.tasks.keys() & default.tasks.keys()
    assert not ladder.models.keys() & default.models.keys()
    assert ladder.corpus == default.corpus


def test_a_model_overrides_only_the_keys_that_it_writes():
    configuration = Configuration.model_validate({**SMALLEST, "training": {"batch_size": 7}})
    assert configuration.training_of("own") == TrainingSettings(batch_size=7, epochs=9)
    assert configuration.training_of("small") == TrainingSettings(batch_size=7)
    assert configuration.pretraining_of("own").steps == 3
    assert configuration.pretraining_of("own").batch_size == configuration.pretraining.batch_size


def test_the_seed_of_the_configuration_is_that_of_its_tasks_unless_they_have_their_own():
    tasks = {"listops": {"kind": "listops"}, "own": {"kind": "parity", "settings": {"seed": 5}}}
    configuration = Configuration.model_validate({**SMALLEST, "seed": 3, "tasks": tasks})
    assert configuration.task_settings("listops")["seed"] == 3
    assert configuration.task_settings("own")["seed"] == 5


def test_task_settings_are_the_same_whether_a_default_is_written_or_not():
    written = {"listops": {"kind": "listops", "settings": {"values": 10}}}
    bare = Configuration.model_validate(SMALLEST)
    explicit = Configuration.model_validate({**SMALLEST, "tasks": written})
    assert bare.task_settings("listops") == explicit.task_settings("listops")


def test_a_variant_is_a_kind_or_one_of_the_configurations_own():
    own = {"half": {"kind": "mixture", "settings": {"share": 0.5}}}
    configuration = Configuration.model_validate({**SMALLEST, "variants": own})
    assert configuration.variant_settings("half")["share"] == 0.5
    assert configuration.variant_settings("mixture")["share"] != 0.5
    assert configuration.variant_of("none").kind == "none"


def test_descriptions_and_recipes_travel_as_json():
    configuration = Configuration.model_validate(SMALLEST)
    for model in configuration.models.values():
        assert type(model).model_validate_json(model.model_dump_json()) == model
    recipe = configuration.training
    assert TrainingSettings.model_validate_json(recipe.model_dump_json()) == recipe


def test_the_corpus_shows_every_skill_by_default_but_those_of_the_knowledge_study():
    assert set(CorpusRecipe().skills) == set(SKILLS) - {"things_told", "things_asked"}


def test_planning_imports_nothing_heavy():
    heavy = ("torch", "transformers", "pandas", "matplotlib", "scipy", "snakemake")
    code = (
        "import sys; from showhow.study import grid, validation; "
        "from showhow.staleness import fingerprint; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(REPOSITORY / "workflow_scripts")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout == "[]\n"
