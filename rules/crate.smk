# The study for someone else: one file that describes itself (Workflow Run RO-Crate).


# Which jobs belong to the study, their records say: each what it read, so that from the results one
# finds all that they were made from.
rule export_crate:
    input:
        manifest=paths.MANIFEST,
        configuration=paths.CONFIGURATION,
        results=tables.exported,
    output:
        crate="results/{study}.crate.zip",
        cost=record_of("export_crate"),
    log:
        log_of("export_crate"),
    conda:
        "../envs/crate.yaml"
    resources:
        mem_mb=2000,
    params:
        records=tables.records,
        options=tables.exporting,
        code=code.of("export_crate", libraries=("rocrate",)),
    shell:
        'python "$SHOWHOW_RUN" export_crate'
        " --manifest {input.manifest:q} --configuration {input.configuration:q}"
        " --results {input.results:q} --records {params.records:q} --options {params.options:q}"
        " --output {output.crate:q} --cost {output.cost:q} --code {params.code} 2> {log:q}"
