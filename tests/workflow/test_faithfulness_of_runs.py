"""A study that changes a step of its models' explanations, run by the real Snakemake."""

import json
import shutil

import pandas as pd

from tiny_study import configuration, snakemake, write_configuration

RUN = "results/runs/tiny/bits/{}/small/n8/seed1"


def test_explanations_of_a_finished_study_are_changed_before_the_weights_go(
    finished_study, tmp_path
):
    folder = shutil.copytree(finished_study, tmp_path / "study", symlinks=True)
    config = configuration()
    config["studies"]["tiny"] |= {"probes": {"faithfulness": 5}, "figures": ["faithfulness"]}
    write_configuration(folder, config)
    done = snakemake(folder, "--quiet", "rules")
    assert done.returncode == 0, done.stdout
    explained, plain = (folder / RUN.format(variant) for variant in ("medium", "none"))
    told = json.loads((explained / "faithfulness.json").read_text())
    assert told["problems"] == 6
    assert told["asked"] == min(5, told["qualified"])
    items = (explained / "faithfulness-items.jsonl").read_text().splitlines()
    assert len(items) == told["asked"]
    assert not (plain / "faithfulness.json").exists()
    assert not (explained / "model").exists()
    table = pd.read_csv(folder / "results/tables/tiny-faithfulness.csv")
    assert table["variant"].tolist() == ["medium"]
    assert (folder / "results/figures/tiny/faithfulness.pdf").is_file()
    assert "<h3>Faithfulness</h3>" in (folder / "results/report.html").read_text()
    stages = set(pd.read_csv(folder / "results/tables/tiny-costs.csv")["stage"])
    assert "measure_faithfulness" in stages
