"""The defaults of behaviour as a file, and the words of the calibration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from experiments.calibrate.published.outcome import Calibration
from experiments.numbers import count

__all__ = ["CAVEAT", "answer", "as_text"]

_HEAD = """\
# Parameters of members, shared by all brands and strategies: the centre of the calibration on rows C of the evidence, made by
#   {command}
# What is not set here takes the default of the model (sim/behaviour). posterior.parquet beside it has {draws} sets that fit as well.
# {verdict}
"""

CAVEAT = (
    "The posterior is of the parameters that were free, within their bounds, given the equations and all other parameters. Published "
    "values stand with their tolerance, of which half is taken for a standard deviation. Where the facts tell nothing, the posterior is "
    "the prior: what was assumed, not what was learnt."
)


def as_text(found: Calibration, command: str) -> str:
    """Write the file of the centre; `command` is what makes it again."""
    tree: dict[str, Any] = {}
    for key, value in found.values.items():
        _, mechanism, parameter = key.split(".")
        tree.setdefault(mechanism, {})[parameter] = value
    verdict = f"Within tolerance jointly: {_within(found.joint)}."
    return _HEAD.format(command=command, draws=len(found.draws), verdict=verdict) + yaml.safe_dump(tree, sort_keys=False)


def answer(found: Calibration) -> str:
    """Say how well the facts are met, and how much they tell of the parameters."""
    told = found.parameters()["told"].value_counts()
    words = ", ".join(f"{told[name]} {name}" for name in ("pinned down", "narrowed", "not told") if name in told.index)
    runs = sum(len(fit.points) for fit in found.fits)
    return (
        f"With one set of parameters, within tolerance: {_within(found.joint)}. "
        f"Of {len(found.values)} free parameters the facts leave {words}; {count(runs)} points were simulated."
    )


def _within(joint: Mapping[str, Any]) -> str:
    passing = {name: all(check.verdict == "pass" for check in checks) for name, checks in joint.items()}
    missed = [name for name, passes in passing.items() if not passes]
    rest = f" (not {', '.join(missed)})" if missed else ""
    return f"{sum(passing.values())} of {len(passing)} rows{rest}"
