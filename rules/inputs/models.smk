# What the rules of models.smk read and are told.


def model_description(wildcards):
    """What a base is made from; how it is trained is handed over apart."""
    model = configuration.models[wildcards.ladder_model]
    return as_json(model.model_dump(mode="json", exclude={"training", "pretraining", "corpus"}))


def pretraining_recipe(wildcards):
    return as_json(configuration.pretraining_keys_of(wildcards.ladder_model))


def corpus_of(wildcards):
    """Random weights do not depend on the corpus, whatever it says."""
    own = f"corpus-{wildcards.ladder_model}"
    corpus = f"results/data/{own if own in CORPORA else 'corpus'}.jsonl"
    random = configuration.models[wildcards.ladder_model].start == "random"
    return ancient(corpus) if random else corpus


def corpus_recipe(wildcards):
    return recipe_json(CORPORA[wildcards.corpus])


def tasks_solved_in(wildcards):
    recipe = CORPORA[wildcards.corpus]
    return sorted({*recipe.solutions, *recipe.other_voice})


def problems_kept_from(wildcards):
    """A base must not have met what it is evaluated on."""
    return [
        path for task in tasks_solved_in(wildcards) for path in problem_files(task, splits_of(task))
    ]


def solutions_options(wildcards):
    recipe = CORPORA[wildcards.corpus]
    own = [(task, recipe.voice, weight) for task, weight in recipe.solutions.items()]
    if recipe.other_voice:
        voice = other(recipe.voice)
        own += [(task, voice, weight) for task, weight in recipe.other_voice.items()]
    return options("--solutions", [solutions_json(*part) for part in own])


def solutions_json(task, voice, weight):
    return as_json(
        {
            "kind": configuration.tasks[task].kind,
            "settings": configuration.task_settings(task),
            "voice": voice,
            "weight": weight,
            "exclude": problem_files(task, splits_of(task)),
        }
    )


def facts_options(wildcards):
    stated = CORPORA[wildcards.corpus].facts
    return options("--facts", [facts_json(task) for task in stated])


def facts_json(task):
    described = {"kind": configuration.tasks[task].kind}
    return as_json({**described, "settings": configuration.task_settings(task)})


def code_of_corpus(wildcards):
    used = {*tasks_solved_in(wildcards), *CORPORA[wildcards.corpus].facts}
    return code_of("write_corpus", map(task_module, sorted(used)))


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
    made = f"results/models/{configuration.base_of(wildcards.model)}"
    return ancient(model.path if model.kind == "folder" else made)


def base_checksums(wildcards):
    return f"results/models/{configuration.base_of(wildcards.model)}.sha256"
