# What the rules of analysis.smk and figures.smk read and are told, and the named targets.


def every_study(pattern):
    return [pattern.format(study=study) for study in configuration.studies]


def every_dataset():
    tasks = grid.tasks_used(configuration)
    return [f"results/data/{task}/description.json" for task in tasks] + sources_of(tasks)


def sources_of(tasks):
    """List what is said of the files of the user's own data."""
    return [
        f"results/data/{task}/source.json"
        for task in sorted(tasks)
        if configuration.tasks[task].kind == "dataset"
    ]


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
    return [file for study in configuration.studies for file in figures_of(study)]


def figures_of(study):
    return [f"results/figures/{study}/{name}.pdf" for name in configuration.studies[study].figures]


def figures_of_study(wildcards):
    return figures_of(wildcards.study)


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


def voice_options(wildcards):
    """Say which voice is familiar to the bases that have one."""
    runs = RUNS.values()
    models = sorted({run.model for run in runs if run.study == wildcards.study})
    voices = {model: configuration.voice_of(model) for model in models}
    return " ".join(f"--voice {model}={voice}" for model, voice in voices.items() if voice)


def perplexity_of_study(wildcards):
    table = f"results/tables/{wildcards.study}-perplexity.csv"
    return [table] if probes_of(wildcards.study).perplexity else []


def retention_of_study(wildcards):
    table = f"results/tables/{wildcards.study}-retention-items.parquet"
    return [table] if probes_of(wildcards.study).retention else []


def memory_of_study(wildcards):
    table = f"results/tables/{wildcards.study}-memory-items.parquet"
    return [table] if probes_of(wildcards.study).memory else []


def measured_options(wildcards, input):
    return " ".join(
        (
            options("--perplexity", input.perplexity),
            options("--retention", input.retention),
            options("--memory", input.memory),
        )
    ).strip()


def code_of_claims(wildcards):
    claims = configuration.studies[wildcards.study].claims or claim_ids()
    variants = map(variant_module, variants_of_study(wildcards))
    modules = [*map(claim_file, claims), *variants]
    return code_of("decide_claims", modules, (*TABLE_LIBRARIES, "scipy", "statsmodels"))


def code_of_figure(wildcards):
    modules = [figure_files()[wildcards.figure]]
    return code_of("draw_figure", modules, (*TABLE_LIBRARIES, "matplotlib"))


def check_name_is_free(study):
    """Refuse a study with the name of another target: asking for it would not mean the study."""
    if study in [made_by.name for made_by in workflow.rules]:
        raise WorkflowError(
            f"studies.{study} has the name of a target of the workflow, so that 'snakemake "
            f"{study}' would not mean the study; rename it."
        )


def report_of(study):
    return "results/report.html" if study == REPORTED else f"results/report-{study}.html"


def end_of(study):
    """List what a study is done with: report, costs, what was probed, read, and what is kept."""
    costs = f"results/tables/{study}-costs.csv"
    sources = sources_of({run.task for run in RUNS.values() if run.study == study})
    return [report_of(study), costs, *probe_tables(study), *sources, *best_seeds(study)]


def reported(wildcards):
    """Name the study of a report; the one without a name in its path is the first."""
    return wildcards.get("study", REPORTED)


def of_reported(pattern):
    return lambda wildcards: pattern.format(study=reported(wildcards))


def figures_of_reported(wildcards):
    return figures_of(reported(wildcards))


def title_of_reported(wildcards):
    return configuration.studies[reported(wildcards)].title


def reported_figures(wildcards):
    figures = configuration.studies[reported(wildcards)].figures
    return " ".join(f"--figure {figure}" for figure in figures)


def sources_of_reported(wildcards):
    study = reported(wildcards)
    return sources_of({run.task for run in RUNS.values() if run.study == study})


def writings_of_reported(wildcards):
    """List the task and the writing of what was written for a study."""
    study = reported(wildcards)
    return sorted(
        {
            (run.task, writing_of(run.variant, run.model))
            for run in RUNS.values()
            if run.study == study and is_written(run.variant)
        }
    )


def usages_of_reported(wildcards):
    return [usage_of_writing(*each) for each in writings_of_reported(wildcards)]


def reported_data(wildcards):
    sources = [
        f"--source {shlex.quote(f'{Path(file).parent.name}={file}')}"
        for file in sources_of_reported(wildcards)
    ]
    usages = [
        f"--usage {shlex.quote(f'{task}/{writing}={usage_of_writing(task, writing)}')}"
        for task, writing in writings_of_reported(wildcards)
    ]
    return " ".join((*sources, *usages))


def results_of_study(wildcards):
    """List what a study ends in."""
    study, figures = wildcards.study, figures_of_study(wildcards)
    tables = (".csv", ".parquet", "-items.parquet", "-groups.csv", "-costs.csv")
    files = [f"results/tables/{study}{end}" for end in tables]
    files += [f"results/claims/{study}{end}" for end in (".csv", "-by-task.csv")]
    return [
        report_of(study),
        *files,
        *figures,
        *(figure.replace(".pdf", ".png") for figure in figures),
    ]


def result_options(wildcards, input):
    return options("--result", input.results)


def title_of_study(wildcards):
    return configuration.studies[wildcards.study].title


def code_of_crate(wildcards):
    return code_of("export_crate", libraries=("rocrate",))


def resolved_configuration(wildcards):
    return yaml.safe_dump(configuration.resolved(), sort_keys=False)


def write_whole(path, text, log):
    try:
        write_text(path, text)
        write_text(log, f"Wrote {path}.\n")
    except OSError as error:
        raise WorkflowError(refusal(error) or str(error)) from None
