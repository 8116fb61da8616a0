# The study for someone else: one file that describes itself (Workflow Run RO-Crate).


def results_of_study(wildcards):
    """List what a study ends in; the report is of the first study alone."""
    study = wildcards.study
    tables = (".csv", ".parquet", "-items.parquet", "-groups.csv", "-costs.csv")
    claims = [f"results/claims/{study}.csv", f"results/claims/{study}-by-task.csv"]
    figures = figures_of_study(wildcards)
    pictures = [figure.replace(".pdf", ".png") for figure in figures]
    page = ["results/report.html"] if study == REPORTED else []
    return [
        *page,
        *(f"results/tables/{study}{end}" for end in tables),
        *claims,
        *figures,
        *pictures,
    ]


def result_options(wildcards, input):
    return options("--result", input.results)


def title_of_study(wildcards):
    return configuration.studies[wildcards.study].title


def code_of_crate(wildcards):
    return code_of("export_crate", libraries=("rocrate",))


rule export_crate:
    input:
        manifest="results/tables/{study}-runs.json",
        configuration="results/configuration.yaml",
        results=results_of_study,
    output:
        crate="results/{study}.crate.zip",
    log:
        "logs/export_crate/{study}.log",
    benchmark:
        "results/benchmarks/export_crate/{study}.tsv"
    conda:
        "../envs/crate.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        title=title_of_study,
        results=result_options,
        code=code_of_crate,
    shell:
        "python workflow_scripts/export_crate.py --study {wildcards.study} --title {params.title:q}"
        " --manifest {input.manifest:q} --configuration {input.configuration:q} {params.results}"
        " --cost-folder results/costs --output {output.crate:q} --code {params.code} 2> {log:q}"
