# From runs to tables, from tables to claims.


# Which runs the study has; a file, because a thousand paths do not fit on a command line.
rule list_runs:
    output:
        manifest=paths.MANIFEST,
    log:
        log_of("list_runs"),
    params:
        runs=tables.manifest,
    run:
        write_whole(output.manifest, params.runs, log[0])


rule tabulate_runs:
    input:
        manifest=paths.MANIFEST,
        scores=tables.files_of_runs("scores.json"),
        per_item=tables.files_of_runs("items.jsonl"),
        predictions=tables.files_of_runs("predictions.jsonl"),
        records=tables.files_of_runs("train.json"),
        descriptions=tables.descriptions,
        shortcuts=tables.shortcuts,
    output:
        csv="results/tables/{study}.csv",
        parquet="results/tables/{study}.parquet",
        per_item="results/tables/{study}-items.parquet",
        groups="results/tables/{study}-groups.csv",
        cost=record_of("tabulate_runs"),
    log:
        log_of("tabulate_runs"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=2000,
    params:
        options=tables.tabulating_runs,
        code=code.of("tabulate_runs", libraries=(*TABLES, "pyarrow", "statsmodels")),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis tabulate_runs'
        " --manifest {input.manifest:q} --shortcuts {input.shortcuts:q}"
        " --options {params.options:q}"
        " --runs-csv {output.csv:q} --runs-parquet {output.parquet:q}"
        " --items-parquet {output.per_item:q} --groups-csv {output.groups:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule decide_claims:
    input:
        runs="results/tables/{study}.parquet",
        per_item="results/tables/{study}-items.parquet",
        perplexity=tables.measured("-perplexity.csv"),
        retention=tables.measured("-retention-items.parquet"),
        memory=tables.measured("-memory-items.parquet"),
        shortcuts=tables.shortcuts,
    output:
        claims=paths.CLAIMS,
        by_task="results/claims/{study}-by-task.csv",
        cost=record_of("decide_claims"),
    log:
        log_of("decide_claims"),
    conda:
        "../envs/analysis.yaml"
    threads: ask.cores("decide_claims")
    resources:
        **ask.memory_and_time("decide_claims"),
    params:
        options=tables.deciding,
        code=code.deciding,
    shell:
        'python "$SHOWHOW_RUN" --warm analysis decide_claims'
        " --runs {input.runs:q} --items {input.per_item:q} --perplexity {input.perplexity:q}"
        " --retention {input.retention:q} --memory {input.memory:q}"
        " --shortcuts {input.shortcuts:q} --options {params.options:q}"
        " --claims-csv {output.claims:q} --by-task-csv {output.by_task:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# By how much two variants that a study names differ, where it names any.
rule compare_variants:
    input:
        per_item="results/tables/{study}-items.parquet",
    output:
        comparisons=paths.COMPARISONS,
        cost=record_of("compare_variants"),
    log:
        log_of("compare_variants"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=2000,
    params:
        options=tables.comparing,
        code=code.of("compare_variants", libraries=(*TABLES, "pyarrow", "scipy")),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis compare_variants'
        " --items {input.per_item:q} --options {params.options:q}"
        " --comparisons-csv {output.comparisons:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# What the jobs cost differs from machine to machine, so it stands in a table of its own. Which jobs
# belong to the study, their records say: each what it read, so that from these inputs one finds all
# that they were made from.
rule tabulate_costs:
    input:
        manifest=paths.MANIFEST,
        results=tables.ends,
    output:
        costs=paths.COSTS_TABLE,
        cost=record_of("tabulate_costs"),
    log:
        log_of("tabulate_costs"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        records=tables.records,
        options=tables.tabulating_costs,
        code=code.of("tabulate_costs"),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis tabulate_costs'
        " --manifest {input.manifest:q} --results {input.results:q} --records {params.records:q}"
        " --options {params.options:q}"
        " --output {output.costs:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
