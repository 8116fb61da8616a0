# The study for someone else: one file that describes itself (Workflow Run RO-Crate).


rule export_crate:
    input:
        manifest="results/tables/{study}-runs.json",
        configuration="results/configuration.yaml",
        results=results_of_study,
    output:
        crate="results/{study}.crate.zip",
        cost="results/costs/export_crate/{study}.json",
    log:
        "logs/export_crate/{study}.log",
    benchmark:
        "results/benchmarks/export_crate/{study}.tsv"
    conda:
        "../envs/crate.yaml"
    threads: 1
    resources:
        mem_mb=2000,
    params:
        title=title_of_study,
        results=result_options,
        code=code_of_crate,
    shell:
        "python workflow_scripts/run.py export_crate --study {wildcards.study} --title {params.title:q}"
        " --manifest {input.manifest:q} --configuration {input.configuration:q} {params.results}"
        " --cost-folder results/costs --output {output.crate:q}"
        " --cost {output.cost:q} --code {params.code} 2> {log:q}"
