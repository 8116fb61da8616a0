# Showhow: what the text of fine-tuning data does to a language model.
#
# A study is described in config.yaml (or --configfile); this file says only what is made of it.


include: "rules/common.smk"
include: "rules/engine.smk"
include: "rules/data.smk"
include: "rules/writing.smk"
include: "rules/models.smk"
include: "rules/training.smk"
include: "rules/evaluation.smk"
include: "rules/tuning.smk"
include: "rules/keeping.smk"
include: "rules/probes.smk"
include: "rules/analysis.smk"
include: "rules/figures.smk"
include: "rules/crate.smk"


# The default: the first study of the configuration, to the report.
rule report:
    default_target: True
    input:
        tables.end_of(studies.reported),


# The boxes of the pipeline, for all studies, each to be asked for by name.
rule data:
    input:
        tables.every_dataset(),


rule models:
    input:
        bases.every_base(),


rule probes:
    input:
        probes.every_table(),


rule runs:
    input:
        tables.every_run("scores.json"),
        evaluation.every_kept(),


rule tables:
    input:
        tables.every_study("results/tables/{study}.parquet"),


rule claims:
    input:
        tables.every_study(paths.CLAIMS),
        tables.every_comparison(),


rule figures:
    input:
        tables.every_figure(),


# To be given away: each study as one file that describes itself (Workflow Run RO-Crate).
rule crate:
    input:
        tables.every_study("results/{study}.crate.zip"),


# Each study by its own name, too.
for study in configuration.studies:
    check_name_is_free(study)

    rule:
        name:
            study
        input:
            tables.end_of(study),
