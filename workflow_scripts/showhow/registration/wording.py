"""What `make power` says."""

import math

from showhow.analysis.claims import load_claim
from showhow.registration.power import LARGEST, PLANS, WANTED, Detectable
from showhow.study.configuration import Configuration, Probes


def told_power(study: str, configuration: Configuration, found: list[Detectable]) -> str:
    """Tell for each claim the smallest effect that each plan finds, and what would find less."""
    lines = [
        f"Study {study}: by how much the truth has to lie beyond a claim's criterion, in the",
        f"claim's unit, to be found in {WANTED:.0%} of studies (p corrected for the claims).",
        "",
    ]
    if not found:
        return f"Study {study} names no claims, so there is none to find.\n"
    for claim in dict.fromkeys(each.claim for each in found):
        of_claim = [each for each in found if each.claim == claim]
        lines += _of_claim(claim, of_claim, configuration, study)
    return "\n".join(lines) + "\n"


def _of_claim(
    claim: str, found: list[Detectable], configuration: Configuration, study: str
) -> list[str]:
    loaded = load_claim(claim)
    margin = configuration.analysis.margins.get(claim, loaded.margin)
    head = f"{claim} {loaded.statement} (margin {margin:g}; {loaded.unit})"
    if found[0].missing:
        measures = configuration.studies[study].probes != Probes()
        why = "not simulated, as it rests on what is measured of the bases" if measures else ""
        return [head, f"  {why or 'cannot be decided: ' + found[0].missing}", ""]
    rows = [f"  {each.plan:22s} {each.runs:5d} runs  {_distance(each)}" for each in found]
    return [head, *rows, f"  {_cheaper(found)}", ""]


def _distance(each: Detectable) -> str:
    return f"{each.distance:.2f}" if math.isfinite(each.distance) else f"not even {LARGEST:.2f}"


def _cheaper(found: list[Detectable]) -> str:
    """Say what gains most: problems cost answers alone, seeds cost runs."""
    by_plan = {each.plan: each.distance for each in found}
    now, seeds, problems = (by_plan.get(plan.name, math.inf) for plan in PLANS[:3])
    if min(seeds, problems) >= now:
        return "Neither more seeds nor more problems would find less."
    better, worse = ("seeds", seeds), ("problems", problems)
    if problems <= seeds:
        better, worse = worse, better
    return (
        f"More {better[0]} help more than more {worse[0]} ({better[1]:.2f} against {worse[1]:.2f})."
    )
