"""The claims of a report: verdicts, what they are worth, and what was registered of them."""

from pathlib import Path

import pytest
import yaml
from reported_study import (
    BY_TASK,
    LEAST,
    Page,
    Reported,
    render,
    replaced,
    rows_of,
    without_details,
)

from showhow.base.errors import ShowhowError
from showhow.report.registered import read_registration, stated
from showhow.report.tables import DASH, MINUS


def test_verdicts_are_a_word_a_symbol_and_a_colour(report):
    html = render(report)
    symbols = {"supported": "✓", "contradicted": "✗", "mixed": "⇅", "inconclusive": "?"}
    for word, symbol in symbols.items():
        assert f'<span class="verdict {word}">{symbol} {word}</span>' in html


def test_estimates_have_units_intervals_and_may_be_infinite(report):
    text = Page(render(report)).text
    assert "+31.0 percentage points" in text
    assert "+27.0 to +35.0" in text
    assert "to ∞" in text


def test_under_each_verdict_stands_what_it_is_worth_without_a_click(report):
    rests = report.claims.assign(rests_on=["addition", "", "", "", "", ""])
    seen = without_details(render(replaced(report, claims=rests)))
    assert "Decides: short minus none, as many steps: above +5.0; p 0.001" in seen
    assert "corrected for the study\N{RIGHT SINGLE QUOTATION MARK}s claims 0.003" in seen
    assert "Task by task: addition: ✓ supported listops: ? inconclusive" in seen
    assert "all tasks together: ✓ supported without addition: ? inconclusive" in seen
    assert "So it rests on addition" in seen
    assert "the interval speaks of this one base: decoder-150k" in seen


def test_every_condition_stands_behind_a_click_met_or_not(report):
    html = render(report)
    assert "mean of levels minus none" not in without_details(html)
    rows = [" ".join(Page(row).text.split()) for row in rows_of(html)]
    assert f"{LEAST} +31.0 +27.0 to +35.0 0.001 above +5.0 met" in rows
    assert f"{LEAST} +2.0 {MINUS}10.0 to +10.0 0.400 above +5.0 not met" in rows
    assert f"listops: mean of levels minus none +30.0 +20.0 to +40.0 0.001 {DASH} {DASH}" in rows
    heads = ("All tasks together: ✓ supported", "Without addition: ? inconclusive")
    for head in (*heads, "Task listops: ? inconclusive", "Beside these, deciding nothing"):
        assert head in rows


def test_of_one_task_the_conditions_are_there_once(report):
    one = BY_TASK[BY_TASK["task"].isin(["all", "listops"])]
    html = render(replaced(report, by_task=one))
    assert "All tasks together" not in html
    assert "What it rests on: one task alone." in without_details(html)


def test_a_study_that_was_not_registered_says_so(report):
    assert "Not registered: make register before the data" in without_details(render(report))


SETTINGS = {"title": "What explanations do", "training": {"epochs": 4}, "grids": []}


def registered_in(folder: Path, **changes) -> Path:
    statement = stated("explanations", SETTINGS, ["C1"], {"C1": 0.05})
    power = [{"claim": "C1", "plan": "as it is", "distance": 0.12, "runs": 18, "missing": ""}]
    path = folder / "explanations.yaml"
    path.write_text(yaml.safe_dump({**statement, "power": power, **changes}))
    return path


def registering(report: Reported, path: Path, **changes) -> Reported:
    """Have a study report on what was registered, and state today what it stated then."""
    today = {"settings": SETTINGS, "claims_tested": ("C1",), "margins": {"C1": 0.05}}
    return replaced(report, registered=path, **{**today, **changes})


def test_the_study_that_was_registered_is_recognised_with_its_power(report, tmp_path):
    ran = stated("explanations", SETTINGS, ["C1"], {"C1": 0.05})
    seen = without_details(render(registering(report, registered_in(tmp_path))))
    assert f"Registered before the data, with the hash {ran['hash'][:12]}" in seen
    assert "The study that ran is the one that was registered." in seen
    assert "truth lies 0.12 beyond the criterion" in seen


def test_deviations_from_what_was_registered_are_listed(report, tmp_path):
    settings = {**SETTINGS, "training": {"epochs": 8}}
    ran = registering(report, registered_in(tmp_path), settings=settings, margins={"C1": 0.01})
    seen = without_details(render(ran))
    assert "The study that ran is not the one that was registered:" in seen
    assert "training.epochs: registered was 4, it ran with 8." in seen
    assert "claims.C1.margin: registered was 0.05, it ran with 0.01." in seen


def test_a_registered_file_that_was_changed_afterwards_is_told(report, tmp_path):
    changed = registered_in(tmp_path, title="Another")
    seen = without_details(render(registering(report, changed)))
    assert "it no longer has that hash" in seen


def test_a_file_that_registers_nothing_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "registered.yaml"
    for text in ("a: [", "only text", "title: no hash"):
        path.write_text(text)
        with pytest.raises(ShowhowError, match=r"make register.*commit"):
            read_registration(path, {})
