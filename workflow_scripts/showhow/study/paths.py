"""Where everything is that the workflow makes: the one grammar of names, written and read here.

In braces stand Snakemake's wildcards. A run and a split are values that write their own names and
read them back; nothing else takes a path apart. Names begin with `results`, whichever folder that
is; `placed` gives the path in the folder that the configuration says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self, cast, get_args

from showhow.base.errors import ShowhowError
from showhow.base.surroundings import surroundings
from showhow.recipes.training import Match
from showhow.tasks.own_data.settings import FETCHED

RESULTS, LOGS = "results", "logs"

CONDITION = "{study}/{task}/{variant}/{model}/{budget}"
WILDCARDS_OF_CONDITION = ("study", "task", "variant", "model", "budget")
RUN_NAME = f"{CONDITION}/seed{{seed}}"
RUN = f"results/runs/{RUN_NAME}"
KEPT = f"results/kept/{CONDITION}.json"

TRIAL_NAME = f"{CONDITION}/rate{{rate}}"
TRIAL = f"results/trials/{TRIAL_NAME}"
"""A training with one of the learning rates that a condition's is chosen from."""
CHOSEN = f"results/trials/{CONDITION}/chosen.json"
VALIDATION = "validation"
"""The split on which it is chosen; no table of accuracy, claim or figure reads it."""

PROBLEMS = "results/data/{task}/problems/{split}.jsonl"
RESPONSES = "results/data/{task}/responses/{variant}/{split}.jsonl"
RESPONSES_FOR_BASE = "results/data/{task}/responses/{variant}/{model}/{split}.jsonl"
ANSWERS = "results/data/{task}/answers/{model}/{split}.jsonl"
WRITTEN = "results/data/{task}/written/{writing}/{split}.jsonl"
USAGE = "results/data/{task}/written/{writing}/{split}-usage.json"
REPLIES = "written/{task}/{writing}.jsonl"
"""All replies of a writer: outside the results, as they are paid for."""
DESCRIPTION = "results/data/{task}/description.json"
SHORTCUTS = "results/data/{task}/shortcuts.csv"
CONTAMINATION = "results/data/{task}/contamination-{corpus}.csv"
SOURCE = "results/data/{task}/source.json"
WARNINGS = "results/warnings-{study}.txt"
DROPPED = "results/data/{task}/dropped.csv"
CORPUS = "results/data/{corpus}.jsonl"

MODELS = "results/models"
BASE = f"{MODELS}/{{model}}"
GGUF_FILE = "results/fetched/{model}.gguf"
"""A model's file as it came out of its packages."""
CHECKSUMS = "results/models/{model}.sha256"

PROBE_NAME = "{model}/{task}/{variant}"
PROBE = f"results/probes/{PROBE_NAME}"
UNTUNED = f"{PROBE}/untuned"
MEMORY_NAME = "{model}/{task}"
MEMORY = f"results/probes/{MEMORY_NAME}/memory"

MANIFEST = "results/tables/{study}-runs.json"
RUN_TABLE = "results/tables/{study}.parquet"
COSTS_TABLE = "results/tables/{study}-costs.csv"
LEARNING_RATES = "results/tables/{study}-learning-rates.csv"
CHECKS = "results/tables/{study}-checks.csv"
FAITHFULNESS = "results/tables/{study}-faithfulness.csv"
CLAIMS = "results/claims/{study}.csv"
CLAIMS_BY_TASK = "results/claims/{study}-by-task.csv"
COMPARISONS = "results/claims/{study}-comparisons.csv"
TABLES = {
    "runs": RUN_TABLE,
    "claims": CLAIMS,
    "claims by task": CLAIMS_BY_TASK,
    "comparisons": COMPARISONS,
    "learning rates": LEARNING_RATES,
    "faithfulness": FAITHFULNESS,
    "checks": CHECKS,
    "costs": COSTS_TABLE,
}
"""The tables of a study that its report reads, by the names that sections know them by."""
REGISTERED = "registered/{study}.yaml"
"""What a study stated before its data: committed, and never written over."""
FIGURE = "results/figures/{study}/{figure}.pdf"
PICTURE = "results/figures/{study}/{figure}.png"
CAPTION = "results/figures/{study}/{figure}.txt"
VIEWS = "results/figures/{study}/{figure}-views"
CONFIGURATION = "results/configuration.yaml"

REPORT = "results/report.html"
REPORT_OF_STUDY = "results/report-{study}.html"

COSTS = "results/costs"
"""The records of all jobs."""
HOLDING = f"{COSTS}/configurations/{{study}}.yaml"
"""Which configuration's results these are, for the next one that is to make some here.

JSON, which is YAML as well; by its ending it is told from the records of jobs.
"""
JOB_NAMES = {
    "generate_problems": "{task}/{split}",
    "write_responses": "{task}/{variant}/{split}",
    "write_responses_for_base": "{task}/{variant}/{model}/{split}",
    "answer_problems": "{task}/{model}/{split}",
    "describe_data": "{task}",
    "describe_source": "{task}",
    "count_contamination": "{task}/{corpus}",
    "download_data": "{hub_file}",
    "ask_endpoint": "{task}/{endpoint_writing}/{split}",
    "ask_model": "{task}/{model_writing}/{split}",
    "take_written_responses": "{task}/{writing}/{split}",
    "write_corpus": "{corpus}",
    "pretrain": "{ladder_model}",
    "download": "{hub_model}",
    "fetch_package": "{package_model}",
    "convert_gguf": "{gguf_model}",
    "list_checksums": "{folder_model}",
    "measure_perplexity": f"{PROBE_NAME}/{{split}}",
    "measure_memory": f"{MEMORY_NAME}/{{split}}",
    "measure_memory_in_full": f"{MEMORY_NAME}/{{split}}",
    "predict_untuned": PROBE_NAME,
    "score_untuned": PROBE_NAME,
    "fine_tune": RUN_NAME,
    "predict": RUN_NAME,
    "score": RUN_NAME,
    "measure_retention": RUN_NAME,
    "measure_faithfulness": RUN_NAME,
    "keep_best": CONDITION,
    "try_learning_rate": TRIAL_NAME,
    "predict_trial": TRIAL_NAME,
    "score_trial": TRIAL_NAME,
    "choose_learning_rate": CONDITION,
    "tabulate_rates": "{study}",
    "list_runs": "{study}",
    "tabulate_runs": "{study}",
    "tabulate_costs": "{study}",
    "tabulate_perplexity": "{study}",
    "tabulate_untuned": "{study}",
    "tabulate_memory": "{study}",
    "tabulate_retention": "{study}",
    "tabulate_faithfulness": "{study}",
    "tabulate_checks": "{study}",
    "decide_claims": "{study}",
    "compare_variants": "{study}",
    "draw_figure": "{study}/{figure}",
    "write_report": "{study}",
    "export_crate": "{study}",
}
"""What tells the jobs of a rule apart, as in the paths of their logs and records."""

STAGES_OF_RULES = {"fine_tune_adapter": "fine_tune"}
"""Rules that run another rule's stage, with its logs and records, and keep more of its files."""


def stage_of(rule: str) -> str:
    """Name the rule by whose name a rule's jobs go, in plans as in the paths of their records."""
    return STAGES_OF_RULES.get(rule, rule)


def placed(path: str) -> str:
    """Give the path that a name has in the folder of results that the configuration says.

    Logs of results elsewhere lie there as well. What comes from the hub is known by its revision,
    and shared by all folders. A path that is no name of a result stays as it is.
    """
    folder = surroundings().results
    if folder == RESULTS or path.startswith(f"{FETCHED}/"):
        return path
    if path == RESULTS or path.startswith(f"{RESULTS}/"):
        return folder + path.removeprefix(RESULTS)
    return f"{folder}/{path}" if path == LOGS or path.startswith(f"{LOGS}/") else path


NAMING_A_MODEL = ("model", "ladder_model", "hub_model", "package_model", "gguf_model")
"""The wildcards that name the model that a job works on."""


def record_of(rule: str) -> str:
    """Name the record of a rule's job: what it cost, and where its results come from."""
    return f"{COSTS}/{rule}/{JOB_NAMES[rule]}.json"


def report_of(study: str, first: str) -> str:
    """Name the report of a study; that of a configuration's first one is without its name."""
    return REPORT if study == first else REPORT_OF_STUDY.format(study=study)


def log_of(rule: str) -> str:
    """Name the log of a rule's job."""
    return f"logs/{rule}/{JOB_NAMES[rule]}.log"


@dataclass(frozen=True)
class Base:
    """What runs start from: a model's base, one of several where the workflow makes more of them.

    The first has the model's own name, whether or not there are more; no model's name has an @.
    """

    model: str
    instance: int = 1

    def __str__(self) -> str:
        return self.model if self.instance == 1 else f"{self.model}@base{self.instance}"

    @classmethod
    def read(cls, name: str) -> Self:
        """Read a base's name back, such as `small` or `small@base2`."""
        model, _, instance = name.partition("@base")
        return cls(model, int(instance or 1))


@dataclass(frozen=True)
class JobName:
    """A job: its rule, and the wildcards that tell it from the rule's other jobs."""

    rule: str
    wildcards: Mapping[str, str]

    @classmethod
    def read(cls, record: str) -> Self | None:
        """Read the path of a job's record below the folder of records; None for another file."""
        rule, _, name = record.partition("/")
        form = _form(f"{JOB_NAMES[rule]}.json").fullmatch(name) if rule in JOB_NAMES else None
        return cls(rule, form.groupdict()) if form else None

    @property
    def record(self) -> str:
        """Name the job's record, below the folder of records."""
        return f"{self.rule}/{JOB_NAMES[self.rule]}.json".format(**self.wildcards)

    @property
    def model(self) -> str:
        """Name the model that the job works on, whichever its base; "" for a job without one."""
        named = (self.wildcards.get(key) for key in NAMING_A_MODEL)
        return Base.read(next(filter(None, named), "")).model


@lru_cache
def _form(pattern: str) -> re.Pattern[str]:
    """Make a regular expression of a pattern with wildcards; a writing may have two parts."""
    parts = re.split(r"\{(\w+)\}", pattern)
    names, rest = parts[1::2], parts[0::2]
    forms = [f"(?P<{name}>{'.+' if 'writing' in name else '[^/]+'})" for name in names] + [""]
    return re.compile(
        "".join(re.escape(text) + form for text, form in zip(rest, forms, strict=True))
    )


@dataclass(frozen=True)
class Split:
    """A set of problems: one to evaluate on, or a training set, of one stream's first n_train.

    name: as a task names it; "train" for all training sets. draw: the seed that a training set is
    drawn for, with a stream of its own; 0 for one that all seeds share, or seed 0's.
    """

    name: str
    n_train: int = 0
    draw: int = 0

    def __str__(self) -> str:
        if not self.is_training:
            return self.name
        return f"{self.name}-n{self.n_train}" + (f"-draw{self.draw}" if self.draw else "")

    @property
    def is_training(self) -> bool:
        return self.n_train > 0

    @classmethod
    def training(cls, n_train: int, draw: int = 0) -> Self:
        """Give a training set of so many problems."""
        return cls("train", n_train, draw)

    def drawn(self, draw: int) -> "Split":
        """Give the training set of the same size that another seed draws."""
        return replace(self, draw=draw)

    @classmethod
    def read(cls, name: str) -> Self:
        """Read a split's name back, such as `test`, `train-n24` or `train-n24-draw3`."""
        form = re.fullmatch(r"train-n([0-9]+)(?:-draw([0-9]+))?", name)
        return cls.training(int(form[1]), int(form[2] or 0)) if form else cls(name)


@dataclass(frozen=True)
class DataFile:
    """A split's problems, or the responses of a variant to them; variant: "" for the problems."""

    task: str
    split: Split
    variant: str = ""

    @classmethod
    def read(cls, path: str) -> Self | None:
        """Read a file's name back; None for any other file, and for responses for one base."""
        for pattern in (PROBLEMS, RESPONSES):
            if form := _form(pattern).fullmatch(path):
                names = form.groupdict()
                return cls(names["task"], Split.read(names["split"]), names.get("variant", ""))
        return None


@dataclass(frozen=True)
class Run:
    """One cell of a study."""

    study: str
    task: str
    variant: str
    model: str
    n_train: int
    match: Match
    seed: int

    @property
    def budget(self) -> str:
        """Name how much the run trains on, as in its path: `n1000`, `n1000-matched-steps`."""
        return f"n{self.n_train}" + ("" if self.match == "examples" else f"-matched-{self.match}")

    @property
    def condition(self) -> str:
        """Name what the run has in common with those that differ in the seed alone."""
        return f"{self.study}/{self.task}/{self.variant}/{self.model}/{self.budget}"

    @property
    def name(self) -> str:
        """Name the run, as `RUN_NAME` reads it."""
        return f"{self.condition}/seed{self.seed}"

    @property
    def directory(self) -> str:
        """Name the folder of the run's results."""
        return f"results/runs/{self.name}"

    @property
    def kept(self) -> str:
        """Name the record of which seed's weights stay."""
        return f"results/kept/{self.condition}.json"

    @property
    def chosen(self) -> str:
        """Name the record of which learning rate was chosen."""
        return f"results/trials/{self.condition}/chosen.json"

    def trial(self, rate: float) -> str:
        """Name the folder of the trial of a learning rate."""
        return f"results/trials/{self.condition}/rate{rate}"

    @classmethod
    def of(cls, wildcards: Mapping[str, str]) -> Self:
        """Read the run that the wildcards of `RUN` name."""
        n_train, match = parse_budget(wildcards["budget"])
        names = {key: wildcards[key] for key in ("study", "task", "variant", "model")}
        return cls(**names, n_train=n_train, match=match, seed=int(wildcards["seed"]))


def parse_budget(budget: str) -> tuple[int, Match]:
    """Read the training size and what it is matched on back from a path part."""
    matches = [match for match in get_args(Match) if match != "examples"]
    form = re.fullmatch(rf"n([1-9][0-9]*)(?:-matched-({'|'.join(matches)}))?", budget)
    if form is None:
        raise ShowhowError(
            f"'{budget}' is no training budget. Write n and the number of examples, such as "
            f"n1000, with -matched-{' or -matched-'.join(matches)} behind it where it applies."
        )
    return int(form[1]), cast(Match, form[2] or "examples")
