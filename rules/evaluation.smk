# What each fine-tuned model answers, and how right it is. A run that is trained is finished before
# the next one starts, so that its weights go and its results are there.


rule predict:
    input:
        # The record stands for the weights: a folder's date says nothing about what is in it.
        model=ancient(f"{RUN}/model"),
        base=base_of_adapter,
        record=f"{RUN}/train.json",
        responses=evaluation_responses_of_every_split,
    output:
        predictions=f"{RUN}/predictions.jsonl",
        cost=f"results/costs/predict/{RUN_NAME}.json",
    log:
        f"logs/predict/{RUN_NAME}.log",
    benchmark:
        f"results/benchmarks/predict/{RUN_NAME}.tsv"
    priority: 1
    group:
        group_of_run
    conda:
        "../envs/models.yaml"
    threads: cores_for("predict")
    resources:
        gpu=gpus_for("predict"),
        gpu_model=gpu_model_for("predict"),
        gres=shared_gpu,
        mem_mb=memory_for("predict"),
        runtime=minutes_for("predict"),
    params:
        settings=recipe_json(configuration.evaluation),
        base=base_option,
        responses=reference_options,
        digits=digits_option,
        code=code_of_weights("predict"),
    shell:
        "python workflow_scripts/run.py --warm models predict"
        " --model {input.model:q} {params.base} {params.responses} {params.digits}"
        " --settings {params.settings:q} --gpus {resources.gpu}"
        " --output {output.predictions:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule score:
    input:
        problems=evaluation_problems,
        responses=evaluation_responses_of_every_split,
        predictions=f"{RUN}/predictions.jsonl",
    output:
        scores=f"{RUN}/scores.json",
        per_item=f"{RUN}/items.jsonl",
        cost=f"results/costs/score/{RUN_NAME}.json",
    log:
        f"logs/score/{RUN_NAME}.log",
    benchmark:
        f"results/benchmarks/score/{RUN_NAME}.tsv"
    priority: 2
    group:
        group_of_run
    # With the stages before it, in one job of a cluster, it shares their warm start.
    conda:
        "../envs/models.yaml"
    threads: cores_for("score")
    resources:
        gres=shared_gpu,
        mem_mb=memory_for("score"),
        runtime=minutes_for("score"),
    params:
        splits=scored_splits,
        form=answer_form_option,
        code=code_of_answers("score"),
    shell:
        "python workflow_scripts/run.py --warm models score"
        " {params.splits} --predictions {input.predictions:q} {params.form}"
        " --items {output.per_item:q} --output {output.scores:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
