# Base models: the local ladder is made here; a hub model is fetched where the network is.


rule write_corpus:
    input:
        exclude=problems_kept_from,
    output:
        corpus="results/data/{corpus}.jsonl",
        cost="results/costs/write_corpus/{corpus}.json",
    log:
        "logs/write_corpus/{corpus}.log",
    benchmark:
        "results/benchmarks/write_corpus/{corpus}.tsv"
    group:
        group_of_data
    conda:
        "../envs/analysis.yaml"
    threads: cores_for("write_corpus")
    resources:
        mem_mb=memory_for("write_corpus"),
        runtime=minutes_for("write_corpus"),
    params:
        recipe=corpus_recipe,
        solutions=solutions_options,
        facts=facts_options,
        code=code_of_corpus,
    shell:
        "python workflow_scripts/run.py --warm analysis write_corpus"
        " --recipe {params.recipe:q} {params.solutions} {params.facts}"
        " --output {output.corpus:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule pretrain:
    input:
        corpus=corpus_of,
    output:
        model=directory("results/models/{ladder_model}"),
        checksums="results/models/{ladder_model}.sha256",
        cost="results/costs/pretrain/{ladder_model}.json",
    log:
        "logs/pretrain/{ladder_model}.log",
    benchmark:
        "results/benchmarks/pretrain/{ladder_model}.tsv"
    conda:
        "../envs/models.yaml"
    threads: cores_for("pretrain")
    resources:
        gpu=gpus_for("pretrain"),
        gpu_model=gpu_model_for("pretrain"),
        mem_mb=memory_for("pretrain"),
        runtime=minutes_for("pretrain"),
    params:
        description=model_description,
        recipe=pretraining_recipe,
        code=code_of("pretrain", libraries=MODEL_LIBRARIES),
    shell:
        "python workflow_scripts/run.py --warm models pretrain"
        " --name {wildcards.ladder_model} --description {params.description:q}"
        " --recipe {params.recipe:q} --corpus {input.corpus:q} --gpus {resources.gpu} --log {log:q}"
        " --output {output.model:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
        " && python workflow_scripts/run.py list_checksums"
        " --folder {output.model:q} --output {output.checksums:q} 2>> {log:q}"


# The only rule that needs a network: it runs where Snakemake does, such as on a login node.
rule download:
    output:
        model=directory("results/models/{hub_model}"),
        checksums="results/models/{hub_model}.sha256",
        cost="results/costs/download/{hub_model}.json",
    log:
        "logs/download/{hub_model}.log",
    benchmark:
        "results/benchmarks/download/{hub_model}.tsv"
    conda:
        "../envs/models.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        id=hub_id,
        revision=hub_revision,
        code=code_of("download"),
    shell:
        "HF_HUB_OFFLINE=0 python workflow_scripts/run.py download"
        " --id {params.id:q} --revision {params.revision:q}"
        " --output {output.model:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
        " && python workflow_scripts/run.py list_checksums"
        " --folder {output.model:q} --output {output.checksums:q} 2>> {log:q}"


# A folder of the user's own: runs that start from it are stale when a file in it changed.
rule list_checksums:
    input:
        files=files_of_folder,
    output:
        checksums="results/models/{folder_model}.sha256",
    log:
        "logs/list_checksums/{folder_model}.log",
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        folder=path_of_folder,
        code=code_of("list_checksums"),
    shell:
        "python workflow_scripts/run.py list_checksums"
        " --folder {params.folder:q} --output {output.checksums:q} 2> {log:q}"
