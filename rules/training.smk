# One run: a base model fine-tuned on N responses of one variant with one seed.


rule fine_tune:
    input:
        base=base_folder,
        checksums=base_checksums,
        responses=training_responses,
        reference=reference_responses,
    output:
        model=kept_or_temporary(directory(f"{RUN}/model")),
        record=f"{RUN}/train.json",
        cost=f"results/costs/fine_tune/{RUN_NAME}.json",
    log:
        f"logs/fine_tune/{RUN_NAME}.log",
    benchmark:
        f"results/benchmarks/fine_tune/{RUN_NAME}.tsv"
    priority: sooner_if_matched
    group:
        group_of_run
    conda:
        "../envs/models.yaml"
    threads: cores_for("fine_tune")
    resources:
        gpu=gpus_for("fine_tune"),
        gpu_model=gpu_model_for("fine_tune"),
        gres=shared_gpu,
        sharded=sharded_for("fine_tune"),
        mem_mb=memory_for("fine_tune"),
        runtime=minutes_for("fine_tune"),
    params:
        run=run_identity,
        recipe=training_recipe,
        reference=reference_option,
        start=start_option,
        code=code_of_weights("fine_tune"),
    shell:
        "python workflow_scripts/run.py --warm models fine_tune"
        " --run {params.run:q} --base {input.base:q} --responses {input.responses:q}"
        " {params.reference} {params.start} --recipe {params.recipe:q} --gpus {resources.gpu}"
        " --sharded {resources.sharded}"
        " --model-output {output.model:q} --output {output.record:q} --log {log:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
