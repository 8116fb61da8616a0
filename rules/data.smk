# Problems, and the responses that each variant writes to them.


# The test sets are made first; a training problem that equals a test problem is rejected.
rule generate_problems:
    input:
        exclude=problems_made_before,
        files=data_files,
    output:
        problems="results/data/{task}/problems/{split}.jsonl",
        cost="results/costs/generate_problems/{task}/{split}.json",
    log:
        "logs/generate_problems/{task}/{split}.log",
    benchmark:
        "results/benchmarks/generate_problems/{task}/{split}.tsv"
    group:
        group_of_data
    conda:
        "../envs/analysis.yaml"
    threads: cores_for("generate_problems")
    resources:
        mem_mb=memory_for("generate_problems"),
        runtime=minutes_for("generate_problems"),
    params:
        kind=task_kind,
        settings=task_settings,
        drawn_as=drawn_as,
        size=problem_count,
        exclude=exclude_options,
        files=contents_of_data_files,
        code=code_of_task("generate_problems"),
    shell:
        "python workflow_scripts/run.py --warm analysis generate_problems"
        " --kind {params.kind:q} --settings {params.settings:q}"
        " --split {params.drawn_as} --count {params.size} {params.exclude}"
        " --output {output.problems:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule write_responses:
    input:
        problems="results/data/{task}/problems/{split}.jsonl",
    output:
        responses="results/data/{task}/responses/{variant}/{split}.jsonl",
        cost="results/costs/write_responses/{task}/{variant}/{split}.json",
    log:
        "logs/write_responses/{task}/{variant}/{split}.log",
    benchmark:
        "results/benchmarks/write_responses/{task}/{variant}/{split}.tsv"
    wildcard_constraints:
        variant=UNWRITTEN,
    group:
        group_of_data
    conda:
        "../envs/analysis.yaml"
    threads: cores_for("write_responses")
    resources:
        mem_mb=memory_for("write_responses"),
        runtime=minutes_for("write_responses"),
    params:
        task_kind=task_kind,
        variant_kind=variant_kind,
        settings=variant_settings,
        code=code_of_responses,
    shell:
        "python workflow_scripts/run.py --warm analysis write_responses"
        " --task-kind {params.task_kind:q} --variant-kind {params.variant_kind:q}"
        " --settings {params.settings:q} --problems {input.problems:q}"
        " --output {output.responses:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# A base's own answers to training problems, for the variants made from them.
rule answer_problems:
    input:
        base=base_folder,
        checksums=base_checksums,
        questions=questions_for_base,
    output:
        answers="results/data/{task}/answers/{model}/{split}.jsonl",
        cost="results/costs/answer_problems/{task}/{model}/{split}.json",
    log:
        "logs/answer_problems/{task}/{model}/{split}.log",
    benchmark:
        "results/benchmarks/answer_problems/{task}/{model}/{split}.tsv"
    conda:
        "../envs/models.yaml"
    threads: cores_for("predict")
    resources:
        gpu=gpus_for("predict"),
        gpu_model=gpu_model_for("predict"),
        mem_mb=memory_for("predict"),
        runtime=minutes_for("predict"),
    params:
        evaluation=recipe_json(configuration.evaluation),
        answering=recipe_json(configuration.answering),
        questions=question_options,
        digits=digits_option,
        code=code_of("answer_problems", libraries=MODEL_LIBRARIES),
    shell:
        "python workflow_scripts/run.py --warm models answer_problems"
        " --base {input.base:q} {params.questions} {params.digits}"
        " --evaluation {params.evaluation:q} --answering {params.answering:q}"
        " --gpus {resources.gpu}"
        " --output {output.answers:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# The same for a variant that depends on the base that is to learn from it.
rule write_responses_for_base:
    input:
        problems=problems_to_respond_to,
        answers=answers_read,
        perplexities=perplexities_read,
        memory=memory_read,
    output:
        responses="results/data/{task}/responses/{variant}/{model}/{split}.jsonl",
        record="results/data/{task}/responses/{variant}/{model}/{split}-record.json",
        cost="results/costs/write_responses_for_base/{task}/{variant}/{model}/{split}.json",
    log:
        "logs/write_responses_for_base/{task}/{variant}/{model}/{split}.log",
    benchmark:
        "results/benchmarks/write_responses_for_base/{task}/{variant}/{model}/{split}.tsv"
    wildcard_constraints:
        variant=UNWRITTEN,
    conda:
        "../envs/analysis.yaml"
    threads: cores_for("write_responses")
    resources:
        mem_mb=memory_for("write_responses"),
        runtime=minutes_for("write_responses"),
    params:
        task_kind=task_kind,
        variant_kind=variant_kind,
        settings=variant_settings,
        voice=voice_option,
        draw=draw_of_split,
        size=problem_count,
        read=read_options,
        code=code_of_base_responses,
    shell:
        "python workflow_scripts/run.py --warm analysis write_responses_for_base"
        " --task-kind {params.task_kind:q} --variant-kind {params.variant_kind:q}"
        " --settings {params.settings:q} {params.voice} --draw {params.draw} --count {params.size}"
        " --problems {input.problems:q} {params.read} --output {output.responses:q}"
        " --record {output.record:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# Counts, length ranges and the baselines that need no model.
rule describe_data:
    input:
        problems=problems_of_every_split,
    output:
        description="results/data/{task}/description.json",
        cost="results/costs/describe_data/{task}.json",
    log:
        "logs/describe_data/{task}.log",
    benchmark:
        "results/benchmarks/describe_data/{task}.tsv"
    group:
        group_of_data
    conda:
        "../envs/analysis.yaml"
    threads: cores_for("describe_data")
    resources:
        mem_mb=memory_for("describe_data"),
        runtime=minutes_for("describe_data"),
    params:
        problems=described_problems,
        code=code_of("describe_data"),
    shell:
        "python workflow_scripts/run.py --warm analysis describe_data"
        " {params.problems}"
        " --output {output.description:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# What became of the rows of the user's own files.
rule describe_source:
    input:
        files=data_files,
    output:
        description="results/data/{task}/source.json",
        cost="results/costs/describe_source/{task}.json",
    log:
        "logs/describe_source/{task}.log",
    benchmark:
        "results/benchmarks/describe_source/{task}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        settings=task_settings,
        files=contents_of_data_files,
        code=code_of_answers("describe_source"),
    shell:
        "python workflow_scripts/run.py --warm analysis describe_source"
        " --settings {params.settings:q}"
        " --output {output.description:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# A split of a data set on the hub. It needs a network: it runs where Snakemake does.
rule download_data:
    output:
        table="results/hub-data/{hub_file}",
        cost="results/costs/download_data/{hub_file}.json",
    log:
        "logs/download_data/{hub_file}.log",
    benchmark:
        "results/benchmarks/download_data/{hub_file}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        source=hub_data_description,
        code=code_of("download_data"),
    shell:
        "HF_HUB_OFFLINE=0 python workflow_scripts/run.py download_data"
        " --source {params.source:q} --output {output.table:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
