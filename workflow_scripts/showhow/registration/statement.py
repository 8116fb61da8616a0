"""What a study states before its data."""

from typing import Any

from showhow.report.registered import stated
from showhow.study.configuration import Configuration
from showhow.study.stated import settings_of


def statement_of(configuration: Configuration, study: str) -> dict[str, Any]:
    """State a study as it is configured; the report states it again, from the study that ran."""
    claims = configuration.studies[study].claims
    settings = settings_of(configuration, study)
    return stated(study, settings, claims, configuration.analysis.margins)
