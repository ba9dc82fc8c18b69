"""Gates of groups: who goes in where entering costs a fee, a task or an invitation (PRACTICE 22).

Entry is worth to a person
    worth x 2 fit x (need / mean need)^power x (freeloader factor, if they are one) x e^(sigma z),
fit the likeness of their interests and the brand's topics, z a normal number keyed by (person, type of group). They go in if that is at
least what the gate costs them; a fee weighs the heavier the more somebody looks for deals (fee x deal-proneness / mean). So a gate makes
nobody better: it keeps those out who care less.

Source: PRACTICE 22 (an entry gate raises quality); equation and numbers are assumptions of this project.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import randomness
from sim.parameters import Parameters, parameter
from sim.randomness import name_key, stream

WORTH = stream("gates.worth")


class GateParameters(Parameters):
    """What entering a group is worth to people."""

    worth_yuan: float = parameter(
        20.0, unit="yuan", meaning="worth of entry at mean need and a fit of one half, in the median", low=0.001, high=1e6
    )
    worth_sigma: float = parameter(1.0, unit="log-normal sigma", meaning="spread of that worth across people", low=0, high=5)
    need_power: float = parameter(0.5, unit="power", meaning="how worth rises with need; 0 is not at all", low=0, high=10)
    freeloader_factor: float = parameter(
        0.2, unit="factor", meaning="worth of entry to a freeloader against anybody else", low=0.001, high=100
    )


def worth_yuan(
    person: Any, type_name: str, run: np.uint64, gates: GateParameters, topics: NDArray[np.float64], mean_need_per_hour: float
) -> float:
    """Return what entry to a type of group is worth to a person."""
    interests = person["interests"]
    lengths = float(np.sqrt((interests**2).sum() * (topics**2).sum()))
    fit = float((interests * topics).sum()) / lengths if lengths > 0.0 else 0.0
    z = randomness.normal(run, person["key"], WORTH, name_key(type_name), np.uint64(0))
    worth = gates.worth_yuan * 2.0 * fit * (float(person["need_rate_per_hour"]) / mean_need_per_hour) ** gates.need_power
    if person["freeloader"]:
        worth *= gates.freeloader_factor
    return float(worth * math.exp(gates.worth_sigma * z))
