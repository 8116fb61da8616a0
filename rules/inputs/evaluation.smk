# What the rules of evaluation.smk read and are told.


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


def reference_options(wildcards, input):
    return options("--responses", input.responses)


def scored_splits(wildcards, input):
    return " ".join((options("--problems", input.problems), reference_options(wildcards, input)))


@cache
def answer_form(task):
    """Say how answers stand in a data set's texts, as JSON; "" for the tasks made here."""
    settings = configuration.task_settings(task)
    return as_json(settings["answer"]) if "answer" in settings else ""


def answer_form_option(wildcards):
    form = answer_form(wildcards.task)
    return f"--answer-form {shlex.quote(form)}" if form else ""
