# What each fine-tuned model answers, and how right it is. A run that is trained is finished before
# the next one starts, so that its weights go and its results are there.


rule predict:
    input:
        # The record stands for the weights: a folder's date says nothing about what is in it.
        model=ancient(f"{paths.RUN}/model"),
        base=ancient(evaluation.base_of_adapter),
        record=f"{paths.RUN}/train.json",
        responses=by_content(evaluation.responses),
    output:
        predictions=f"{paths.RUN}/predictions.jsonl",
        cost=record_of("predict"),
    log:
        log_of("predict"),
    priority: 1
    group:
        group_of_run
    conda:
        "../envs/models.yaml"
    threads: ask.cores("predict")
    resources:
        **ask.gpus_memory_and_time("predict"),
        gres=ask.shared_gpu,
    params:
        options=evaluation.predicting,
        selection=selected.answered(evaluation.responses),
        code=code.with_weights("predict"),
    shell:
        'python "$SHOWHOW_RUN" --warm models predict'
        " --model {input.model:q} --base {input.base:q} --responses {input.responses:q}"
        " --options {params.options:q} --gpus {resources.gpu}"
        " --output {output.predictions:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule score:
    input:
        problems=by_content(evaluation.problems),
        responses=by_content(evaluation.responses),
        predictions=f"{paths.RUN}/predictions.jsonl",
    output:
        scores=f"{paths.RUN}/scores.json",
        per_item=f"{paths.RUN}/items.jsonl",
        cost=record_of("score"),
    log:
        log_of("score"),
    priority: 2
    group:
        group_of_run
    # With the stages before it, in one job of a cluster, it shares their warm start.
    conda:
        "../envs/models.yaml"
    threads: ask.cores("score")
    resources:
        **ask.memory_and_time("score"),
        gres=ask.shared_gpu,
    params:
        options=evaluation.scoring,
        selection=selected.scored(evaluation.problems, evaluation.responses),
        code=code.reading_answers("score"),
    shell:
        'python "$SHOWHOW_RUN" --warm models score'
        " --problems {input.problems:q} --responses {input.responses:q}"
        " --predictions {input.predictions:q} --options {params.options:q}"
        " --items {output.per_item:q} --output {output.scores:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
