"""Answers that are programs: run where the configuration says so, and in a sandbox alone."""

from collections.abc import Iterator
from contextlib import suppress

from pydantic import ValidationError

from showhow.answers.forms import AnswerForm
from showhow.answers.sandbox import why_no_sandbox
from showhow.study.complaints import Complaint, wrong
from showhow.study.configuration import Configuration
from showhow.tasks import load_task, task_kinds


def _with_programs(configuration: Configuration) -> Iterator[str]:
    """Name the tasks whose answers are programs."""
    for name, described in configuration.tasks.items():
        if described.kind in task_kinds():
            with suppress(ValidationError):
                settings = load_task(described.kind).Settings.model_validate(described.settings)
                form = getattr(settings, "answer", None)
                if isinstance(form, AnswerForm) and form.kind == "program":
                    yield name


def programs_without_leave(configuration: Configuration) -> Iterator[Complaint]:
    """Nobody's machine runs what a model wrote without being told to."""
    for name in _with_programs(configuration):
        if not configuration.runs_code:
            yield wrong(
                ("tasks", name, "settings", "answer", "kind"),
                "is program, so that scoring runs what models write; write runs_code: true at the "
                "top of the configuration if it may, or take another kind of answer.",
            )


def no_sandbox(configuration: Configuration) -> Iterator[Complaint]:
    """What a model wrote is never run bare."""
    lacking = why_no_sandbox() if configuration.runs_code else None
    for name in _with_programs(configuration) if lacking else ():
        yield wrong(
            ("tasks", name, "settings", "answer", "kind"),
            f"is program, and nothing can be run on this machine: {lacking}",
        )


CHECKS = {programs_without_leave: None, no_sandbox: None}
