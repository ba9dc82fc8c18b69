"""`winner.yaml`: the setting that won, as the file of a strategy that starts from the one that was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import yaml

from experiments.errors import UserError
from experiments.job import Job
from experiments.job_composition import compose_job
from experiments.overrides import quoted
from experiments.settings import JOB_KEYS
from experiments.simulator import Simulator

__all__ = ["FILES", "Changes", "changes_of", "strategy_text", "winner_name"]

FILES = ("winner.yaml",)
_WIDTH = 140

#: What a strategy has that its file does not say, nested; None where it lacks something that the file says.
Changes = Mapping[str, Any] | None


def changes_of(base: Job, lines: Sequence[str], simulator: Simulator) -> Changes:
    """Find what the strategy of a job has that its file does not say.

    Parameters
    ----------
    base
        The job, of one strategy.
    lines
        Overrides from the command line.
    simulator
        Where the configuration tree comes from.
    """
    if not any(_key_of(line).startswith(("strategy.", "only.", "experiment")) for line in lines):
        return {}
    world = [line for line in lines if _key_of(line).split(".")[0] not in {*JOB_KEYS, "strategy", "experiment"}]
    try:
        file = compose_job("run", [f"strategy={quoted(base.names[0])}", *world], simulator)
    except UserError:  # the strategy does not fit the world that it finds without the preset
        return None
    return _added(*(job.arms[0].scenario.strategy.model_dump(mode="json") for job in (file, base)))


def _key_of(line: str) -> str:
    return line.lstrip("+~").partition("=")[0]


def _added(there: Mapping[str, Any], here: Mapping[str, Any]) -> Changes:
    """Return what to merge into one mapping to get another; None where that cannot be, since merging takes nothing away."""
    if there.keys() - here.keys():
        return None
    changes: dict[str, Any] = {}
    for key, value in here.items():
        if key in there and isinstance(value, Mapping) and isinstance(there[key], Mapping):
            inner = _added(there[key], value)
            if inner is None:
                return None
            if inner:
                changes[key] = inner
        elif key not in there or there[key] != value:
            changes[key] = value
    return changes


def winner_name(strategy: str) -> str:
    """Name the strategy that won; its file has to have the same name."""
    return f"{strategy}_optimised"


def strategy_text(config: Mapping[str, Any], values: Mapping[str, Any], description: str, head: Sequence[str]) -> str:
    """Write the file.

    Parameters
    ----------
    config
        Configuration of the folder.
    values
        Setting of each lever.
    description
        A line that says what it is.
    head
        Lines of the comment above.
    """
    name = str(config["strategies"][0])
    changes = config["changes"]
    # Without a way to take something away by merging, the file is whole.
    content = config["arms"][name]["strategy"] if changes is None else changes
    for key, value in values.items():
        content = _with(content, config["search"]["levers"][key]["path"][1:], value)
    own = {"name": winner_name(name), "description": description}
    content = {
        **({} if changes is None else {"defaults": [name, "_self_"]}),
        **own,
        **{key: content[key] for key in content if key not in own},
    }
    body = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, default_flow_style=False, width=_WIDTH)
    wrapped = [part for line in head for part in wrap(line, _WIDTH - 2, subsequent_indent="  ")]
    return "".join(f"# {line}\n" for line in wrapped) + body


def _with(values: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    head, *rest = path
    return {**values, head: _with(values.get(head) or {}, rest, value) if rest else value}
