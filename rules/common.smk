# What the rules ask of the configuration, the grid and the code: one small function each.

import json
import os
import shlex
import sys

sys.path.insert(0, f"{workflow.basedir}/workflow_scripts")

from dataclasses import asdict
from pathlib import Path

import yaml
from snakemake.exceptions import WorkflowError

from showhow.artifacts import COMMAND_VARIABLE, check_writable, refusal, write_text
from showhow.errors import ShowhowError
from showhow.workflow import grid
from showhow.workflow.fingerprint import fingerprint
from showhow.workflow.provenance import revision_of_checkout
from showhow.workflow.validation import load_configuration

SCRIPTS = Path(workflow.basedir) / "workflow_scripts"
MODEL_LIBRARIES = ("torch", "transformers", "accelerate", "tokenizers", "safetensors")
RUN_NAME = "{study}/{task}/{variant}/{model}/{budget}/seed{seed}"
RUN = f"results/runs/{RUN_NAME}"

try:
    configuration = load_configuration(config, [Path(file) for file in workflow.configfiles])
except ShowhowError as error:
    raise WorkflowError(str(error)) from None

RUNS = {run.directory: run for run in grid.all_runs(configuration)}
LADDER = [name for name, model in configuration.models.items() if model.kind == "ladder"]
HUB = [name for name, model in configuration.models.items() if model.kind == "hub"]
REPORTED = next(iter(configuration.studies))


def one_of(names):
    """Give a wildcard constraint; a list without names matches nothing."""
    return "|".join(names) or "$^"


wildcard_constraints:
    study=one_of(configuration.studies),
    task=one_of(configuration.tasks),
    variant="[A-Za-z0-9][A-Za-z0-9._-]*",
    model=one_of(configuration.models),
    ladder_model=one_of(LADDER),
    hub_model=one_of(HUB),
    split="[a-z]+(-n[0-9]+)?",
    budget="n[0-9]+(-matched-[a-z_]+)?",
    seed="[0-9]+",
    figure="[a-z0-9_]+",


# Stages find the python of this environment, and share one warm start per Snakemake process
# (workflow_scripts/warm_start.py); a job's own sub-process belongs to the main one.
search_path = os.pathsep.join((str(Path(sys.executable).parent), *os.get_exec_path()))
os.environ.update(PATH=search_path, OMP_NUM_THREADS="1", HF_HUB_DISABLE_TELEMETRY="1")
if workflow.exec_mode.name != "SUBPROCESS":
    os.environ.update(SHOWHOW_WARM_START=str(os.getpid()))

    # For messages and records only; neither makes anything stale.
    given = [os.path.relpath(file) for file in workflow.overwrite_configfiles]
    chosen = ["--configfile", *given] if given else []
    os.environ[COMMAND_VARIABLE] = shlex.join(["snakemake", "--cores", "2", *chosen])
    os.environ.update(revision_of_checkout(workflow.basedir))

# Snakemake would find this out job by job.
if workflow.exec_mode.name == "DEFAULT" and not workflow.dryrun:
    try:
        check_writable("results")
    except ShowhowError as error:
        raise WorkflowError(str(error)) from None


# Staleness: the meaning of a stage's code, as a parameter of its rule.


def code_of(script, modules=(), libraries=()):
    roots = [SCRIPTS / f"{script}.py", *(SCRIPTS / "showhow" / module for module in modules)]
    return fingerprint(roots, libraries)


def task_module(task):
    return f"tasks/{configuration.tasks[task].kind}.py"


def variant_module(variant):
    return f"responses/{configuration.variant_of(variant).kind}.py"


def code_of_task(script):
    return lambda wildcards: code_of(script, [task_module(wildcards.task)])


def code_of_responses(wildcards):
    modules = [task_module(wildcards.task), variant_module(wildcards.variant)]
    return code_of("write_responses", modules)


# Data.


def as_json(value):
    return json.dumps(value, sort_keys=True)


def recipe_json(recipe):
    return as_json(recipe.model_dump(mode="json"))


def task_kind(wildcards):
    return configuration.tasks[wildcards.task].kind


def task_settings(wildcards):
    return as_json(configuration.task_settings(wildcards.task))


def variant_kind(wildcards):
    return configuration.variant_of(wildcards.variant).kind


def variant_settings(wildcards):
    return as_json(configuration.variant_settings(wildcards.variant))


def drawn_as(wildcards):
    """A training set of N problems is the first N of the stream of training problems."""
    return "train" if wildcards.split.startswith("train-n") else wildcards.split


def problem_count(wildcards):
    if wildcards.split.startswith("train-n"):
        return int(wildcards.split.removeprefix("train-n"))
    return grid.test_sizes(configuration, wildcards.task)[wildcards.split]


def problems_made_before(wildcards):
    splits = list(grid.evaluation_splits(configuration, wildcards.task))
    before = splits[: splits.index(wildcards.split)] if wildcards.split in splits else splits
    return problem_files(wildcards.task, before)


def exclude_options(wildcards, input):
    return options("--exclude", input.exclude)


def options(flag, paths):
    return " ".join(f"{flag} {shlex.quote(path)}" for path in paths)


def problem_files(task, splits):
    return [f"results/data/{task}/problems/{split}.jsonl" for split in splits]


def training_splits(task):
    return [f"train-n{size}" for size in grid.training_sizes(configuration, task)]


def problems_of_every_split(wildcards):
    splits = [*grid.evaluation_splits(configuration, wildcards.task)]
    return problem_files(wildcards.task, [*splits, *training_splits(wildcards.task)])


def described_problems(wildcards, input):
    return options("--problems", input.problems)


def responses_to(task, variant, split):
    return f"results/data/{task}/responses/{variant}/{split}.jsonl"


# Models.


def model_description(wildcards):
    """What a base is made from; how it is trained is handed over apart."""
    model = configuration.models[wildcards.ladder_model]
    return as_json(model.model_dump(mode="json", exclude={"training", "pretraining"}))


def pretraining_recipe(wildcards):
    return recipe_json(configuration.pretraining_of(wildcards.ladder_model))


def hub_id(wildcards):
    return configuration.models[wildcards.hub_model].id


def hub_revision(wildcards):
    return configuration.models[wildcards.hub_model].revision


def base_folder(wildcards):
    model = configuration.models[wildcards.model]
    return model.path if model.kind == "folder" else f"results/models/{wildcards.model}"


# Runs.


def run_of(wildcards):
    return RUNS[RUN.format(**wildcards)]


def run_identity(wildcards):
    return as_json(asdict(run_of(wildcards)))


def training_recipe(wildcards):
    recipe = configuration.training_of(wildcards.model)
    return as_json(recipe.model_dump(mode="json", exclude={"keep_weights"}))


def training_responses(wildcards):
    run = run_of(wildcards)
    return responses_to(run.task, run.variant, f"train-n{run.n_train}")


def reference_responses(wildcards):
    """Only a run matched on target tokens reads another variant's responses."""
    run = run_of(wildcards)
    if run.match != "target_tokens":
        return []
    reference = configuration.training_of(run.model).reference_variant
    return [responses_to(run.task, reference, f"train-n{run.n_train}")]


def reference_option(wildcards, input):
    return options("--reference", input.reference)


def start_option(wildcards):
    model = configuration.models[wildcards.model]
    random = model.kind == "ladder" and model.start == "random"
    return "--random-weights" if random else ""


def kept_or_temporary(output):
    return output if configuration.training.keep_weights == "all" else temp(output)


# Evaluation.


def evaluation_responses(wildcards):
    return responses_to(wildcards.task, wildcards.variant, wildcards.split)


def digits_option(wildcards):
    recipe = configuration.training_of(wildcards.model)
    return "--space-digits" if recipe.space_digits else ""


def evaluation_problems(wildcards):
    return problem_files(wildcards.task, grid.evaluation_splits(configuration, wildcards.task))


def evaluation_responses_of_every_split(wildcards):
    splits = grid.evaluation_splits(configuration, wildcards.task)
    return [responses_to(wildcards.task, wildcards.variant, split) for split in splits]


def predictions_of_every_split(wildcards):
    splits = grid.evaluation_splits(configuration, wildcards.task)
    return [f"{RUN}/predictions-{split}.jsonl".format(**wildcards) for split in splits]


def scored_splits(wildcards, input):
    return " ".join(
        (
            options("--problems", input.problems),
            options("--responses", input.responses),
            options("--predictions", input.predictions),
        )
    )


# Studies.


def every_study(pattern):
    return [pattern.format(study=study) for study in configuration.studies]


def every_dataset():
    tasks = grid.tasks_used(configuration)
    return [f"results/data/{task}/description.json" for task in tasks]


def every_base():
    made = [name for name in grid.bases_used(configuration) if name in LADDER + HUB]
    return [f"results/models/{name}" for name in made]


def every_run(file):
    return [f"{directory}/{file}" for directory in RUNS]


def files_of_runs(file):
    """Give the input function that lists one file of every run of a study."""
    return lambda wildcards: [
        f"{directory}/{file}" for directory, run in RUNS.items() if run.study == wildcards.study
    ]


def every_figure():
    return [
        f"results/figures/{name}/{figure}.pdf"
        for name, study in configuration.studies.items()
        for figure in study.figures
    ]


def figures_of_study(wildcards):
    figures = configuration.studies[wildcards.study].figures
    return [f"results/figures/{wildcards.study}/{figure}.pdf" for figure in figures]


def manifest_of_study(wildcards):
    runs = [run for run in RUNS.values() if run.study == wildcards.study]
    return json.dumps([{**asdict(run), "directory": run.directory} for run in runs], indent=1)


def tasks_of_study(wildcards):
    runs = RUNS.values()
    return sorted({run.task for run in runs if run.study == wildcards.study})


def descriptions_of_study(wildcards):
    return [f"results/data/{task}/description.json" for task in tasks_of_study(wildcards)]


def description_options(wildcards):
    return " ".join(
        f"--descriptions {task}=results/data/{task}/description.json"
        for task in tasks_of_study(wildcards)
    )


def claim_options(wildcards):
    claims = configuration.studies[wildcards.study].claims
    return " ".join(f"--claim {claim}" for claim in claims)


def variants_of_study(wildcards):
    runs = RUNS.values()
    return sorted({run.variant for run in runs if run.study == wildcards.study})


def variant_kind_options(wildcards):
    """Say which kind a variant with a name of its own is."""
    return " ".join(
        f"--variant {name}={configuration.variants[name].kind}"
        for name in variants_of_study(wildcards)
        if name in configuration.variants
    )


def code_of_claims(wildcards):
    claims = sorted((SCRIPTS / "showhow/analysis/claims").glob("*.py"))
    variants = map(variant_module, variants_of_study(wildcards))
    modules = [*(f"analysis/claims/{file.name}" for file in claims), *variants]
    return code_of("decide_claims", modules, libraries=("statsmodels", "scipy"))


def code_of_figure(wildcards):
    return code_of("draw_figure", [f"figures/{wildcards.figure}.py"], libraries=("matplotlib",))


def reported_figures(wildcards):
    return " ".join(f"--figure {figure}" for figure in configuration.studies[REPORTED].figures)


def results_of_study(wildcards):
    """List what a study ends in; the report is of the first study alone."""
    study, figures = wildcards.study, figures_of_study(wildcards)
    page = ["results/report.html"] if study == REPORTED else []
    tables = (".csv", ".parquet", "-items.parquet", "-groups.csv", "-costs.csv")
    files = [f"results/tables/{study}{end}" for end in tables]
    files += [f"results/claims/{study}{end}" for end in (".csv", "-by-task.csv")]
    return [*page, *files, *figures, *(figure.replace(".pdf", ".png") for figure in figures)]


def resolved_configuration(wildcards):
    return yaml.safe_dump(configuration.model_dump(mode="json"), sort_keys=False)


def write_whole(path, text, log):
    try:
        write_text(path, text)
        write_text(log, f"Wrote {path}.\n")
    except OSError as error:
        raise WorkflowError(refusal(error) or str(error)) from None
