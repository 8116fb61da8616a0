# Which weights stay. Nothing here decides what is computed: a result is never stale for weights that
# are gone, and none is made again because another setting would have kept them.


# Of the seeds of one condition only the best keeps its weights. The choice is made on the test
# split: for giving a model away, not for reporting how good it is.
if configuration.keeping.weights == "best":

    localrules:
        keep_best,

    rule keep_best:
        input:
            scores=scores_of_seeds,
        output:
            record="results/kept/{study}/{task}/{variant}/{model}/{budget}.json",
        log:
            "logs/keep_best/{study}/{task}/{variant}/{model}/{budget}.log",
        priority: 3
        conda:
            "../envs/analysis.yaml"
        threads: 1
        resources:
            mem_mb=1000,
        params:
            runs=run_options,
            code=code_of("keep_best"),
        shell:
            "python workflow_scripts/run.py --warm analysis keep_best"
            " {params.runs}"
            " --output {output.record:q} --code {params.code} 2> {log:q}"
