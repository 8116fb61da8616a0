# Which weights stay. Nothing here decides what is computed: a result is never stale for weights that
# are gone, and none is made again because another setting would have kept them.


# Of the seeds of one condition only the best keeps its weights. The choice is made on the test
# split: for giving a model away, not for reporting how good it is.
if configuration.keeping.weights == "best":

    localrules:
        keep_best,

    rule keep_best:
        input:
            scores=evaluation.scores_of_seeds,
        output:
            record=paths.KEPT,
        log:
            log_of("keep_best"),
        priority: 3
        conda:
            "../envs/analysis.yaml"
        resources:
            mem_mb=1000,
        params:
            options=evaluation.keeping,
            code=code.of("keep_best"),
        shell:
            "python {run_script:q} --warm analysis keep_best"
            " --options {params.options:q}"
            " --output {output.record:q} --code {params.code} 2> {log:q}"
