# Which weights stay. Nothing here decides what is computed: a result is never stale for weights that
# are gone, and none is made again because another setting would have kept them.


# Where adapters are kept, a run that trains one keeps its folder: that is the adapter.
if configuration.keeping.weights == "adapters":

    ruleorder: fine_tune_adapter > fine_tune

    use rule fine_tune as fine_tune_adapter with:
        output:
            model=directory(f"{paths.RUN}/model"),
            record=f"{paths.RUN}/train.json",
            cost=record_of("fine_tune"),
        wildcard_constraints:
            model=training.with_an_adapter,


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
            'python "$SHOWHOW_RUN" --warm analysis keep_best'
            " --options {params.options:q}"
            " --output {output.record:q} --code {params.code} 2> {log:q}"
