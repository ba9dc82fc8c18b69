"""The configuration tree that comes with the package, with the real simulator behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from experiments import load
from experiments.errors import UserError
from experiments.job_composition import compose_job
from experiments.simulator import Simulator

TREE = Path(__file__).resolve().parents[2] / "configs"


def names(group: str) -> list[str]:
    return sorted(path.stem for path in (TREE / group).glob("*.yaml"))


def leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


@cache
def composed(*lines: str) -> dict[str, Any]:
    job = compose_job("compare", lines, Simulator())
    content = job.content()
    settings = job.settings.model_dump(mode="json")
    return {**settings, **content["arms"][job.names[-1]], "arms": content["arms"]}


def test_the_tree_lies_beside_the_package() -> None:
    assert Simulator().configs() == TREE
    assert (TREE / "config.yaml").is_file()


def test_executors_are_those_that_work() -> None:
    assert names("executor") == ["dask", "local", "serial"]


@pytest.mark.parametrize("group", ["strategy", "brand", "population", "behaviour", "market"])
def test_every_file_of_a_group_is_right(group: str) -> None:
    there = names(group)
    assert there
    presets = names("experiment")
    for name in there:
        # A playbook names what its own brand has: its preset chooses both.
        own = group == "strategy" and f"playbook_{name}" in presets
        scenario = load(f"experiment=playbook_{name}" if own else f"{group}={name}")
        if group in ("strategy", "brand"):
            assert getattr(scenario, group).name == name


def test_what_the_commands_compare_without_further_words() -> None:
    job = compose_job("compare", [], Simulator())
    assert job.names == ["kill_pig", "fish_raising"]


def test_load_takes_what_the_command_line_takes() -> None:
    scenario = load("strategy=kill_pig", "population.size=77", "horizon_days=12")
    assert (scenario.strategy.name, scenario.population.size, scenario.horizon_days) == ("kill_pig", 77, 12)
    with pytest.raises(UserError, match=r"population\.siez: no such key; did you mean population\.size\?"):
        load("population.siez=77")


def presets_of_strategies() -> list[str]:
    """Return presets that compare strategies; those with arms of their own are the affair of test_presets.py."""
    return [name for name in names("experiment") if "\narms:" not in (TREE / "experiment" / f"{name}.yaml").read_text(encoding="utf-8")]


@pytest.mark.parametrize("preset", presets_of_strategies())
def test_every_preset_changes_what_it_names(preset: str) -> None:
    text = OmegaConf.to_container(OmegaConf.load(TREE / "experiment" / f"{preset}.yaml"))
    assert isinstance(text, dict)
    named = {str(key): value for key, value in text.items() if key not in ("defaults", "only")}
    base, changed = composed(), composed(f"experiment={preset}")
    assert base != changed
    values = dict(leaves(changed))
    for key, value in leaves(named):
        assert key not in values or values[key] == value, key
