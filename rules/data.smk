# Problems, and the responses that each variant writes to them.


# The test sets are made first; a training problem that equals a test problem is rejected. A training
# set of N problems is the first N of its seed's stream of training problems, or of a pool that all
# seeds share, in the seed's order.
rule generate_problems:
    input:
        exclude=by_content(data.problems_made_before),
        files=ancient(data.files),
        pool=by_content(data.pool_drawn_from),
    output:
        problems=paths.PROBLEMS,
        cost=record_of("generate_problems"),
    log:
        log_of("generate_problems"),
    group:
        group_of_data
    conda:
        "../envs/analysis.yaml"
    threads: ask.cores("generate_problems")
    resources:
        **ask.memory_and_time("generate_problems"),
    params:
        options=data.making_problems,
        files=data.contents,
        selection=selected.made,
        code=code.of_task("generate_problems"),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis generate_problems'
        " --exclude {input.exclude:q} --files {input.files:q} --pool {input.pool:q}"
        " --options {params.options:q} --output {output.problems:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


rule write_responses:
    input:
        problems=by_content(data.problems),
    output:
        responses=paths.RESPONSES,
        cost=record_of("write_responses"),
    log:
        log_of("write_responses"),
    wildcard_constraints:
        variant=unwritten(studies),
    group:
        group_of_data
    conda:
        "../envs/analysis.yaml"
    threads: ask.cores("write_responses")
    resources:
        **ask.memory_and_time("write_responses"),
    params:
        options=data.writing_responses,
        selection=selected.written,
        code=code.writing("write_responses"),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis write_responses'
        " --problems {input.problems:q} --options {params.options:q}"
        " --output {output.responses:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# A base's own answers to training problems, for the variants made from them.
rule answer_problems:
    input:
        base=ancient(bases.base),
        checksums=bases.checksums,
        problems=by_content(data.problems_for_base),
        responses=data.questions_for_base,
    output:
        answers=paths.ANSWERS,
        cost=record_of("answer_problems"),
    log:
        log_of("answer_problems"),
    conda:
        "../envs/models.yaml"
    threads: ask.cores("predict")
    resources:
        **ask.gpus_memory_and_time("predict"),
    params:
        options=data.answering,
        selection=selected.asked(data.problems_for_base),
        code=code.of("answer_problems", libraries=MODELS),
    shell:
        'python "$SHOWHOW_RUN" --warm models answer_problems'
        " --base {input.base:q} --problems {input.problems:q} --responses {input.responses:q}"
        " --options {params.options:q} --gpus {resources.gpu}"
        " --output {output.answers:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# The same for a variant that depends on the base that is to learn from it.
rule write_responses_for_base:
    input:
        problems=by_content(data.problems_to_respond_to),
        answers=data.answers,
        perplexities=data.perplexities,
        memory=data.memory,
    output:
        responses=paths.RESPONSES_FOR_BASE,
        record="results/data/{task}/responses/{variant}/{model}/{split}-record.json",
        cost=record_of("write_responses_for_base"),
    log:
        log_of("write_responses_for_base"),
    wildcard_constraints:
        variant=unwritten(studies),
    conda:
        "../envs/analysis.yaml"
    threads: ask.cores("write_responses")
    resources:
        **ask.memory_and_time("write_responses"),
    params:
        options=data.writing_responses_for_base,
        selection=selected.read(data.problems_to_respond_to),
        code=code.writing("write_responses_for_base"),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis write_responses_for_base'
        " --problems {input.problems:q} --answers {input.answers:q}"
        " --perplexities {input.perplexities:q} --memory {input.memory:q}"
        " --options {params.options:q} --output {output.responses:q} --record {output.record:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# Counts, length ranges and the baselines that need no model: what flat shortcuts get right.
rule describe_data:
    input:
        problems=by_content(data.problems_of_every_split),
    output:
        description=paths.DESCRIPTION,
        shortcuts=paths.SHORTCUTS,
        cost=record_of("describe_data"),
    log:
        log_of("describe_data"),
    group:
        group_of_data
    conda:
        "../envs/analysis.yaml"
    threads: ask.cores("describe_data")
    resources:
        **ask.memory_and_time("describe_data"),
    params:
        options=data.describing_data,
        selection=selected.scored(data.problems_of_every_split),
        code=code.of_task("describe_data"),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis describe_data'
        " --problems {input.problems:q} --options {params.options:q}"
        " --output {output.description:q} --shortcuts {output.shortcuts:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# What models are evaluated on and their bases have read: nothing is to be found there.
rule count_contamination:
    input:
        corpus=paths.CORPUS,
        problems=by_content(data.problems_to_evaluate_on),
    output:
        contamination=paths.CONTAMINATION,
        cost=record_of("count_contamination"),
    log:
        log_of("count_contamination"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=data.counting_contamination,
        selection=selected.scored(data.problems_to_evaluate_on),
        code=code.of_task("count_contamination"),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis count_contamination'
        " --corpus {input.corpus:q} --problems {input.problems:q} --options {params.options:q}"
        " --output {output.contamination:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"


# What became of the rows of the user's own files.
rule describe_source:
    input:
        files=ancient(data.files),
    output:
        description=paths.SOURCE,
        dropped=paths.DROPPED,
        cost=record_of("describe_source"),
    log:
        log_of("describe_source"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=1000,
    params:
        options=data.describing_source,
        files=data.contents,
        selection=selected.described,
        code=code.reading_answers("describe_source"),
    shell:
        'python "$SHOWHOW_RUN" --warm analysis describe_source'
        " --files {input.files:q} --options {params.options:q}"
        " --output {output.description:q} --dropped {output.dropped:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"


# A split of a data set on the hub. It needs a network: it runs where Snakemake does.
rule download_data:
    output:
        table="results/hub-data/{hub_file}",
        cost=record_of("download_data"),
    log:
        log_of("download_data"),
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=2000,
    params:
        options=data.fetching_data,
        code=code.of("download_data"),
    shell:
        'HF_HUB_OFFLINE=0 python "$SHOWHOW_RUN" download_data'
        " --options {params.options:q} --output {output.table:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
