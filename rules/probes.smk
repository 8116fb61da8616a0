# What is measured of a base model before fine-tuning. Its jobs ask for what a prediction does.


# How familiar a variant's responses are to a base.
rule measure_perplexity:
    input:
        base=base_folder,
        checksums=base_checksums,
        responses=probed_responses,
    output:
        examples=f"{PROBE}/{{split}}.jsonl",
        summary=f"{PROBE}/{{split}}.json",
        cost=f"results/costs/measure_perplexity/{PROBE_NAME}/{{split}}.json",
    log:
        f"logs/measure_perplexity/{PROBE_NAME}/{{split}}.log",
    benchmark:
        f"results/benchmarks/measure_perplexity/{PROBE_NAME}/{{split}}.tsv"
    conda:
        "../envs/models.yaml"
    threads: cores_for("predict")
    resources:
        gpu=gpus_for("predict"),
        gpu_model=gpu_model_for("predict"),
        mem_mb=memory_for("predict"),
        runtime=minutes_for("predict"),
    params:
        identity=probe_identity,
        settings=recipe_json(configuration.probes),
        digits=digits_option,
        code=code_of("measure_perplexity", libraries=MODEL_LIBRARIES),
    shell:
        "python workflow_scripts/run.py --warm models measure_perplexity"
        " --identity {params.identity:q} --model {input.base:q} --responses {input.responses:q} {params.digits}"
        " --settings {params.settings:q} --gpus {resources.gpu}"
        " --examples {output.examples:q} --output {output.summary:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# How well a base knows the answers to problems: of the training problems that sets are picked from,
# and of those to evaluate on.
rule measure_memory:
    input:
        base=base_folder,
        checksums=base_checksums,
        problems="results/data/{task}/problems/{split}.jsonl",
    output:
        memory=f"{MEMORY}-{{split}}.jsonl",
        cost=f"results/costs/measure_memory/{MEMORY_NAME}/{{split}}.json",
    log:
        f"logs/measure_memory/{MEMORY_NAME}/{{split}}.log",
    benchmark:
        f"results/benchmarks/measure_memory/{MEMORY_NAME}/{{split}}.tsv"
    conda:
        "../envs/models.yaml"
    threads: cores_for("predict")
    resources:
        gpu=gpus_for("predict"),
        gpu_model=gpu_model_for("predict"),
        mem_mb=memory_for("predict"),
        runtime=minutes_for("predict"),
    params:
        settings=memory_settings,
        first="",
        digits=digits_option,
        code=code_of("measure_memory", libraries=MODEL_LIBRARIES),
    shell:
        "python workflow_scripts/run.py --warm models measure_memory"
        " --model {input.base:q} --problems {input.problems:q} {params.first} {params.digits}"
        " --settings {params.settings:q} --gpus {resources.gpu}"
        " --output {output.memory:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# The same in full for some problems, to say what a cheaper measurement is worth.
use rule measure_memory as measure_memory_in_full with:
    output:
        memory=f"{MEMORY}-in-full-{{split}}.jsonl",
        cost=f"results/costs/measure_memory_in_full/{MEMORY_NAME}/{{split}}.json",
    log:
        f"logs/measure_memory_in_full/{MEMORY_NAME}/{{split}}.log",
    benchmark:
        f"results/benchmarks/measure_memory_in_full/{MEMORY_NAME}/{{split}}.tsv"
    params:
        settings=memory_settings_in_full,
        first=first_in_full,
        digits=digits_option,
        code=code_of("measure_memory", libraries=MODEL_LIBRARIES),


rule tabulate_memory:
    input:
        parts=memory_files_of_study,
    output:
        table="results/tables/{study}-memory.csv",
        per_item="results/tables/{study}-memory-items.parquet",
        cost="results/costs/tabulate_memory/{study}.json",
    log:
        "logs/tabulate_memory/{study}.log",
    benchmark:
        "results/benchmarks/tabulate_memory/{study}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        parts=memory_options,
        code=code_of("tabulate_memory", libraries=(*TABLE_LIBRARIES, "pyarrow")),
    shell:
        "python workflow_scripts/run.py --warm analysis tabulate_memory"
        " --study {wildcards.study} {params.parts}"
        " --table {output.table:q} --items {output.per_item:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule tabulate_perplexity:
    input:
        summaries=perplexities_of_study,
    output:
        table="results/tables/{study}-perplexity.csv",
        cost="results/costs/tabulate_perplexity/{study}.json",
    log:
        "logs/tabulate_perplexity/{study}.log",
    benchmark:
        "results/benchmarks/tabulate_perplexity/{study}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        summaries=summary_options,
        code=code_of("tabulate_perplexity", libraries=TABLE_LIBRARIES),
    shell:
        "python workflow_scripts/run.py --warm analysis tabulate_perplexity"
        " --study {wildcards.study} {params.summaries}"
        " --output {output.table:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# What the base itself answers, before any fine-tuning.
use rule predict as predict_untuned with:
    input:
        model=base_folder,
        base=no_adapter,
        checksums=base_checksums,
        responses=evaluation_responses_of_every_split,
    output:
        predictions=f"{UNTUNED}/predictions.jsonl",
        cost=f"results/costs/predict_untuned/{PROBE_NAME}.json",
    log:
        f"logs/predict_untuned/{PROBE_NAME}.log",
    benchmark:
        f"results/benchmarks/predict_untuned/{PROBE_NAME}.tsv"


use rule score as score_untuned with:
    input:
        problems=evaluation_problems,
        responses=evaluation_responses_of_every_split,
        predictions=f"{UNTUNED}/predictions.jsonl",
    output:
        scores=f"{UNTUNED}/scores.json",
        per_item=f"{UNTUNED}/items.jsonl",
        cost=f"results/costs/score_untuned/{PROBE_NAME}.json",
    log:
        f"logs/score_untuned/{PROBE_NAME}.log",
    benchmark:
        f"results/benchmarks/score_untuned/{PROBE_NAME}.tsv"


rule tabulate_untuned:
    input:
        scores=untuned_scores_of_study,
    output:
        table="results/tables/{study}-untuned.csv",
        cost="results/costs/tabulate_untuned/{study}.json",
    log:
        "logs/tabulate_untuned/{study}.log",
    benchmark:
        "results/benchmarks/tabulate_untuned/{study}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        scores=untuned_options,
        code=code_of("tabulate_untuned", libraries=(*TABLE_LIBRARIES, "statsmodels")),
    shell:
        "python workflow_scripts/run.py --warm analysis tabulate_untuned"
        " --study {wildcards.study} {params.scores}"
        " --output {output.table:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# What a fine-tuned model keeps of tasks outside its training data.
rule measure_retention:
    input:
        model=ancient(f"{RUN}/model"),
        record=f"{RUN}/train.json",
        base=base_folder,
        checksums=base_checksums,
        problems=retained_problems,
        responses=retained_responses,
        before=retained_before,
    output:
        retention=f"{RUN}/retention.json",
        per_item=f"{RUN}/retention-items.jsonl",
        cost=f"results/costs/measure_retention/{RUN_NAME}.json",
    log:
        f"logs/measure_retention/{RUN_NAME}.log",
    benchmark:
        f"results/benchmarks/measure_retention/{RUN_NAME}.tsv"
    priority: 1
    conda:
        "../envs/models.yaml"
    threads: cores_for("predict")
    resources:
        gpu=gpus_for("predict"),
        gpu_model=gpu_model_for("predict"),
        mem_mb=memory_for("predict"),
        runtime=minutes_for("predict"),
    params:
        tasks=retained_options,
        evaluation=recipe_json(configuration.evaluation),
        settings=recipe_json(configuration.probes),
        digits=digits_option,
        code=code_of_retention,
    shell:
        "python workflow_scripts/run.py --warm models measure_retention"
        " --model {input.model:q} --base {input.base:q} {params.tasks} {params.digits}"
        " --evaluation {params.evaluation:q} --settings {params.settings:q} --gpus {resources.gpu}"
        " --items {output.per_item:q} --output {output.retention:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule tabulate_retention:
    input:
        manifest="results/tables/{study}-runs.json",
        retention=files_of_runs("retention.json"),
        per_item=files_of_runs("retention-items.jsonl"),
    output:
        table="results/tables/{study}-retention.csv",
        per_item="results/tables/{study}-retention-items.parquet",
        cost="results/costs/tabulate_retention/{study}.json",
    log:
        "logs/tabulate_retention/{study}.log",
    benchmark:
        "results/benchmarks/tabulate_retention/{study}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        code=code_of("tabulate_retention", libraries=(*TABLE_LIBRARIES, "pyarrow", "statsmodels")),
    shell:
        "python workflow_scripts/run.py --warm analysis tabulate_retention"
        " --manifest {input.manifest:q}"
        " --table {output.table:q} --items {output.per_item:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
