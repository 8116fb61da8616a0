# Problems, and the responses that each variant writes to them.


# The test sets are made first; a training problem that equals a test problem is rejected.
rule generate_problems:
    input:
        exclude=problems_made_before,
    output:
        problems="results/data/{task}/problems/{split}.jsonl",
        cost="results/costs/generate_problems/{task}/{split}.json",
    log:
        "logs/generate_problems/{task}/{split}.log",
    benchmark:
        "results/benchmarks/generate_problems/{task}/{split}.tsv"
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
        code=code_of_task("generate_problems"),
    shell:
        "python workflow_scripts/generate_problems.py"
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
        "python workflow_scripts/write_responses.py"
        " --task-kind {params.task_kind:q} --variant-kind {params.variant_kind:q}"
        " --settings {params.settings:q} --problems {input.problems:q}"
        " --output {output.responses:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


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
        "python workflow_scripts/describe_data.py {params.problems}"
        " --output {output.description:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
