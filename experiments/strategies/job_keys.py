"""What a preset may say of a job, beside its scenario: the JSON schema of each of the job's own keys but ``only``."""

from __future__ import annotations

from typing import Any

from experiments.answers.settings import AnswerSettings
from experiments.flip_map.settings import FlipMapSettings
from experiments.optimise.settings import OptimiseSettings
from experiments.robustness.settings import RobustnessSettings
from experiments.sensitivity.settings import SensitivitySettings
from experiments.sequential.settings import BEST_KEYS, PRECISION_KEYS
from experiments.sweep.settings import SweepSettings

__all__ = ["job_properties"]

_WHOLE: dict[str, Any] = {"type": ["integer", "null"], "minimum": 1}
_TEXT: dict[str, Any] = {"type": ["string", "null"]}


def job_properties() -> dict[str, Any]:
    """Return the schemas by key."""
    return {
        "seed": {"type": "integer", "minimum": 0, "maximum": 2**32 - 1, "description": "root of all random numbers"},
        "replications": {**_WHOLE, "description": "runs of each strategy; null takes the command's own number"},
        "workers": {"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1}], "description": "worker processes"},
        "out": {**_TEXT, "description": "folder of the results"},
        "executor": _mapping({"kind": {"enum": ["local", "serial", "dask"]}, "address": _TEXT}, "how runs are carried out"),
        "run_limit_seconds": {"type": ["number", "null"], "exclusiveMinimum": 0, "description": "a run that takes longer fails"},
        "reuse": {"type": ["string", "array", "null"], "description": "experiments whose runs are taken over where they are the same"},
        "record": {"enum": ["summary", "daily", "full", None], "description": "how much of every run is kept"},
        "progress": {"enum": ["auto", "off", False], "description": "the progress bar"},
        "strategies": {"type": "array", "items": {"type": "string"}, "minItems": 1, "description": "arms of compare, the baseline first"},
        "arms": {
            "type": ["object", "null"],
            "additionalProperties": {"type": ["array", "null"], "items": {"type": "string"}},
            "description": "arms that differ in anything, lists of overrides by name (compare, sweep)",
        },
        "question": {**_TEXT, "description": "what is to be found out, a sentence"},
        "answer": {"anyOf": [{"type": "null"}, _mapping(dict.fromkeys(AnswerSettings.model_fields, True), "what answers the question")]},
        "equal_spend": {"type": "boolean", "description": "whether every arm gets the baseline's total budget (compare)"},
        "flip_map": _mapping(dict.fromkeys(FlipMapSettings.model_fields, True), "the map of which strategy leads (compare)"),
        "robustness": _mapping(dict.fromkeys(RobustnessSettings.model_fields, True), "the same comparison in uncertain worlds (compare)"),
        "sweep": _mapping(dict.fromkeys(SweepSettings.model_fields, True), "what varies, and what is drawn (sweep)"),
        "sensitivity": _mapping(
            dict.fromkeys(SensitivitySettings.model_fields, True), "which assumptions are varied, and how (sensitivity)"
        ),
        "optimise": _mapping(dict.fromkeys(OptimiseSettings.model_fields, True), "what a search changes, and what it looks for (optimise)"),
        "precision": _mapping(PRECISION_KEYS, "share of the baseline's mean that half an interval is to have, by metric (compare)"),
        "best": _mapping(BEST_KEYS, "the search for the best arm (compare)"),
        "time_limit_minutes": {"type": ["number", "null"], "exclusiveMinimum": 0, "description": "after it no run is started"},
        "trace": {"type": ["string", "array", "null"], "description": "members whose biographies are written (run)"},
        "export": {"type": "boolean", "description": "whether runs are written as a brand's data besides (run, compare)"},
        "dir": {**_TEXT, "description": "folder of a finished experiment (report)"},
        "size": {"type": "string", "description": "of the command validate"},
    }


def _mapping(properties: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False, "description": description}
