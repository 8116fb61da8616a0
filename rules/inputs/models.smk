# What the rules of models.smk read and are told.


def model_description(wildcards):
    """What a base is made from; how it is trained is handed over apart."""
    model = configuration.models[wildcards.ladder_model]
    return as_json(model.model_dump(mode="json", exclude={"training", "pretraining"}))


def pretraining_recipe(wildcards):
    return as_json(configuration.pretraining_keys_of(wildcards.ladder_model))


def corpus_of(wildcards):
    """Random weights do not depend on the corpus, whatever it says."""
    corpus = "results/data/corpus.jsonl"
    random = configuration.models[wildcards.ladder_model].start == "random"
    return ancient(corpus) if random else corpus


def files_of_folder(wildcards):
    return [str(file) for file in visible_files(path_of_folder(wildcards))]


def path_of_folder(wildcards):
    return configuration.models[wildcards.folder_model].path


def hub_id(wildcards):
    return configuration.models[wildcards.hub_model].id


def hub_revision(wildcards):
    return configuration.models[wildcards.hub_model].revision


def base_folder(wildcards):
    """Snakemake knows only a folder's date; what changed in it, its checksums say beside it."""
    model = configuration.models[wildcards.model]
    folder = model.path if model.kind == "folder" else f"results/models/{wildcards.model}"
    return ancient(folder)
