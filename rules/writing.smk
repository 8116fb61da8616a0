# Responses that a language model writes. What it replied is kept outside the results, and no
# question is asked twice.


# It needs a network: it runs where Snakemake does, such as on a login node.
rule ask_endpoint:
    input:
        problems=by_content(data.problems),
        references=by_content(writing.references_read),
        answers=writing.answers_read,
    output:
        written="results/data/{task}/written/{endpoint_writing}/{split}.jsonl",
        usage="results/data/{task}/written/{endpoint_writing}/{split}-usage.json",
        cost=record_of("ask_endpoint"),
    log:
        log_of("ask_endpoint"),
    conda:
        "../envs/writing.yaml"
    resources:
        mem_mb=1000,
    params:
        options=writing.asking,
        selection=selected.read(data.problems, writing.references_read),
        replies=writing.replies,
        code=code.reading_answers("ask_endpoint"),
    shell:
        'python "$SHOWHOW_RUN" ask_endpoint'
        " --problems {input.problems:q} --references {input.references:q}"
        " --answers {input.answers:q} --options {params.options:q} --record {params.replies:q}"
        " --output {output.written:q} --usage {output.usage:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# The same with a model that runs here; it asks for what a prediction of that model does.
rule ask_model:
    input:
        base=ancient(writing.folder_of_writer),
        checksums=writing.checksums_of_writer,
        problems=by_content(data.problems),
        references=by_content(writing.references_read),
        answers=writing.answers_read,
    output:
        written="results/data/{task}/written/{model_writing}/{split}.jsonl",
        usage="results/data/{task}/written/{model_writing}/{split}-usage.json",
        cost=record_of("ask_model"),
    log:
        log_of("ask_model"),
    conda:
        "../envs/models.yaml"
    threads: ask.cores("predict")
    resources:
        **ask.gpus_memory_and_time("predict"),
    params:
        options=writing.asking,
        selection=selected.read(data.problems, writing.references_read),
        replies=writing.replies,
        code=code.reading_answers("ask_model", MODELS),
    shell:
        'python "$SHOWHOW_RUN" --warm models ask_model'
        " --base {input.base:q} --problems {input.problems:q} --references {input.references:q}"
        " --answers {input.answers:q} --options {params.options:q} --record {params.replies:q}"
        " --gpus {resources.gpu} --output {output.written:q} --usage {output.usage:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule take_written_responses:
    input:
        problems=by_content(writing.problems),
        written=writing.texts,
        references=by_content(writing.references_of_evaluation),
    output:
        responses="results/data/{task}/responses/{writing}/{split}.jsonl",
        record="results/data/{task}/responses/{writing}/{split}-record.json",
        cost=record_of("take_written_responses"),
    log:
        log_of("take_written_responses"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=writing.taking,
        selection=selected.read(writing.problems, writing.references_of_evaluation),
        code=code.reading_answers("take_written_responses"),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis take_written_responses'
        " --problems {input.problems:q} --written {input.written:q}"
        " --references {input.references:q} --options {params.options:q}"
        " --output {output.responses:q} --record {output.record:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
