"""The scenarios, one file per claim: a file named as the claim's id holds SCENARIOS."""

from importlib import import_module
from pathlib import Path

from showhow.calibration.scenario import Scenario


def scenarios_of(claim: str) -> list[Scenario]:
    """List a claim's scenarios; none where no file is named after it."""
    name = claim.lower()
    if not (Path(__file__).parent / f"{name}.py").is_file():
        return []
    return import_module(f"{__name__}.{name}").SCENARIOS
