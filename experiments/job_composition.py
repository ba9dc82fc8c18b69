"""Compose a job from a command line: settings, arms and their history, or a line for everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegaconf import OmegaConf
from pydantic import ValidationError

from experiments.arms import arm_lines, overrides_of
from experiments.composition import Composition, ConfigTree
from experiments.equal_spend import scale_budget
from experiments.errors import UserError
from experiments.flip_map.cells import flip_map_of
from experiments.job import EXPORTING, SEVERAL, Arm, Job
from experiments.known_keys import KnownKeys, schema_of
from experiments.misplaced import ELSEWHERE, MISPLACED, ROOTS
from experiments.overrides import Override, parse, quoted, split_history, split_only
from experiments.sequential.settings import FIXED, PRECISION_KEYS, sequential_problems
from experiments.settings import JOB_KEYS, LIST_KEYS, JobSettings
from experiments.simulator import Simulator
from experiments.validation import validation_lines
from experiments.wording import got, listed, suggestion

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["compose_job", "folders_of", "scenario_values"]


def compose_job(command: str, lines: Sequence[str], simulator: Simulator, chosen: Override | None = None) -> Job:
    """Compose and check a job.

    Parameters
    ----------
    command
        ``"run"``, ``"compare"``, ``"sweep"``, ``"sensitivity"``, ``"optimise"``, ``"parameters"`` or ``"strategies"``.
    lines
        Overrides from the command line.
    simulator
        Where the configuration tree and the type of a scenario come from.
    chosen
        The strategy, where a key of the command's own chooses it.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    return _Composer(command, lines, simulator, chosen).job()


def folders_of(lines: Sequence[str]) -> list[str]:
    """Return the folders of ``hydra.searchpath=[...]``, the only override that may stand there.

    Raises
    ------
    UserError
        When it is wrong, or one of the folders is not there.
    """
    overrides, problems = parse(lines)
    folders = _search_path(overrides, problems)
    problems += ConfigTree(Path(), KnownKeys({}), folders).problems
    UserError.raise_any(problems)
    return folders


class _Composer:
    def __init__(self, command: str, lines: Sequence[str], simulator: Simulator, chosen: Override | None) -> None:
        self._command = command
        self._model = simulator.scenario_model()
        overrides, self._problems = parse(lines)
        search_path = _search_path(overrides, self._problems)
        overrides = [override for override in overrides if override.key != "hydra.searchpath"]
        overrides, self._of_history = split_history(overrides)
        self._common, self._only, problems = split_only(overrides)
        if command in SEVERAL and command != "compare":
            # Of a preset, optimise takes the scenario alone; a sweep takes its arms, too.
            says_arms = ("strategies", "arms", *(["experiment"] if command == "sweep" else []))
            self._common = _one_strategy_as_a_list(self._common, says_arms)
        self._chosen: list[Override] = []
        self._problems += [*problems, *self._misplaced()]
        self._common += [chosen] if chosen is not None else []
        self._tree = ConfigTree(simulator.configs(), self._keys_of_the_command(), search_path)
        self._problems += self._tree.problems

    def _keys_of_the_command(self) -> KnownKeys:
        keys = (*JOB_KEYS, *LIST_KEYS) if self._command == "parameters" else JOB_KEYS
        return _all_keys(schema_of(self._model), keys)

    def job(self) -> Job:
        if self._command in SEVERAL:
            base = self._tree.compose([override for override in self._common if not _of_strategy(override)])
            settings = self._settings(base)
            self._check_what_says_the_arms(settings)
            if settings.arms:
                compositions = {name: self._compose_free_arm(name, own, base) for name, own in settings.arms.items()}
            else:
                compositions = {name: self._compose_arm(name, base) for name in settings.strategies}
                self._compose_history(list(compositions.values()), base)
        else:
            base = self._tree.compose([*self._common, *self._own_of_the_only_arm()])
            settings = self._settings(base)
            compositions = {base.choices.get("strategy", "strategy"): base}
            self._compose_history([base], base)
        free = self._command in SEVERAL and bool(settings.arms)
        self._check_only(list(compositions), base)
        lines = {name: self._arm_problems(composition) for name, composition in compositions.items()}
        self._problems += _merged(lines, "arm" if free else "strategy")
        UserError.raise_any(dict.fromkeys([*base.problems, *self._problems]))
        files = {name: composition.choices.get("strategy", "") if free else name for name, composition in compositions.items()}
        arms = {name: self._validated(files[name], composition) for name, composition in compositions.items()}
        UserError.raise_any(self._problems)
        if settings.export and settings.record == "summary" and self._command in EXPORTING:
            raise UserError("export: there is nothing to write with record=summary; it takes record=daily or record=full")
        if settings.equal_spend:
            arms = self._at_equal_spend(arms)
        flip_map = None
        if settings.flip_map.wanted and self._command == "compare":
            flip_map = flip_map_of(settings.flip_map, arms, schema_of(self._model))
        if self._command == "compare":
            UserError.raise_any(sequential_problems(settings.precision, settings.best, len(arms)))
        else:  # a preset may ask for what is not compared here
            settings = settings.model_copy(update=FIXED)
        changes = {name: self._changes(name, settings) if free else () for name in arms}
        return Job(self._command, settings, tuple(Arm(name, scenario, changes[name]) for name, scenario in arms.items()), flip_map)

    def _misplaced(self) -> list[str]:
        reasons = {**MISPLACED[self._command], **ELSEWHERE}
        problems, right = [], []
        for override in self._common:
            # Keys below strategy belong to every command, those below some keys of the job to one.
            root = override.key.split(".")[0]
            reason = reasons.get(root if root in ROOTS else override.key)
            if self._command in SEVERAL and override.key == "strategy" and not override.prefix:
                self._chosen.append(override)  # right where arms do not say which strategy; that is known later
            elif override.key == "arms" and not reason and (fault := _fault_of_arms(override)):
                problems.append(fault)  # Hydra would say that a list cannot be merged with a mapping
            elif reason:
                problems.append(f"{override.shown}: not a key of {self._command}; {reason}")
            else:
                # Names of arms are free: said at once, that they are new keys saves Hydra several attempts.
                right.append(override.forced if override.key == "arms" and not override.prefix else override)
        self._common = right
        return problems

    def _check_what_says_the_arms(self, settings: JobSettings) -> None:
        """Refuse two ways at once of saying what is compared."""
        if not settings.arms and not any(problem.lstrip("+").startswith("arms=") for problem in self._problems):
            reason = MISPLACED[self._command]["strategy"]
            self._problems += [f"{override.shown}: not a key of {self._command}; {reason}" for override in self._chosen]
        elif any(override.key == "strategies" for override in self._common):
            self._problems.append("strategies: there are arms, which say what is compared in their own way; it takes one of the two")

    def _changes(self, name: str, settings: JobSettings) -> tuple[str, ...]:
        """List what an arm alone has, for readers."""
        return (*settings.arms[name], *(override.line for override in self._only.get(name, ())))

    def _own_of_the_only_arm(self) -> list[Override]:
        return [override for own in self._only.values() for override in own]

    def _compose_arm(self, name: str, base: Composition) -> Composition:
        choice = Override(f"strategy={quoted(name)}", "strategy", "", "strategies")
        common = [override for override in self._common if override.key != "experiment"]
        presets = [override for override in self._common if override.key == "experiment"]
        return self._with_only(name, self._tree.compose([*presets, choice, *common, *self._only.get(name, ())]), base)

    def _compose_free_arm(self, name: str, lines: Sequence[str], base: Composition) -> Composition:
        """Compose an arm of the key ``arms``: its overrides come last, so that they are what it differs in."""
        overrides, problems = overrides_of(name, lines, JOB_KEYS - {"executor"})
        self._problems += problems
        own, own_of_history = split_history(overrides)
        # A file can be chosen once: the arm's choice counts.
        chosen = {override.key for override in own if not override.prefix and not self._tree.is_value(override)}
        # What is asked is no part of any arm, and a long text that Hydra would read again for each of them.
        common = [override for override in [*self._chosen, *self._common] if override.key not in chosen and not _of_question(override)]
        composition = self._with_only(name, self._tree.compose([*common, *own, *self._only.get(name, ())]), base)
        past = [override for override in [*common, *own] if override.key != "strategy" and not _of_strategy(override)]
        self._put_history([composition], composition, past, [*self._of_history, *own_of_history])
        return composition

    def _with_only(self, name: str, composition: Composition, base: Composition) -> Composition:
        """Merge what a preset says below ``only`` into the strategy of an arm."""
        own = base.values.get("only", {})
        changes = own.get(name) if isinstance(own, Mapping) else None
        if isinstance(changes, Mapping) and isinstance(composition.values.get("strategy"), dict):
            merged = OmegaConf.merge(composition.values["strategy"], changes)
            composition.values["strategy"] = OmegaConf.to_container(merged)
        return composition

    def _compose_history(self, compositions: Sequence[Composition], base: Composition) -> None:
        """Do so for arms that are strategies: their history is one."""
        common = [override for override in self._common if override.key != "strategy" and not _of_strategy(override)]
        self._put_history([base, *compositions], base, common, self._of_history)

    def _put_history(
        self, compositions: Sequence[Composition], base: Composition, common: Sequence[Override], own: Sequence[Override]
    ) -> None:
        """Put the strategy that the history of `base` names in the place of its name: a file of strategy/, with changes of its `own`."""
        history = base.values.get("history")
        name = history.get("strategy") if isinstance(history, Mapping) else None
        if name is None:
            self._problems += [f"{override.shown}: no such key; history.strategy is null" for override in own]
            return
        if not isinstance(name, str):
            self._problems.append(f"history.strategy: got {got(name)}; it takes the name of a strategy")
            name = ""
        choice = Override(f"strategy={quoted(name)}", "strategy", "", "history.strategy")
        wrong_already = {problem for composition in (base, *compositions) for problem in composition.problems}
        found = self._tree.compose([choice, *common, *own] if name else [])
        self._problems += [problem for problem in found.problems if problem not in wrong_already]
        doubtful = not name or bool(found.doubtful & {"", "strategy"})
        for composition in compositions:
            there = composition.values.get("history")
            if isinstance(there, dict):
                # Where the choice is wrong, nothing can be said about what it would have been, nor that it is missing.
                composition.values["history"] = {} if doubtful else {**there, "strategy": found.values.get("strategy")}

    def _check_only(self, names: list[str], base: Composition) -> None:
        own = base.values.get("only", {})
        if not isinstance(own, Mapping):
            self._problems.append(f"only: got {own!r}; it takes only.NAME.PATH=VALUE")
            own = {}
        preset = own if self._command in SEVERAL else {}
        for name in sorted({*self._only, *map(str, preset)} - set(names)):
            hint = suggestion(name, names, "only.")
            self._problems.append(f"only.{name}: no such arm; there are {listed(names)}{hint}")

    def _settings(self, composition: Composition) -> JobSettings:
        values = {key: composition.values[key] for key in JobSettings.model_fields if key in composition.values}
        for key, group, entry in (("executor", "executor", "kind"), ("address", "executor", "address"), ("page", "report", "page")):
            node = composition.values.get(group)
            if isinstance(node, Mapping) and entry in node:
                values[key] = node[entry]
        try:
            return JobSettings.model_validate(values)
        except ValidationError as error:
            lines = validation_lines(error, values, KnownKeys(schema_of(JobSettings)))
            places = {"address": "executor.address", "page": "report.page"}
            # The line of a check of several keys begins with the key that it names, not with its own.
            named = {key: f"{places[key]}{line.removeprefix(key)}" if key in places else line for key, line in lines.items()}
            self._problems += [line for key, line in named.items() if key.split(".")[0] not in composition.doubtful]
            wrong = {str(detail["loc"][0]) for detail in error.errors()}
            return JobSettings.model_validate({key: value for key, value in values.items() if key not in wrong})

    def _arm_problems(self, composition: Composition) -> list[str]:
        """Word what is wrong with an arm: overrides, then values."""
        if "" in composition.doubtful:
            return composition.problems
        values = scenario_values(composition)
        lines: dict[str, str] = {}
        try:
            self._model.model_validate(values)
        except ValidationError as error:
            lines = validation_lines(error, values, _all_keys(schema_of(self._model)))
        sure = [line for key, line in lines.items() if key.split(".")[0] not in composition.doubtful]
        return [*composition.problems, *sure]

    def _validated(self, name: str, composition: Composition) -> Scenario:
        scenario = self._model.model_validate(scenario_values(composition))
        if scenario.strategy.name != name:
            self._problems.append(f"strategy.name: got '{scenario.strategy.name}'; it takes the name of its file, '{name}'")
        return scenario

    def _at_equal_spend(self, arms: dict[str, Scenario]) -> dict[str, Scenario]:
        baseline, *_ = arms
        total = arms[baseline].strategy.budget.total_yuan
        if total is None:
            raise UserError(f"equal_spend: the baseline {baseline} has no strategy.budget.total_yuan; it takes a baseline with one")
        scaled: dict[str, Scenario] = {}
        for name, scenario in arms.items():
            values = scenario.model_dump()
            values["strategy"]["budget"] = scale_budget(values["strategy"]["budget"], total)
            scaled[name] = self._model.model_validate(values)
        return scaled


def _search_path(overrides: Sequence[Override], problems: list[str]) -> list[str]:
    """Return the folders of the search path, or add a line to the problems."""
    for override in overrides:
        if override.key == "hydra.searchpath":
            if not isinstance(override.parsed, list):
                problems.append(f"hydra.searchpath: got {override.value}; it takes a list of folders")
                return []
            return [str(entry) for entry in override.parsed]
    return []


def scenario_values(composition: Composition) -> dict[str, Any]:
    """Return what of a composed configuration describes the scenario."""
    values = {key: value for key, value in composition.values.items() if key not in JOB_KEYS}
    if isinstance(values.get("report"), Mapping):
        values["report"] = {key: value for key, value in values["report"].items() if key != "page"}
    return values


def _one_strategy_as_a_list(overrides: list[Override], says_arms: Sequence[str]) -> list[Override]:
    """Read ``strategy=NAME`` as a list of one, where no list is given and no arms are."""
    if any(override.key in says_arms for override in overrides):
        return overrides
    return [
        Override(f"strategies=[{quoted(str(override.parsed))}]", "strategies", "", "strategy", [override.parsed])
        if override.key == "strategy" and not override.prefix
        else override
        for override in overrides
    ]


def _of_strategy(override: Override) -> bool:
    return override.key.startswith("strategy.")


def _fault_of_arms(override: Override) -> str | None:
    """Word what is wrong with the value of ``arms``; nothing where it is to be removed."""
    try:
        arm_lines(None if override.prefix == "~" else override.parsed)
    except ValueError as fault:
        return f"arms: {fault}"
    return None


def _of_question(override: Override) -> bool:
    return override.key.split(".")[0] in ("arms", "question", "answer")


def _all_keys(schema: Mapping[str, Any], keys: Iterable[str] = JOB_KEYS) -> KnownKeys:
    """Join the keys of the scenario and those of the job."""
    job: dict[str, Any] = {key: {"properties": PRECISION_KEYS} if key == "precision" else {} for key in keys}
    return KnownKeys({**schema, "properties": {**job, **schema.get("properties", {})}})


def _merged(lines: Mapping[str, list[str]], what: str) -> list[str]:
    """Show once what is wrong with all arms, and with the arm's name what is wrong with some."""
    merged: dict[str, None] = {}
    for name, own in lines.items():
        for line in own:
            everywhere = all(line in others for others in lines.values())
            named = everywhere or line.startswith(("only.", "strategies:"))
            merged[line if named else f"{line} ({what} {name})"] = None
    return list(merged)
