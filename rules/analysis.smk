# From runs to tables, from tables to claims.


# Which runs the study has; a file, because a thousand paths do not fit on a command line.
rule list_runs:
    output:
        manifest="results/tables/{study}-runs.json",
    log:
        "logs/list_runs/{study}.log",
    params:
        runs=manifest_of_study,
    run:
        write_whole(output.manifest, params.runs, log[0])


rule tabulate_runs:
    input:
        manifest="results/tables/{study}-runs.json",
        scores=files_of_runs("scores.json"),
        per_item=files_of_runs("items.jsonl"),
        records=files_of_runs("train.json"),
        descriptions=descriptions_of_study,
    output:
        csv="results/tables/{study}.csv",
        parquet="results/tables/{study}.parquet",
        per_item="results/tables/{study}-items.parquet",
        groups="results/tables/{study}-groups.csv",
        cost="results/costs/tabulate_runs/{study}.json",
    log:
        "logs/tabulate_runs/{study}.log",
    benchmark:
        "results/benchmarks/tabulate_runs/{study}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        descriptions=description_options,
        code=code_of("tabulate_runs", libraries=(*TABLE_LIBRARIES, "pyarrow", "statsmodels")),
    shell:
        "python workflow_scripts/run.py --warm analysis tabulate_runs"
        " --manifest {input.manifest:q} {params.descriptions}"
        " --runs-csv {output.csv:q} --runs-parquet {output.parquet:q}"
        " --items-parquet {output.per_item:q} --groups-csv {output.groups:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule decide_claims:
    input:
        runs="results/tables/{study}.parquet",
        per_item="results/tables/{study}-items.parquet",
        perplexity=perplexity_of_study,
        retention=retention_of_study,
        memory=memory_of_study,
    output:
        claims="results/claims/{study}.csv",
        by_task="results/claims/{study}-by-task.csv",
        cost="results/costs/decide_claims/{study}.json",
    log:
        "logs/decide_claims/{study}.log",
    benchmark:
        "results/benchmarks/decide_claims/{study}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: cores_for("decide_claims")
    resources:
        mem_mb=memory_for("decide_claims"),
        runtime=minutes_for("decide_claims"),
    params:
        claims=claim_options,
        kinds=variant_kind_options,
        voices=voice_options,
        measured=measured_options,
        resamples=f"--resamples {configuration.analysis.resamples}",
        seed=f"--seed {configuration.analysis.seed}",
        code=code_of_claims,
    shell:
        "python workflow_scripts/run.py --warm analysis decide_claims"
        " --runs {input.runs:q} --items {input.per_item:q} {params.claims} {params.kinds}"
        " {params.voices} {params.measured}"
        " {params.resamples} {params.seed}"
        " --claims-csv {output.claims:q} --by-task-csv {output.by_task:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# What the jobs cost differs from machine to machine, so it stands in a table of its own.
rule tabulate_costs:
    input:
        records=files_of_runs("scores.json"),
        claims="results/claims/{study}.csv",
        figures=figures_of_study,
    output:
        costs="results/tables/{study}-costs.csv",
        cost="results/costs/tabulate_costs/{study}.json",
    log:
        "logs/tabulate_costs/{study}.log",
    benchmark:
        "results/benchmarks/tabulate_costs/{study}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        code=code_of("tabulate_costs"),
    shell:
        "python workflow_scripts/run.py --warm analysis tabulate_costs"
        " --cost-folder results/costs"
        " --output {output.costs:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
