# What the rule of keeping.smk reads and is told.


def best_seeds(study):
    """Name the records of which seed is kept; there are some only where the best is."""
    if configuration.keeping.weights != "best":
        return []
    conditions = [run.condition for run in RUNS.values() if run.study == study]
    return [f"results/kept/{condition}.json" for condition in dict.fromkeys(conditions)]


def every_best_seed():
    return [record for study in configuration.studies for record in best_seeds(study)]


def runs_of_condition(wildcards):
    condition = "{study}/{task}/{variant}/{model}/{budget}".format(**wildcards)
    return [run for run in RUNS.values() if run.condition == condition]


def scores_of_seeds(wildcards):
    return [f"{run.directory}/scores.json" for run in runs_of_condition(wildcards)]


def run_options(wildcards):
    runs = runs_of_condition(wildcards)
    return " ".join(f"--run {run.seed}={shlex.quote(run.directory)}" for run in runs)
