"""A whole study as one Provenance Run Crate: code, configuration, results, and every job's record.

The community's format for runs of workflows (https://w3id.org/ro/wfrun/provenance, version 0.5).
Snakefile is the main workflow, each stage a step of it and its script the tool; each job is an
action with its times, what it was told, what it read and wrote, and what it cost.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from rocrate.model import ComputerLanguage, ContextEntity, SoftwareApplication
from rocrate.model.entity import Entity
from rocrate.rocrate import ROCrate

Crate = Any
"""A ROCrate, whose methods say that they give one entity or several; here it is always one."""
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/provenance/0.5": ("Provenance Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
TERMS = {"resourceUsage": "https://w3id.org/ro/terms/workflow-run#resourceUsage"}
LICENSE = "https://spdx.org/licenses/MIT"
USAGE = {
    "wall_seconds": "s",
    "cpu_seconds": "s",
    "peak_memory_mb": "MB",
    "tokens": "tokens",
    "attempts": "attempts",
}
CODE = ("rules/*.smk", "workflow_scripts/*.py", "workflow_scripts/*/**/*")
ENDINGS_OF_CODE = (".smk", ".py", ".jinja", ".css", ".js")
FORMATS = {
    ".jsonl": "application/jsonl",
    ".parquet": "application/vnd.apache.parquet",
    ".smk": "text/x-python",
    ".yaml": "application/yaml",
}


@dataclass(frozen=True)
class ExportedStudy:
    """What is exported. results: the files that the study ends in."""

    name: str
    title: str
    configuration: Path
    results: tuple[Path, ...]


def make_crate(study: ExportedStudy, jobs: list[dict]) -> ROCrate:
    """Describe the study; paths are taken from the working directory, the workflow's own."""
    crate = ROCrate(version="1.1", gen_preview=False)
    crate.metadata.extra_terms.update(TERMS)
    _describe_root(crate, study, jobs)
    configuration = _data(crate, study.configuration)
    results = [_data(crate, path) for path in study.results if path.exists()]
    workflow = _add_workflow(crate, jobs, configuration, results)
    tools = _add_steps(crate, workflow, jobs)
    _add_code(crate)
    actions = [_add_action(crate, number, job, tools) for number, job in enumerate(jobs, start=1)]
    _add_run(crate, study, jobs, actions, configuration, results)
    return crate


def _describe_root(crate: Crate, study: ExportedStudy, jobs: list[dict]) -> None:
    crate.name = study.title or study.name
    crate.description = (
        f"The study {study.name}: its workflow, configuration, results, and a record of each of "
        f"its {len(jobs)} jobs."
    )
    crate.license = _add(crate, LICENSE, "CreativeWork", name="MIT", description="MIT License")
    crate.datePublished = max(job["provenance"]["ended"] for job in jobs)
    crate.root_dataset["conformsTo"] = [
        _add(crate, address, "CreativeWork", name=name, version=version)
        for address, (name, version) in PROFILES.items()
    ]


def _add(crate: Crate, identifier: str, kind: str, **properties: object) -> Entity:
    """Add something that is no file."""
    return crate.add(ContextEntity(crate, identifier, {"@type": kind, **properties}))


def _data(crate: Crate, path: Path) -> Entity:
    """Add a file once, under its own path."""
    known = crate.dereference(str(path))
    kind = FORMATS.get(path.suffix) or guess_type(path.name)[0] or "application/octet-stream"
    described = {"name": path.name, "encodingFormat": kind}
    return known or crate.add_file(path, str(path), properties=described)


def _add_workflow(
    crate: Crate, jobs: list[dict], configuration: Entity, results: list[Entity]
) -> Entity:
    language = ComputerLanguage(
        crate,
        "https://w3id.org/workflowhub/workflow-ro-crate#snakemake",
        {"name": "Snakemake", "url": {"@id": "https://snakemake.readthedocs.io"}},
    )
    types = ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"]
    workflow = crate.add_workflow(
        "Snakefile",
        "Snakefile",
        main=True,
        lang=crate.add(language),
        properties={
            "@type": types,
            "name": "Showhow",
            "conformsTo": {
                "@id": "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
            },
        },
    )
    workflow["license"] = crate.dereference(LICENSE)
    revision = jobs[-1]["provenance"]["revision"]
    if revision:
        workflow["version"] = revision + ("-dirty" if jobs[-1]["provenance"]["dirty"] else "")
    workflow["input"] = [_parameter(crate, "configuration", configuration)]
    workflow["output"] = [_parameter(crate, result.id, result) for result in results]
    return workflow


def _parameter(crate: Crate, name: str, example: Entity) -> Entity:
    parameter = _add(
        crate,
        f"#parameter-{name}",
        "FormalParameter",
        name=name,
        additionalType="File",
        conformsTo={"@id": "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"},
    )
    parameter["workExample"] = example
    example["exampleOfWork"] = parameter
    return parameter


def _add_steps(crate: Crate, workflow: Entity, jobs: list[dict]) -> dict[str, Entity]:
    """Make each stage a step, and its script the tool; stages in the order of their first job."""
    tools, steps = {}, []
    for position, stage in enumerate(dict.fromkeys(job["stage"] for job in jobs)):
        script = f"workflow_scripts/stages/{stage}.py"
        tool = crate.add_file(
            script, script, properties={"@type": ["File", "SoftwareSourceCode"], "name": stage}
        )
        step = _add(crate, f"#step-{stage}", "HowToStep", position=str(position), name=stage)
        step["workExample"] = tool
        steps.append(step)
        tools[stage] = tool
    workflow["step"], workflow["hasPart"] = steps, list(tools.values())
    return tools


def _add_code(crate: Crate) -> None:
    for pattern in CODE:
        for path in sorted(Path().glob(pattern)):
            if path.suffix in ENDINGS_OF_CODE:
                _data(crate, path)


def _add_action(crate: Crate, number: int, job: dict, tools: dict[str, Entity]) -> Entity:
    """Describe one job: when, told what, reading and writing what, at which cost, where."""
    origin = job["provenance"]
    told = _value(crate, f"#job-{number}-options", "options", json.dumps(origin["options"]))
    action = crate.add_action(
        tools[job["stage"]],
        identifier=f"#job-{number}",
        object=[told, *_existing(crate, origin["reads"])],
        result=_existing(crate, origin["writes"]),
        properties={
            "name": f"{job['stage']} {job['target'].partition('/')[2]}",
            "startTime": origin["started"],
            "endTime": origin["ended"],
            "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
            "description": json.dumps({key: origin[key] for key in ("libraries", "hardware")}),
        },
    )
    action["resourceUsage"] = [
        _value(crate, f"#job-{number}-{key}", key, job[key], unitText=unit)
        for key, unit in USAGE.items()
        if key in job
    ]
    return action


def _value(crate: Crate, identifier: str, name: str, value: object, **more: str) -> Entity:
    described = {"propertyID": f"showhow:{name}", "name": name, "value": value}
    return _add(crate, identifier, "PropertyValue", **described, **more)


def _existing(crate: Crate, paths: Iterable[str]) -> list[Entity]:
    """Add what is still there and lies in the workflow's folder; a folder by its files.

    Weights that were not to be kept are gone.
    """
    found = [Path(path) for path in paths if not Path(path).is_absolute()]
    files = [file for path in found for file in ([path] if path.is_file() else path.rglob("*"))]
    return [_data(crate, file) for file in sorted(files) if file.is_file()]


def _add_run(
    crate: Crate,
    study: ExportedStudy,
    jobs: list[dict],
    actions: list[Entity],
    configuration: Entity,
    results: list[Entity],
) -> None:
    """Describe the run as a whole: the workflow's own action, and the engine that led the jobs."""
    times = {
        "startTime": min(job["provenance"]["started"] for job in jobs),
        "endTime": max(job["provenance"]["ended"] for job in jobs),
    }
    run = crate.add_action(
        crate.mainEntity,
        identifier="#run",
        object=[configuration],
        result=results,
        properties={"name": f"The study {study.name}", **times},
    )
    engine = SoftwareApplication(
        crate, "#engine", {"name": "Snakemake", "url": "https://snakemake.readthedocs.io"}
    )
    controls = []
    for number, (job, action) in enumerate(zip(jobs, actions, strict=True), start=1):
        name = f"orchestrate {job['stage']}"
        control = _add(crate, f"#control-{number}", "ControlAction", name=name)
        control["instrument"] = crate.dereference(f"#step-{job['stage']}")
        control["object"] = action
        controls.append(control)
    organize = _add(crate, "#organize", "OrganizeAction", name="Snakemake's run", **times)
    organize["instrument"] = crate.add(engine)
    organize["object"], organize["result"] = controls, run
    crate.root_dataset["mentions"] = [run, organize, *actions]
