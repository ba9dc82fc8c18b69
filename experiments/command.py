"""The command line: ``fishpond COMMAND [overrides] [--show-config]``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from experiments.console import say, tell
from experiments.errors import UserError
from experiments.wording import listed, suggestion

if TYPE_CHECKING:
    from experiments.job import Job
    from experiments.simulator import Simulator

__all__ = ["main"]

DONE, SOME_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

_HELP = """\
Simulate private-domain customer communities under a brand's strategies.

commands:
  run        simulate one strategy                  fishpond run strategy=fish_raising population.size=500
  compare    simulate several on the same people    fishpond compare strategies=[kill_pig,fish_raising]
  sweep      try many settings of levers and worlds fishpond sweep strategy=fish_raising behaviour.buying.advance_days=3,7,14
  sensitivity which assumptions move the result    fishpond sensitivity strategies=[kill_pig,fish_raising]
  optimise   look for a better strategy             fishpond optimise strategy=NAME 'optimise.levers={KEY: {low: L, high: H}}'
  report     build figures and report.html again    fishpond report dir=outputs/NAME
  parameters list every parameter of a scenario     fishpond parameters strategy=kill_pig under=behaviour.fatigue
  strategies list strategies, show one, import one  fishpond strategies show=kill_pig
  calibrate  fit a brand to its own orders          fishpond calibrate data=FOLDER name=NAME
  validate   hold the model against its evidence   fishpond validate 'rows=[exact]'

overrides (Hydra's grammar: key=value, +key=value adds, ~key removes, GROUP=NAME chooses a file):
  strategy=NAME            what the brand does (run)
  strategies=[A,B,...]     the arms, the first is the baseline (compare)
  arms={A: [OVERRIDE,...], B: [...]}  arms that differ in anything, in place of strategies (compare); question="..." opens
                           the report, answer={metrics: [M,...], over: arms|days, per: total|person} is the figure below it
  only.NAME.PATH=VALUE     changes strategy.PATH of the arm NAME alone (compare)
  equal_spend=true         gives every arm the baseline's total budget, its other amounts in proportion (compare)
  flip_map=default         adds the map of which strategy leads, by horizon and by two uncertain parameters (compare);
                           flip_map.keys=[A,B] chooses them, flip_map.values=[[1,2],[3,4]] what they are set to,
                           likewise flip_map.horizons=[30,90] (days), flip_map.replications=R, flip_map.metric=gmv
  robustness=default       runs the same comparison in many uncertain worlds and says in what share who leads (compare);
                           robustness=posterior in worlds that fit the evidence, draws of calibrate target=published;
                           robustness.over={KEY: [LOW,HIGH],...} chooses what is uncertain, robustness.points how many worlds
  optimise.levers={KEY: {low: L, high: H}, KEY: [V,...]}  keys of the strategy that a search changes (optimise);
                           optimise.objectives=[M,...] is what it looks for, the first decides who wins,
                           optimise.constraints={M: {most: X}} bounds metrics, optimise.trials=N is how many candidates
  trace="5 random"         writes biographies besides, every event of some members as table and figure (run);
                           trace=[KEY,KEY] names them by their keys in members.parquet
  sensitivity.over=[KEY,GROUP,PATTERN] or {KEY: [LOW,HIGH]}  what is varied (sensitivity; all assumed behaviour without it), by
                           sensitivity.method=tornado|morris|sobol, on sensitivity.metric=M, with sensitivity.points=N
  brand=NAME               who sells what; likewise population=, behaviour=, market=
  experiment=NAME          a preset: posting_frequency, group_size, gate and others, each a question (compare); files of your own
                           go into ./conf/GROUP/NAME.yaml, or hydra.searchpath=[DIR]
  population.size=N        any key of the configuration (--show-config lists them)
  horizon_days=D           length in days
  replications=R           runs of each strategy (run 1, compare 20, sweep 5, optimise 12); asking for more later adds them
  precision.METRIC=SHARE   adds replications until half the 95 % interval of its difference is that share of the baseline's
                           mean, 0.02 say (compare); precision.most=N at most
  best.metric=METRIC       looks for the best arm: worse ones get no more replications (compare); best.indifference=0.02 is
                           the share of the baseline's mean that does not matter, best.most=N replications at most
  time_limit_minutes=M     time after which no run goes on; the same command continues
  history.strategy=NAME    what the brand did before day 0, for history.days=D, on the same people
  seed=S                   root of all random numbers
  workers=W                worker processes (auto: one for each physical core)
  executor=local|serial|dask  worker processes, all in this process, or a cluster (executor.address=tcp://HOST:PORT)
  run_limit_seconds=S      fails a run that takes longer; the others go on
  reuse=[DIR,...]|null     whose runs to take over where they are the same (auto: those in outputs, unless out is given)
  record=summary|daily|full  how much of every run is kept
  export=true              writes every run as CSV files besides, as a brand's own data (run, compare)
  report.page=false        leaves out figures and report.html
  progress=auto|off        the progress bar
  out=DIR                  folder of the results; it is never deleted: the same experiment continues in it, another
                           one is refused. Without it: outputs/COMMAND-STRATEGIES-HASH, the hash taken of what is tried
"""
_LIST_HELP = """\
which parameters are listed, and how (parameters; overrides choose the scenario as for run):
  under=PATH               those below a key: under=behaviour.fatigue, under=strategy.programme
  status=STATUS            those whose default is published, calibrated or assumed
  format=table|csv         for the screen, or for a spreadsheet (format=csv > parameters.csv)
"""
_STRATEGIES_HELP = """\
what is done with strategies (strategies; without any of these keys, all are listed):
  show=NAME                the plan: week, items, campaigns, journeys, people, money; overrides as for run; a calendar
                           goes into out=DIR (outputs/strategies-NAME) as calendar.png and .svg
  schema=true              JSON schema of the YAML file of a strategy, for editors; schema=scenario that of a preset
  import=FILE name=NAME    makes a strategy of a spreadsheet, see below

what is imported, and as what (the strategy goes into ./conf/strategy/NAME.yaml, nothing is overwritten):
  import=FILE              a weekly plan: CSV, or a workbook (.xlsx), of which sheet=NAME chooses a sheet
  name=NAME                of the strategy that is written
  like=STRATEGY            starts from another strategy; its items stay beside those of the plan
  brand=NAME               whose products, columns and channels the plan names
"""
_CALIBRATE_HELP = """\
how a brand is fitted (calibrate; CSV files of members, orders, messages, invitations, of which orders.csv is enough):
  data=FOLDER              what the brand exported; docs/reference/brand-data.md describes the columns
  name=NAME                writes the brand into ./conf/brand/NAME.yaml besides, nothing is overwritten
  like=BRAND               whose topics, columns, channels and costs it has, since orders do not tell them (beauty)
  strategy=NAME            of the simulated community beside the observed one, where members.csv is there (fish_raising)
  fit_weeks=N              fits the first N weeks and predicts the rest (half of the weeks)
  purchase=day|order       whether orders of a customer on one day are one purchase
  bad_rows=refuse|skip     whether rows that are wrong end the command or are left out
  currency=TEXT            stands beside amounts
  out=DIR                  folder of the results (outputs/calibrate-FOLDER); also replications=, seed=, workers=, executor=, progress=
  target=published         in place of data: fits behaviour to published facts; rows=[NAME], points=N (25 a parameter),
                           draws=N, write=true makes centre and draws the defaults (outputs/calibrate-published)
"""
_VALIDATE_HELP = """\
how the evidence is tried (validate; besides seed, workers, executor=local|serial, progress and out, outputs/validate-SIZE without it):
  rows=[NAME|NUMBER|USE]   some rows of the evidence: rows=[bass_diffusion,26], rows=[exact]; all without it
  size=quick|full          quick are samples of a few minutes; full takes the numbers of people and runs that the evidence names
"""
_FLAG_HELP = """\
flags (anywhere):
  --show-config            print the resolved configuration and do nothing else
  --version                print the version
  -h, --help               print this
"""
_EXIT_CODES = """\
exit codes: 0 done, 1 some runs failed (manifest.json says which and why), 2 wrong input (also, after a run, a key of
trace that nobody has), 130 interrupted (everything finished is kept, and the same command continues)
"""
_COMMANDS = ("run", "compare", "sweep", "sensitivity", "optimise", "report", "parameters", "strategies", "calibrate", "validate")
_FLAGS = ("--help", "--version", "--show-config")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise in place of printing the usage: wrong input gets one line."""
        raise UserError(message)


def main(arguments: Sequence[str] | None = None, simulator: Simulator | None = None) -> int:
    """Carry out a command.

    Parameters
    ----------
    arguments
        Words of the command line; None takes those of the process.
    simulator
        What to simulate with; None takes `sim`.

    Returns
    -------
    int
        Exit code: 0 done, 1 some runs failed, 2 wrong input, 130 interrupted.
    """
    try:
        return _dispatch(sys.argv[1:] if arguments is None else arguments, simulator)
    except UserError as error:
        for line in error.lines:
            tell(f"fishpond: {line}")
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe (head, a pager) has seen enough. What Python would flush at its end must go somewhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        tell("fishpond: interrupted")
        return INTERRUPTED


def _dispatch(arguments: Sequence[str], simulator: Simulator | None) -> int:
    options = _parse(arguments)
    if options.help:
        parts = (
            "usage: fishpond COMMAND [overrides] [--show-config]\n",
            _HELP,
            _LIST_HELP,
            _STRATEGIES_HELP,
            _CALIBRATE_HELP,
            _VALIDATE_HELP,
            _FLAG_HELP,
            _EXIT_CODES,
        )
        say("\n".join(parts).rstrip())
        return DONE
    if options.version:
        from experiments.provenance import version

        say(f"fishpond {version()}")
        return DONE
    if options.command is None:
        raise UserError(f"the command is missing; it takes {listed(_COMMANDS)} (fishpond --help explains)")
    if options.command not in _COMMANDS:
        hint = suggestion(options.command, _COMMANDS)
        raise UserError(f"{options.command}: no such command; it takes {listed(_COMMANDS)}{hint}")
    if options.command == "report":
        return _report(options.overrides, show=options.show_config)
    from experiments.simulator import Simulator

    simulator = simulator or Simulator()
    if options.command == "parameters":
        return _parameters(options.overrides, simulator, show_config=options.show_config)
    if options.command == "strategies":
        return _strategies(options.overrides, simulator, show_config=options.show_config)
    if options.command == "calibrate":
        from experiments.calibrate.command import calibrate

        calibrate(options.overrides, simulator, show_config=options.show_config)
        return DONE
    if options.command == "validate":
        from experiments.validate.command import validate

        return validate(options.overrides, simulator, show_config=options.show_config)
    job = _composed(options.command, options.overrides, simulator)
    if options.show_config:
        from experiments.resolved import as_yaml, map_as_yaml, trace_as_yaml

        say(f"{as_yaml(job)}{map_as_yaml(job)}{trace_as_yaml(job)}".rstrip())
        return DONE
    from experiments.carry_out import carry_out

    return carry_out(job, simulator)


def _composed(command: str, overrides: Sequence[str], simulator: Simulator) -> Job:
    """Compose the job of a command; each has a module of its own, and only that is loaded."""
    if command == "sweep":
        from experiments.sweep.job import sweep_job

        return sweep_job(overrides, simulator)
    if command == "sensitivity":
        from experiments.sensitivity.job import sensitivity_job

        return sensitivity_job(overrides, simulator)
    if command == "optimise":
        from experiments.optimise.job import optimise_job

        return optimise_job(overrides, simulator)
    from experiments.job_composition import compose_job

    return compose_job(command, overrides, simulator)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(prog="fishpond", add_help=False, allow_abbrev=False)
    parser.add_argument("words", nargs="*")
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--show-config", action="store_true")
    options, unknown = parser.parse_known_intermixed_args(list(arguments))
    if unknown:
        raise UserError(f"{unknown[0]}: no such flag; it takes {listed(_FLAGS)}{suggestion(unknown[0], _FLAGS)}")
    options.command = options.words[0] if options.words else None
    options.overrides = options.words[1:]
    return options


def _parameters(overrides: Sequence[str], simulator: Simulator, *, show_config: bool) -> int:
    from experiments.parameters.listing import asked_for, show

    request, job = asked_for(overrides, simulator)
    if show_config:
        from experiments.resolved import as_yaml

        say(as_yaml(job).rstrip())
    else:
        show(request, job, simulator)
    return DONE


def _strategies(words: Sequence[str], simulator: Simulator, *, show_config: bool) -> int:
    from experiments.strategies.command import strategies

    strategies(words, simulator, show_config=show_config)
    return DONE


def _report(overrides: Sequence[str], *, show: bool) -> int:
    from experiments.overrides import parse

    given, problems = parse(overrides)
    for override in given:
        if override.key != "dir" or override.prefix:
            problems.append(f"{override.shown}: not a key of report; it takes dir=DIR")
    UserError.raise_any(problems)
    folders = ["" if override.parsed is None else str(override.parsed) for override in given]
    if len(folders) != 1 or not folders[0]:
        raise UserError("dir: missing; report takes the folder of a finished experiment, dir=DIR")
    if show:
        say(f"dir: {folders[0]}")
        return DONE
    from experiments.report import rebuild

    say(str(rebuild(folders[0])))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
