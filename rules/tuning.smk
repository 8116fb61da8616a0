# Where a study gives several learning rates, each condition gets the best: every rate is tried once,
# with a seed that no run has, and judged by problems that nothing else is asked.


use rule fine_tune as try_learning_rate with:
    input:
        base=ancient(bases.base),
        checksums=bases.checksums,
        responses=by_content(training.responses),
        reference=by_content(training.reference),
        validation=by_content(training.validation),
        validation_responses=by_content(training.validation_responses),
    output:
        model=temp(directory(f"{paths.TRIAL}/model")),
        record=f"{paths.TRIAL}/train.json",
        cost=record_of("try_learning_rate"),
    log:
        log_of("try_learning_rate"),
    group:
        group_of_trial


use rule predict as predict_trial with:
    input:
        model=ancient(f"{paths.TRIAL}/model"),
        base=ancient(evaluation.base_of_adapter),
        record=f"{paths.TRIAL}/train.json",
        responses=by_content(evaluation.responses),
    output:
        predictions=f"{paths.TRIAL}/predictions.jsonl",
        cost=record_of("predict_trial"),
    log:
        log_of("predict_trial"),
    group:
        group_of_trial


use rule score as score_trial with:
    input:
        problems=by_content(evaluation.problems),
        responses=by_content(evaluation.responses),
        predictions=f"{paths.TRIAL}/predictions.jsonl",
    output:
        scores=f"{paths.TRIAL}/scores.json",
        per_item=f"{paths.TRIAL}/items.jsonl",
        cost=record_of("score_trial"),
    log:
        log_of("score_trial"),
    group:
        group_of_trial


# Only when it is chosen is it known which runs are stale: those that get another rate than before.
checkpoint choose_learning_rate:
    input:
        scores=training.scores_of_trials,
    output:
        chosen=paths.CHOSEN,
        cost=record_of("choose_learning_rate"),
    log:
        log_of("choose_learning_rate"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=training.choosing,
        code=code.of("choose_learning_rate"),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis choose_learning_rate'
        " --scores {input.scores:q} --options {params.options:q}"
        " --output {output.chosen:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule tabulate_rates:
    input:
        chosen=training.choices,
    output:
        table=paths.LEARNING_RATES,
        cost=record_of("tabulate_rates"),
    log:
        log_of("tabulate_rates"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        code=code.of("tabulate_rates", libraries=TABLES),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis tabulate_rates'
        " --chosen {input.chosen:q} --output {output.table:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
