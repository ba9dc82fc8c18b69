"""The command: list strategies, show one, print the schema of their files, or import a plan."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.console import say
from experiments.errors import UserError
from experiments.simulator import Simulator
from experiments.strategies.request import SCHEMAS, Request, asked_for
from experiments.strategies.section import Section

__all__ = ["strategies"]

_CALENDAR = "calendar"


def strategies(words: Sequence[str], simulator: Simulator, *, show_config: bool = False) -> None:
    """Carry out a form of the command.

    Parameters
    ----------
    words
        Keys of the form, and overrides.
    simulator
        Where the configuration tree and the type of a scenario come from.
    show_config
        Print what a form would compose or write, and do nothing else.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    request = asked_for(words)
    if request.form == "import":
        from experiments.plans.command import import_plan

        import_plan(request.words, simulator, show=show_config)
    elif request.form == "show":
        _show(request, simulator, show_config=show_config)
    elif show_config:
        raise UserError("--show-config: shows nothing here; it goes with show=NAME or import=FILE")
    elif request.form == "schema":
        from experiments.strategies.schema import as_json, scenario_schema, strategy_schema

        build = scenario_schema if SCHEMAS[request.value] == "scenario" else strategy_schema
        say(as_json(build(simulator.scenario_model())))
    else:
        _list(request, simulator)


def _list(request: Request, simulator: Simulator) -> None:
    from experiments.job_composition import folders_of
    from experiments.strategies.listing import as_section, strategies_in

    (section,) = [as_section(strategies_in(simulator.configs(), folders_of(request.words)))]
    if sys.stdout.isatty():
        say(_drawn([section]))
        return
    from experiments.strategies.shown import as_lines

    say(as_lines(section))


def _show(request: Request, simulator: Simulator, *, show_config: bool) -> None:
    from experiments.job_composition import compose_job
    from experiments.overrides import Override, quoted

    chosen = Override(f"strategy={quoted(request.value)}", "strategy", "", "show", request.value)
    job = compose_job("strategies", request.words, simulator, chosen)
    if show_config:
        from experiments.resolved import as_yaml

        say(as_yaml(job).rstrip())
        return
    from experiments.strategies.plan import plan_of
    from experiments.strategies.showing import DEFAULTS, head, sections
    from experiments.strategies.words import file_name

    (arm,) = job.arms
    plan = plan_of(arm.scenario)
    shown = [head(plan), *sections(plan)]
    say(_drawn(shown))
    say(f"\n{DEFAULTS} (fishpond parameters 'strategy={arm.name}' under=strategy lists them.)")
    folder = Path(job.settings.out or Path("outputs") / f"strategies-{file_name(arm.name)}")
    from experiments.figures import draw_calendar
    from experiments.files import told_plainly

    with told_plainly("out", folder, UserError):
        drawn = draw_calendar(plan, folder, _CALENDAR)
    say(f"{folder / _CALENDAR}.png and .svg" if drawn else "no calendar: nothing in the plan has an occasion within these days")


def _drawn(sections: Sequence[Section]) -> str:
    from experiments.strategies.shown import as_tables, as_text

    if sys.stdout.isatty():
        return as_tables(sections, shutil.get_terminal_size().columns)
    return as_text(sections)
