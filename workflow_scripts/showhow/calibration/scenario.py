"""A scenario, and how often its verdicts are right."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from showhow.analysis.claims import load_claim
from showhow.analysis.evidence import Evidence
from showhow.analysis.judgement import CONTRADICTED, INCONCLUSIVE, MIXED, SUPPORTED
from showhow.calibration.simulation import Design

EITHER = frozenset({SUPPORTED, CONTRADICTED})
VERDICTS: tuple[str, ...] = (SUPPORTED, CONTRADICTED, MIXED, INCONCLUSIVE)


@dataclass(frozen=True)
class Scenario:
    """A truth, a study of it, and the verdicts that would be false of it.

    wanted: the verdict that should be found where there is something to find; "" for a null. study:
    draws one study of that design.
    """

    claim: str
    name: str
    study: Callable[[Design, np.random.Generator], Evidence]
    false: frozenset[str]
    wanted: str = ""


@dataclass(frozen=True)
class Tally:
    """How often each verdict came out, of so many studies."""

    scenario: Scenario
    design: Design
    studies: int
    verdicts: dict[str, int]

    @property
    def false(self) -> float:
        """The share of studies with a verdict that is false of the truth."""
        return sum(self.verdicts[verdict] for verdict in self.scenario.false) / self.studies

    @property
    def power(self) -> float:
        """The share of studies that find what there is; not a number for a null."""
        wanted = self.scenario.wanted
        return self.verdicts[wanted] / self.studies if wanted else float("nan")


def tally(scenario: Scenario, design: Design, studies: int) -> Tally:
    """Simulate studies of a scenario and decide the claim on each, by itself."""
    claim = load_claim(scenario.claim)
    named = f"{scenario.claim} {scenario.name} {design}"
    rng = np.random.default_rng(zlib.crc32(named.encode()))
    counts = dict.fromkeys(VERDICTS, 0)
    for _ in range(studies):
        asked = claim.ask(scenario.study(design, rng), claim.margin)
        if not asked.by_task:
            counts[INCONCLUSIVE] += 1
            continue
        counts[claim.decide(asked.by_task).by_itself] += 1
    return Tally(scenario, design, studies, counts)


FALSE_AT_MOST = 0.05
LONGER = 4
"""How many times as many studies tell too many false verdicts from bad luck."""


def in_stages(scenario: Scenario, design: Design, studies: int) -> Tally:
    """Tally a scenario, and where too many verdicts are false, with LONGER times as many studies.

    The longer simulation has a share of its own: the first studies are part of it.
    """
    first = tally(scenario, design, studies)
    return first if first.false <= FALSE_AT_MOST else tally(scenario, design, LONGER * studies)
