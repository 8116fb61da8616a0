# One run: a base model fine-tuned on N responses of one variant with one seed.


rule fine_tune:
    input:
        # The rate itself is a parameter: a choice that comes out as before makes no run stale.
        chosen=ancient(chosen_rate),
        base=ancient(bases.base),
        checksums=bases.checksums,
        responses=by_content(training.responses),
        reference=by_content(training.reference),
        validation=by_content(training.validation),
        validation_responses=by_content(training.validation_responses),
    output:
        model=kept_or_temporary(directory(f"{paths.RUN}/model")),
        record=f"{paths.RUN}/train.json",
        cost=record_of("fine_tune"),
    log:
        log_of("fine_tune"),
    priority: training.sooner_if_matched
    group:
        group_of_run
    conda:
        "../envs/models.yaml"
    threads: ask.cores("fine_tune")
    resources:
        **ask.gpus_memory_and_time("fine_tune"),
        gres=ask.shared_gpu,
        sharded=ask.sharded,
    params:
        options=training.fine_tuning,
        selection=selected.learned(training.responses, training.reference),
        validation=selected.validated(training.validation, training.validation_responses),
        code=code.training("fine_tune"),
    shell:
        'python "$SHOWHOW_RUN" --warm models fine_tune'
        " --base {input.base:q} --responses {input.responses:q} --reference {input.reference:q}"
        " --validation {input.validation:q} --validation-responses {input.validation_responses:q}"
        " --options {params.options:q} --gpus {resources.gpu} --sharded {resources.sharded}"
        " --model-output {output.model:q} --output {output.record:q} --log {log:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
