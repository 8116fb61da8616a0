"""docs/calibration.md: how often each verdict is false, and how often what there is is found."""

from collections.abc import Iterable

import pandas as pd

from showhow.analysis.claims import load_claim
from showhow.calibration.scenario import FALSE_AT_MOST, LONGER, Scenario, Tally
from showhow.calibration.simulation import Design

SEEDS = (3, 5, 10)
BASES = (1, 3, 6)
INTRODUCTION = """\
# What the verdicts are worth

Made by `make calibrate`; {studies} simulated studies a cell, each decided by the functions that
decide a real one (`workflow_scripts/showhow/calibration`). In log odds, a run varies with a
standard deviation of {spread.run} in all arms and {spread.run_arm} in one, a base with
{spread.base} and {spread.base_arm}, a problem with {spread.problem} and {spread.problem_arm};
{problems} problems.

A cell gives the share of **false** verdicts and, behind the bar, how often the verdict that is true
of it was found (the power). A claim by itself is shown; in a study of several claims each is
corrected for the others and finds less. With one base the truth is that of this base, of which
alone such a study speaks; with several each seed starts from one of them in turn, and the truth is
that of all bases made so. False verdicts may be at most {most:.0%}; {studies} studies tell this to
about {error:.1%}. A cell with more is simulated again with {longer} times as many studies, and has
their share.
"""


TAKE_OFF = """\
## Where intervals do not hold

Runs that learn all or nothing (0.95 or 0.10 right): the share of intervals that hold the truth.
With few units all of them may happen to learn, and nothing then tells that others would not. Look
at the single seeds in the figures; where they lie far apart, or a training is known to take off
late, more seeds are needed than the power promises.
"""


def designs(seeds: Iterable[int] = SEEDS, bases: Iterable[int] = BASES) -> list[Design]:
    """List the sizes of study.

    A seed has one base at most, so that few seeds make the same study of six bases as of three.
    """
    listed = (Design(count, min(number, count)) for number in bases for count in seeds)
    return list(dict.fromkeys(listed))


def render(
    tallies: list[Tally],
    studies: int,
    coverage: pd.DataFrame | None = None,
    take_off: pd.DataFrame | None = None,
) -> str:
    """Write the page: a table for each claim, and how often intervals hold the truth."""
    design = Design(0, 0)
    parts = [
        INTRODUCTION.format(
            studies=studies,
            spread=design.spread,
            problems=design.problems,
            most=FALSE_AT_MOST,
            longer=LONGER,
            error=1.96 * (FALSE_AT_MOST * (1 - FALSE_AT_MOST) / studies) ** 0.5,
        )
    ]
    for claim in dict.fromkeys(tally.scenario.claim for tally in tallies):
        of_claim = [tally for tally in tallies if tally.scenario.claim == claim]
        parts.append(_section(claim, of_claim))
    if coverage is not None:
        parts.append(_coverage(coverage))
    if take_off is not None:
        parts.append(f"{TAKE_OFF}\n{take_off.to_markdown(index=False, floatfmt='.3f')}\n")
    return "\n".join(parts)


def _section(claim: str, tallies: list[Tally]) -> str:
    loaded = load_claim(claim)
    columns = list(dict.fromkeys(tally.design for tally in tallies))
    heads = [f"{d.bases} base{'s' * (d.bases > 1)}, {d.seeds} seeds" for d in columns]
    lines = [
        f"## {claim}: {loaded.statement}\n",
        f"| truth | false would be | {' | '.join(heads)} |",
        "|---|---|" + "---|" * len(heads),
    ]
    for scenario in dict.fromkeys(tally.scenario for tally in tallies):
        cells = {t.design: _cell(t) for t in tallies if t.scenario == scenario}
        row = [scenario.name, _false(scenario), *(cells[design] for design in columns)]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines) + "\n"


def _false(scenario: Scenario) -> str:
    return " or ".join(sorted(scenario.false))


def _cell(tally: Tally) -> str:
    false = f"{tally.false:.1%}"
    return f"{false} \\| {tally.power:.0%}" if tally.scenario.wanted else false


def _coverage(coverage: pd.DataFrame) -> str:
    text = coverage.to_markdown(index=False, floatfmt=".3f")
    return f"## Coverage of the 95% intervals\n\n{text}\n"
