"""The command: read a table, check it, write a strategy, say how to run it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.console import say
from experiments.errors import UserError
from experiments.known_keys import schema_of
from experiments.plans.base import Base, base_of
from experiments.plans.checking import check
from experiments.plans.grid import is_grid, plan_of_grid
from experiments.plans.kinds import Kinds
from experiments.plans.plan import Plan
from experiments.plans.reading import read_table, shown_name
from experiments.plans.request import Request, asked_for
from experiments.plans.rows import plan_of_rows
from experiments.plans.writing import as_text, free_path, write_new
from experiments.simulator import Simulator

__all__ = ["import_plan"]


def import_plan(words: Sequence[str], simulator: Simulator, *, show: bool = False) -> None:
    """Make a strategy of a table.

    Parameters
    ----------
    words
        ``import=FILE name=NAME`` and, if wanted, ``sheet=``, ``like=``, ``brand=``.
    simulator
        Where the configuration tree and the type of a scenario come from.
    show
        Print the strategy, and write nothing.

    Raises
    ------
    UserError
        With a line for everything that is wrong, for every cell its row and column.
    """
    request = asked_for(words)
    path = free_path(request, simulator.configs())
    table = read_table(Path(request.file), request.sheet)
    base = base_of(request, simulator)
    kinds = Kinds(schema_of(base.model))
    plan = plan_of_grid(table, kinds) if is_grid(table) else plan_of_rows(table, kinds)
    findings = sorted([*plan.findings, *check(plan, base, kinds)])
    UserError.raise_any(f"{table.file}, {place}: {text}" for place, text in findings)
    if not plan.items:
        raise UserError(f"{table.file}: names no item; it takes one or more")
    text = as_text(plan, request, shown_name(Path(request.file)))
    if show:
        say(text.rstrip())
        return
    write_new(path, text, request)
    _tell(plan, request, base, path)


def _tell(plan: Plan, request: Request, base: Base, path: Path) -> None:
    count = len(plan.items)
    say(f"{path.as_posix()}: {count} item{'s' * (count != 1)} ({plan.layout}), checked against the brand {base.brand}")
    if request.like:
        names = {item.name for item in plan.items}
        joined = sorted(names & set(base.programme))
        also = f"; those of the same name are joined: {', '.join(joined)}" if joined else ""
        beside = f"the items of {request.like} stay beside them{also}"
        say(f"{beside} (leave one out: '~strategy.programme.NAME')")
    say(f"fishpond run {request.chosen}")
