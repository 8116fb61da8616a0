# Responses that a language model writes. What it replied is kept outside the results, and no
# question is asked twice.


# It needs a network: it runs where Snakemake does, such as on a login node.
rule ask_endpoint:
    input:
        problems="results/data/{task}/problems/{split}.jsonl",
        references=references_read,
        answers=base_answers_read,
    output:
        written="results/data/{task}/written/{endpoint_writing}/{split}.jsonl",
        usage="results/data/{task}/written/{endpoint_writing}/{split}-usage.json",
        cost="results/costs/ask_endpoint/{task}/{endpoint_writing}/{split}.json",
    log:
        "logs/ask_endpoint/{task}/{endpoint_writing}/{split}.log",
    benchmark:
        "results/benchmarks/ask_endpoint/{task}/{endpoint_writing}/{split}.tsv"
    conda:
        "../envs/writing.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        name=writer_name,
        writer=writer_description,
        template=writer_template,
        wanted=most_written,
        attempts=writer_attempts,
        record=record_of_writing,
        read=writing_options,
        code=code_of_answers("ask_endpoint"),
    shell:
        "python workflow_scripts/run.py ask_endpoint"
        " --writer-name {params.name:q} --writer {params.writer:q} --template {params.template:q}"
        " --problems {input.problems:q} {params.read} --count {params.wanted}"
        " --attempts {params.attempts} --record {params.record:q}"
        " --output {output.written:q} --usage {output.usage:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# The same with a model that runs here; it asks for what a prediction of that model does.
rule ask_model:
    input:
        base=folder_of_writer,
        checksums=checksums_of_writer,
        problems="results/data/{task}/problems/{split}.jsonl",
        references=references_read,
        answers=base_answers_read,
    output:
        written="results/data/{task}/written/{model_writing}/{split}.jsonl",
        usage="results/data/{task}/written/{model_writing}/{split}-usage.json",
        cost="results/costs/ask_model/{task}/{model_writing}/{split}.json",
    log:
        "logs/ask_model/{task}/{model_writing}/{split}.log",
    benchmark:
        "results/benchmarks/ask_model/{task}/{model_writing}/{split}.tsv"
    conda:
        "../envs/models.yaml"
    threads: requested_for_writer("cores")
    resources:
        gpu=requested_for_writer("gpus"),
        gpu_model=requested_for_writer("gpu_model"),
        mem_mb=requested_for_writer("memory_mb"),
        runtime=requested_for_writer("minutes"),
    params:
        name=writer_name,
        writer=writer_description,
        template=writer_template,
        wanted=most_written,
        attempts=writer_attempts,
        record=record_of_writing,
        read=writing_options,
        code=code_of_answers("ask_model", MODEL_LIBRARIES),
    shell:
        "python workflow_scripts/run.py --warm models ask_model"
        " --writer-name {params.name:q} --writer {params.writer:q} --base {input.base:q}"
        " --template {params.template:q} --problems {input.problems:q} {params.read}"
        " --count {params.wanted} --attempts {params.attempts} --record {params.record:q}"
        " --gpus {resources.gpu} --output {output.written:q} --usage {output.usage:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule take_written_responses:
    input:
        problems=problems_of_writing,
        written=texts_of_writing,
        references=references_of_evaluation,
    output:
        responses="results/data/{task}/responses/{writing}/{split}.jsonl",
        record="results/data/{task}/responses/{writing}/{split}-record.json",
        cost="results/costs/take_written_responses/{task}/{writing}/{split}.json",
    log:
        "logs/take_written_responses/{task}/{writing}/{split}.log",
    benchmark:
        "results/benchmarks/take_written_responses/{task}/{writing}/{split}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        wanted=problem_count,
        read=taking_options,
        code=code_of_answers("take_written_responses"),
    shell:
        "python workflow_scripts/run.py --warm analysis take_written_responses"
        " --problems {input.problems:q} --count {params.wanted} {params.read}"
        " --output {output.responses:q} --record {output.record:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
