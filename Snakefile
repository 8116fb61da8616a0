# Showhow: what the text of fine-tuning data does to a language model.
#
# A study is described in config.yaml (or --configfile); this file says only what is made of it.

if not workflow.overwrite_configfiles:

    configfile: "config.yaml"


include: "rules/common.smk"
include: "rules/inputs/resources.smk"
include: "rules/inputs/data.smk"
include: "rules/inputs/models.smk"
include: "rules/inputs/training.smk"
include: "rules/inputs/evaluation.smk"
include: "rules/inputs/keeping.smk"
include: "rules/inputs/studies.smk"
include: "rules/inputs/probes.smk"
include: "rules/inputs/writing.smk"
include: "rules/inputs/parameters.smk"
include: "rules/data.smk"
include: "rules/writing.smk"
include: "rules/models.smk"
include: "rules/training.smk"
include: "rules/evaluation.smk"
include: "rules/keeping.smk"
include: "rules/probes.smk"
include: "rules/analysis.smk"
include: "rules/figures.smk"
include: "rules/crate.smk"


# The default: the first study of the configuration, to the report.
rule report:
    default_target: True
    input:
        end_of(REPORTED),


# The boxes of the pipeline, for all studies, each to be asked for by name.
rule data:
    input:
        every_dataset(),


rule models:
    input:
        every_base(),


rule probes:
    input:
        every_probe(),


rule runs:
    input:
        every_run("scores.json"),
        every_best_seed(),


rule tables:
    input:
        every_study("results/tables/{study}.parquet"),


rule claims:
    input:
        every_study("results/claims/{study}.csv"),


rule figures:
    input:
        every_figure(),


# To be given away: each study as one file that describes itself (Workflow Run RO-Crate).
rule crate:
    input:
        every_study("results/{study}.crate.zip"),


# Each study by its own name, too.
for study in configuration.studies:
    check_name_is_free(study)

    rule:
        name:
            study
        input:
            end_of(study),
