"""Prompts, answers and responses out of a row: a column by its name, or a template over several.

A template is Jinja's, in its sandbox: `{{ passage }} {{ question }}?`. A column that no variable
can be called is `{{ row['its name'] }}`. Where a template is one expression, its value is what it
gives, so that it can give a list of right answers; all else is text.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from showhow.base.errors import ShowhowError
from showhow.tasks.own_data.reading import Row, text_of

if TYPE_CHECKING:
    from jinja2 import Environment

ROW = "row"
"""What a template calls the whole row."""
GLOBALS = ("range", "dict", "namespace")
"""What a template can call beside filters; columns of these names are row['range'] and so on."""


def is_template(written: str) -> bool:
    """Say whether what the configuration says is a template, and no column's name."""
    return "{{" in written or "{%" in written


def columns_of(written: str) -> tuple[str, ...] | None:
    """Name the columns that a column's name or a template reads; None where it may read any."""
    return _columns_of_template(written) if is_template(written) else (written,)


def value_in(written: str) -> Callable[[Row], object]:
    """Give what takes a value out of a row; of a column that is what stands in it.

    It raises ShowhowError where a template cannot be filled with the row.
    """
    return _filler(written) if is_template(written) else itemgetter(written)


def _checked(written: str) -> str:
    if is_template(written):
        from jinja2 import TemplateError

        try:
            _environment().from_string(written)
        except TemplateError as problem:
            raise PydanticCustomError(
                "template",
                "as a template it cannot be read: {reason}; text in {{ }} is an expression of "
                "Jinja over the row's columns",
                {"reason": str(problem).rstrip(".")},
            ) from problem
    return written


ColumnOrTemplate = Annotated[str, AfterValidator(_checked)]


@cache
def _environment() -> "Environment":
    # Only who writes templates waits for the library.
    from jinja2 import StrictUndefined, pass_eval_context
    from jinja2.nativetypes import NativeEnvironment
    from jinja2.sandbox import SandboxedEnvironment

    class Templates(SandboxedEnvironment, NativeEnvironment):
        """Expressions keep their values, and nothing unsafe can be reached."""

    # That it asks for the context keeps Jinja from making text of constant lists beforehand.
    finalize = pass_eval_context(lambda _, value: _plain(value))
    templates = Templates(undefined=StrictUndefined, finalize=finalize, autoescape=False)
    templates.globals = {name: templates.globals[name] for name in GLOBALS}
    templates.filters["from_json"] = json.loads
    return templates


def _plain(value: Any) -> Any:
    """Give a value as a row could hold it. Raises for what no cell is, such as a function."""
    if isinstance(value, Iterator | tuple):  # what filters such as map give
        return list(value)
    if value == value and callable(value):  # to compare an undefined name raises
        raise TypeError(f"it gives {value!r}, which is no value of a column")
    return value


@cache
def _columns_of_template(written: str) -> tuple[str, ...] | None:
    from jinja2 import meta, nodes

    parsed = _environment().parse(written)
    items = [
        item
        for item in parsed.find_all(nodes.Getitem)
        if isinstance(item.node, nodes.Name) and item.node.name == ROW
    ]
    named = [item.arg.value for item in items if isinstance(item.arg, nodes.Const)]
    rows = [name for name in parsed.find_all(nodes.Name) if name.name == ROW]
    if len(named) < len(rows):
        return None
    variables = meta.find_undeclared_variables(parsed) - {ROW, *GLOBALS}
    return tuple(sorted({*variables, *map(str, named)}))


@cache
def _filler(written: str) -> Callable[[Row], object]:
    from jinja2 import TemplateError

    template = _environment().from_string(written)

    def fill(row: Row) -> object:
        try:
            context = template.new_context({**row, ROW: row})
            parts = list(template.root_render_func(context))
            return parts[0] if len(parts) == 1 else "".join(map(text_of, parts))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as problem:
            raise ShowhowError(f"the template {_short(written)} cannot be filled: {problem}") from (
                problem
            )

    return fill


def _short(written: str) -> str:
    text = " ".join(written.split())
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
