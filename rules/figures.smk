# Figures, and the report that shows them.


rule draw_figure:
    input:
        runs="results/tables/{study}.parquet",
        per_item="results/tables/{study}-items.parquet",
        groups="results/tables/{study}-groups.csv",
        claims=paths.CLAIMS,
        by_task="results/claims/{study}-by-task.csv",
        perplexity=tables.measured("-perplexity.csv"),
        retention=tables.measured("-retention-items.parquet"),
        memory=tables.measured("-memory-items.parquet"),
        faithfulness=tables.measured("-faithfulness.csv"),
        comparisons=tables.comparisons,
    output:
        pdf=paths.FIGURE,
        png=report(
            "results/figures/{study}/{figure}.png",
            caption="../report/figure.rst",
            category="{study}",
            labels={"figure": "{figure}"},
        ),
        caption="results/figures/{study}/{figure}.txt",
        views=directory("results/figures/{study}/{figure}-views"),
        cost=record_of("draw_figure"),
    log:
        log_of("draw_figure"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=tables.drawing,
        code=code.drawing,
    shell:
        'python "$SHOWHOW_RUN" --warm analysis draw_figure'
        " --runs {input.runs:q} --items {input.per_item:q} --groups {input.groups:q}"
        " --claims {input.claims:q} --by-task {input.by_task:q}"
        " --perplexity {input.perplexity:q} --retention {input.retention:q}"
        " --memory {input.memory:q} --faithfulness {input.faithfulness:q}"
        " --comparisons {input.comparisons:q}"
        " --options {params.options:q}"
        " --pdf {output.pdf:q} --png {output.png:q} --caption {output.caption:q}"
        " --views {output.views:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule write_configuration:
    output:
        configuration=paths.CONFIGURATION,
    log:
        "logs/write_configuration.log",
    params:
        configuration=tables.resolved_configuration,
    run:
        write_whole(output.configuration, params.configuration, log[0])


# Each study's report carries its name; that of the first one stands without it as well.
rule write_report:
    input:
        runs=tables.of_reported("results/tables/{study}.parquet"),
        claims=tables.of_reported(paths.CLAIMS),
        by_task=tables.of_reported("results/claims/{study}-by-task.csv"),
        comparisons=tables.comparisons,
        costs=tables.of_reported(paths.COSTS_TABLE),
        configuration=paths.CONFIGURATION,
        learning_rates=tables.reported_choices,
        registered=tables.registered,
        faithfulness=tables.reported_faithfulness,
        checks=tables.reported_checks,
        figures=tables.reported_figures,
        sources=tables.reported_sources,
        usages=tables.reported_usages,
        contamination=tables.reported_contamination,
        examples=tables.reported_examples,
    output:
        report=[paths.REPORT, paths.REPORT_OF_STUDY.format(study=studies.reported)],
        warnings=tables.warnings_of(studies.reported),
        cost=f"{paths.COSTS}/write_report/{studies.reported}.json",
    log:
        "logs/write_report.log",
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=tables.reporting,
        figures=tables.of_reported("results/figures/{study}"),
        code=code.reporting,
    shell:
        'python "$SHOWHOW_RUN" --warm analysis write_report'
        " --runs {input.runs:q} --claims {input.claims:q} --by-task {input.by_task:q}"
        " --comparisons {input.comparisons:q}"
        " --costs {input.costs:q} --configuration {input.configuration:q}"
        " --learning-rates {input.learning_rates:q} --registered {input.registered:q}"
        " --faithfulness {input.faithfulness:q}"
        " --checks {input.checks:q}"
        " --figures-folder {params.figures:q} --options {params.options:q}"
        " --output {output.report:q} --warnings {output.warnings:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


use rule write_report as write_report_of_study with:
    output:
        report=paths.REPORT_OF_STUDY,
        warnings=paths.WARNINGS,
        cost=f"{paths.COSTS}/write_report_of_study/{{study}}.json",
    log:
        "logs/write_report/{study}.log",
    wildcard_constraints:
        study=one_of(studies.not_reported),
