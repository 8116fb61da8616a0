"""A study that is killed at random moments loses nothing: the short form of `make crash`."""

from crash import KINDS, crash_test, killable, table
from tiny_study import configuration

KILLS = 12


def test_a_study_killed_at_random_moments_loses_nothing(tmp_path):
    study = killable(configuration(), steps=40)
    findings = crash_test(tmp_path, study, KILLS, kills_per_study=KILLS, seed=3)
    assert findings.complaints == [], table(findings)
    assert sum(findings.kills.values()) == KILLS
    assert findings.kills.keys() == {kind.name for kind in KINDS}
