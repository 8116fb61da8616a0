# Figures, and the report that shows them.


rule draw_figure:
    input:
        runs="results/tables/{study}.parquet",
        per_item="results/tables/{study}-items.parquet",
        groups="results/tables/{study}-groups.csv",
        claims="results/claims/{study}.csv",
        by_task="results/claims/{study}-by-task.csv",
        perplexity=perplexity_of_study,
        retention=retention_of_study,
        memory=memory_of_study,
    output:
        pdf="results/figures/{study}/{figure}.pdf",
        png=report(
            "results/figures/{study}/{figure}.png",
            caption="../report/figure.rst",
            category="{study}",
            labels={"figure": "{figure}"},
        ),
        caption="results/figures/{study}/{figure}.txt",
        views=directory("results/figures/{study}/{figure}-views"),
        cost="results/costs/draw_figure/{study}/{figure}.json",
    log:
        "logs/draw_figure/{study}/{figure}.log",
    benchmark:
        "results/benchmarks/draw_figure/{study}/{figure}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        measured=measured_options,
        voices=voice_options,
        code=code_of_figure,
    shell:
        "python workflow_scripts/run.py --warm analysis draw_figure"
        " --figure {wildcards.figure}"
        " --runs {input.runs:q} --items {input.per_item:q} --groups {input.groups:q}"
        " --claims {input.claims:q} --by-task {input.by_task:q}"
        " {params.measured} {params.voices}"
        " --pdf {output.pdf:q} --png {output.png:q} --caption {output.caption:q}"
        " --views {output.views:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule write_configuration:
    output:
        configuration="results/configuration.yaml",
    log:
        "logs/write_configuration.log",
    params:
        configuration=resolved_configuration,
    run:
        write_whole(output.configuration, params.configuration, log[0])


# The first study's report stands by itself, those of the others carry their names.
rule write_report:
    input:
        runs=of_reported("results/tables/{study}.parquet"),
        claims=of_reported("results/claims/{study}.csv"),
        by_task=of_reported("results/claims/{study}-by-task.csv"),
        costs=of_reported("results/tables/{study}-costs.csv"),
        configuration="results/configuration.yaml",
        figures=figures_of_reported,
        sources=sources_of_reported,
        usages=usages_of_reported,
    output:
        report="results/report.html",
        cost=f"results/costs/write_report/{REPORTED}.json",
    log:
        "logs/write_report.log",
    benchmark:
        "results/benchmarks/write_report.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        study=reported,
        title=title_of_reported,
        figures=reported_figures,
        data=reported_data,
        code=code_of("write_report", libraries=("jinja2", "pandas")),
    shell:
        "python workflow_scripts/run.py --warm analysis write_report"
        " --study {params.study} --title {params.title:q}"
        " --runs {input.runs:q} --claims {input.claims:q} --by-task {input.by_task:q}"
        " --costs {input.costs:q} --configuration {input.configuration:q}"
        " --figures-folder results/figures/{params.study} {params.figures}"
        " {params.data}"
        " --output {output.report:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


use rule write_report as write_report_of_study with:
    output:
        report="results/report-{study}.html",
        cost="results/costs/write_report_of_study/{study}.json",
    log:
        "logs/write_report/{study}.log",
    benchmark:
        "results/benchmarks/write_report/{study}.tsv"
