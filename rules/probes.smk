# What is measured of a base model before fine-tuning. Its jobs ask for what a prediction does.


# How familiar a variant's responses are to a base.
rule measure_perplexity:
    input:
        base=base_folder,
        checksums="results/models/{model}.sha256",
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
        "python workflow_scripts/warm_start.py workflow_scripts/measure_perplexity.py"
        " --identity {params.identity:q} --model {input.base:q} --responses {input.responses:q} {params.digits}"
        " --settings {params.settings:q} --gpus {resources.gpu}"
        " --examples {output.examples:q} --output {output.summary:q}"
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
        "python workflow_scripts/tabulate_perplexity.py --study {wildcards.study} {params.summaries}"
        " --output {output.table:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
