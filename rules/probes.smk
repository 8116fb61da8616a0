# What is measured of a base model before fine-tuning. Its jobs ask for what a prediction does.


# How familiar a variant's responses are to a base.
rule measure_perplexity:
    input:
        base=ancient(bases.base),
        checksums=bases.checksums,
        responses=by_content(probes.responses),
    output:
        examples=f"{paths.PROBE}/{{split}}.jsonl",
        summary=f"{paths.PROBE}/{{split}}.json",
        cost=record_of("measure_perplexity"),
    log:
        log_of("measure_perplexity"),
    conda:
        "../envs/models.yaml"
    threads: ask.cores("predict")
    resources:
        **ask.gpus_memory_and_time("predict"),
    params:
        options=probes.measuring_perplexity,
        selection=selected.measured(probes.responses),
        code=code.of("measure_perplexity", libraries=MODELS),
    shell:
        'python "$SHOWHOW_RUN" --warm models measure_perplexity'
        " --model {input.base:q} --responses {input.responses:q} --options {params.options:q}"
        " --gpus {resources.gpu} --examples {output.examples:q} --output {output.summary:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# How well a base knows the answers to problems: of the training problems that sets are picked from,
# and of those to evaluate on.
rule measure_memory:
    input:
        base=ancient(bases.base),
        checksums=bases.checksums,
        problems=by_content(data.problems),
    output:
        memory=f"{paths.MEMORY}-{{split}}.jsonl",
        cost=record_of("measure_memory"),
    log:
        log_of("measure_memory"),
    conda:
        "../envs/models.yaml"
    threads: ask.cores("predict")
    resources:
        **ask.gpus_memory_and_time("predict"),
    params:
        options=probes.measuring_memory,
        selection=selected.scored(data.problems),
        code=code.of("measure_memory", libraries=MODELS),
    shell:
        'python "$SHOWHOW_RUN" --warm models measure_memory'
        " --model {input.base:q} --problems {input.problems:q} --options {params.options:q}"
        " --gpus {resources.gpu}"
        " --output {output.memory:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# The same in full for some problems, to say what a cheaper measurement is worth.
use rule measure_memory as measure_memory_in_full with:
    output:
        memory=f"{paths.MEMORY}-in-full-{{split}}.jsonl",
        cost=record_of("measure_memory_in_full"),
    log:
        log_of("measure_memory_in_full"),
    params:
        options=probes.measuring_memory_in_full,
        selection=selected.scored(data.problems),
        code=code.of("measure_memory", libraries=MODELS),


rule tabulate_memory:
    input:
        parts=by_content(probes.memory_files),
    output:
        table="results/tables/{study}-memory.csv",
        per_item="results/tables/{study}-memory-items.parquet",
        cost=record_of("tabulate_memory"),
    log:
        log_of("tabulate_memory"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=probes.tabulating_memory,
        selection=selected.scored(probes.memory_files),
        code=code.of("tabulate_memory", libraries=(*TABLES, "pyarrow")),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis tabulate_memory'
        " --options {params.options:q} --table {output.table:q} --items {output.per_item:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# Whether the bases know facts and do not answer questions about them before fine-tuning.
rule tabulate_checks:
    input:
        runs="results/tables/{study}.parquet",
        per_item="results/tables/{study}-items.parquet",
        memory="results/tables/{study}-memory-items.parquet",
    output:
        table="results/tables/{study}-checks.csv",
        cost=record_of("tabulate_checks"),
    log:
        log_of("tabulate_checks"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=tables.checking,
        code=code.of("tabulate_checks", libraries=(*TABLES, "scipy", "statsmodels")),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis tabulate_checks'
        " --runs {input.runs:q} --items {input.per_item:q} --memory {input.memory:q}"
        " --options {params.options:q}"
        " --output {output.table:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule tabulate_perplexity:
    input:
        summaries=probes.perplexities,
    output:
        table="results/tables/{study}-perplexity.csv",
        cost=record_of("tabulate_perplexity"),
    log:
        log_of("tabulate_perplexity"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=probes.tabulating,
        code=code.of("tabulate_perplexity", libraries=TABLES),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis tabulate_perplexity'
        " --summary {input.summaries:q} --options {params.options:q}"
        " --output {output.table:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# What the base itself answers, before any fine-tuning.
use rule predict as predict_untuned with:
    input:
        model=ancient(bases.base),
        base=[],
        checksums=bases.checksums,
        responses=by_content(evaluation.responses),
    output:
        predictions=f"{paths.UNTUNED}/predictions.jsonl",
        cost=record_of("predict_untuned"),
    log:
        log_of("predict_untuned"),


use rule score as score_untuned with:
    input:
        problems=by_content(evaluation.problems),
        responses=by_content(evaluation.responses),
        predictions=f"{paths.UNTUNED}/predictions.jsonl",
    output:
        scores=f"{paths.UNTUNED}/scores.json",
        per_item=f"{paths.UNTUNED}/items.jsonl",
        cost=record_of("score_untuned"),
    log:
        log_of("score_untuned"),


rule tabulate_untuned:
    input:
        scores=probes.untuned_scores,
    output:
        table="results/tables/{study}-untuned.csv",
        cost=record_of("tabulate_untuned"),
    log:
        log_of("tabulate_untuned"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=probes.tabulating_untuned,
        code=code.of("tabulate_untuned", libraries=(*TABLES, "statsmodels")),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis tabulate_untuned'
        " --options {params.options:q}"
        " --output {output.table:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# What a fine-tuned model keeps of tasks outside its training data.
rule measure_retention:
    input:
        model=ancient(f"{paths.RUN}/model"),
        record=f"{paths.RUN}/train.json",
        base=ancient(bases.base),
        checksums=bases.checksums,
        tasks=by_content(probes.retained_files),
    output:
        retention=f"{paths.RUN}/retention.json",
        per_item=f"{paths.RUN}/retention-items.jsonl",
        cost=record_of("measure_retention"),
    log:
        log_of("measure_retention"),
    priority: 1
    conda:
        "../envs/models.yaml"
    threads: ask.cores("predict")
    resources:
        **ask.gpus_memory_and_time("predict"),
    params:
        options=probes.measuring_retention,
        selection=selected.read(probes.retained_files),
        code=code.measuring_retention,
    shell:
        'python "$SHOWHOW_RUN" --warm models measure_retention'
        " --model {input.model:q} --base {input.base:q} --options {params.options:q}"
        " --gpus {resources.gpu} --items {output.per_item:q} --output {output.retention:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule tabulate_retention:
    input:
        manifest=paths.MANIFEST,
        retention=tables.files_of_runs("retention.json"),
        per_item=tables.files_of_runs("retention-items.jsonl"),
    output:
        table="results/tables/{study}-retention.csv",
        per_item="results/tables/{study}-retention-items.parquet",
        cost=record_of("tabulate_retention"),
    log:
        log_of("tabulate_retention"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        code=code.of("tabulate_retention", libraries=(*TABLES, "pyarrow", "statsmodels")),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis tabulate_retention'
        " --manifest {input.manifest:q}"
        " --table {output.table:q} --items {output.per_item:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# Whether its answers follow from its explanations: one step is changed, and it goes on from there.
rule measure_faithfulness:
    input:
        model=ancient(f"{paths.RUN}/model"),
        record=f"{paths.RUN}/train.json",
        base=ancient(evaluation.base_of_adapter),
        problems=by_content(probes.test_problems),
        predictions=f"{paths.RUN}/predictions.jsonl",
    output:
        faithfulness=f"{paths.RUN}/faithfulness.json",
        per_item=f"{paths.RUN}/faithfulness-items.jsonl",
        cost=record_of("measure_faithfulness"),
    log:
        log_of("measure_faithfulness"),
    priority: 1
    conda:
        "../envs/models.yaml"
    threads: ask.cores("predict")
    resources:
        **ask.gpus_memory_and_time("predict"),
    params:
        options=probes.measuring_faithfulness,
        selection=selected.scored(probes.test_problems),
        code=code.measuring_faithfulness,
    shell:
        'python "$SHOWHOW_RUN" --warm models measure_faithfulness'
        " --model {input.model:q} --base {input.base:q} --problems {input.problems:q}"
        " --predictions {input.predictions:q} --options {params.options:q}"
        " --gpus {resources.gpu} --items {output.per_item:q} --output {output.faithfulness:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule tabulate_faithfulness:
    input:
        manifest=paths.MANIFEST,
        faithfulness=probes.faithfulness_files,
    output:
        table="results/tables/{study}-faithfulness.csv",
        cost=record_of("tabulate_faithfulness"),
    log:
        log_of("tabulate_faithfulness"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=probes.tabulating_faithfulness,
        code=code.of("tabulate_faithfulness", libraries=TABLES),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis tabulate_faithfulness'
        " --manifest {input.manifest:q} --options {params.options:q} --table {output.table:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
