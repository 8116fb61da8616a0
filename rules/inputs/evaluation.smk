# What the rules of evaluation.smk read and are told.


def evaluation_responses(wildcards):
    return responses_to(wildcards.task, wildcards.variant, wildcards.split, wildcards.model)


def base_of_adapter(wildcards):
    """A whole model needs no base any more."""
    return [base_folder(wildcards)] if is_adapted(wildcards) else []


def base_option(wildcards, input):
    return options("--base", input.base)


def digits_option(wildcards):
    recipe = configuration.training_of(wildcards.model)
    return "--space-digits" if recipe.space_digits else ""


def evaluation_problems(wildcards):
    return problem_files(wildcards.task, splits_of(wildcards.task))


def evaluation_responses_of_every_split(wildcards):
    task, variant, model = wildcards.task, wildcards.variant, wildcards.model
    return [responses_to(task, variant, split, model) for split in splits_of(task)]


def predictions_of_every_split(wildcards):
    splits = splits_of(wildcards.task)
    return [f"{RUN}/predictions-{split}.jsonl".format(**wildcards) for split in splits]


def scored_splits(wildcards, input):
    return " ".join(
        (
            options("--problems", input.problems),
            options("--responses", input.responses),
            options("--predictions", input.predictions),
        )
    )


def answer_form(task):
    """Say how answers stand in a data set's texts, as JSON; "" for the tasks made here."""
    settings = configuration.task_settings(task)
    return as_json(settings["answer"]) if "answer" in settings else ""


def answer_form_option(wildcards):
    form = answer_form(wildcards.task)
    return f"--answer-form {shlex.quote(form)}" if form else ""
