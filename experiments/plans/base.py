"""What a plan is checked with: the configured scenario, and the strategy that it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from experiments.composition import ConfigTree
from experiments.errors import UserError
from experiments.job_composition import scenario_values
from experiments.known_keys import KnownKeys, schema_of
from experiments.overrides import Override, quoted
from experiments.plans.request import Request
from experiments.simulator import Simulator
from experiments.validation import validation_lines

__all__ = ["Base", "base_of"]


@dataclass(frozen=True)
class Base:
    """The scenario that the plan is put into.

    Attributes
    ----------
    values
        Plain values of a scenario whose strategy is the one to start from, under the new name.
    brand
        Name of the brand.
    model
        Type that checks a scenario.
    """

    values: dict[str, Any]
    brand: str
    model: Any

    @property
    def known(self) -> KnownKeys:
        """Valid keys of a scenario."""
        return KnownKeys(schema_of(self.model))

    @property
    def programme(self) -> dict[str, Any]:
        """Items of the strategy that the plan starts from."""
        items = self.values["strategy"].get("programme") or {}
        assert isinstance(items, dict)
        return items

    def with_programme(self, programme: dict[str, Any]) -> dict[str, Any]:
        """Return the scenario with another programme."""
        return {**self.values, "strategy": {**self.values["strategy"], "programme": programme}}

    def lines(self, values: dict[str, Any]) -> dict[str, str]:
        """Check a scenario: from the key of everything that is wrong to a line about it."""
        try:
            self.model.model_validate(values)
        except ValidationError as error:
            return validation_lines(error, values, self.known)
        return {}


def base_of(request: Request, simulator: Simulator) -> Base:
    """Compose the scenario that a plan is put into.

    Raises
    ------
    UserError
        When there is no such brand or strategy, or it is wrong itself.
    """
    model = simulator.scenario_model()
    tree = ConfigTree(simulator.configs(), KnownKeys(schema_of(model)))
    choices = []
    for group, key in (("brand", "brand"), ("strategy", "like")):
        chosen = getattr(request, key)
        if chosen:
            choices.append(Override(f"{group}={quoted(chosen)}", group, "", key, chosen))
    composition = tree.compose(choices)
    UserError.raise_any([*tree.problems, *composition.problems])
    values = scenario_values(composition)
    values["strategy"] = {**(values["strategy"] if request.like else {}), "name": request.name}
    base = Base(values, composition.choices.get("brand", ""), model)
    UserError.raise_any(base.lines(values).values())
    return base
