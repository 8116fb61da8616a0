"""Write what is read of the data of some configurations, as docs/data.md has it.

python workflow_scripts/run.py data_table --configfile configs/ren2024.yaml --output docs/data.md

The files are looked for where the configurations say. Programs among them are run, in a sandbox.
"""

from pathlib import Path
from typing import Annotated

import typer
import yaml

from showhow.base.rows import write_text
from showhow.jobs.stage import in_a_sentence
from showhow.report.data_table import counted_of, in_markdown, prompts_in_markdown, some_wrong
from showhow.study.validation import load_configuration

OPENING = """\
# What is read of the papers' data

Of each source: its rows, distinct questions, answers that are read of its texts, and those that are
right. All rows are counted, before any is dropped: of questions that stand twice a study takes the
first, and none that its test set asks. Written on the public files by

```sh
python workflow_scripts/run.py data_table {options} --output docs/data.md
```

`--wrong 50` prints instead, for each source, as many of its responses that do not count as right,
drawn at random, for a person to read.
"""


def data_table(
    configfile: Annotated[list[Path], typer.Option(help="A configuration; may stand repeatedly.")],
    output: Annotated[Path | None, typer.Option(help="Where the table goes, as Markdown.")] = None,
    wrong: Annotated[int, typer.Option(help="Print so many responses that are not right.")] = 0,
) -> None:
    options = " ".join(f"--configfile {file}" for file in configfile)
    parts, prompts, read = [OPENING.format(options=options)], [], ""
    for file in configfile:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        configuration = load_configuration(content, [file])
        for task in configuration.tasks:
            _, settings = configuration.loaded_task(task)
            counted = list(counted_of(task, settings))
            if counted:
                parts.append(f"## {task}\n\n{in_markdown(counted)}")
                kind = configuration.tasks[task].kind
                prompts.append(prompts_in_markdown(task, kind, settings))
                read += some_wrong(counted, wrong)
    if wrong:
        print(read)
    text = "\n".join([*parts, "## The first prompts, side by side\n", *prompts])
    if output is not None:
        write_text(output, text)
    elif not wrong:
        print(text, end="")


if __name__ == "__main__":
    with in_a_sentence():
        typer.run(data_table)
