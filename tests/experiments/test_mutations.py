"""300 strategies with something wrong or strange: each runs, or is refused in lines that say what is wrong. None hangs, none tracebacks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from experiments.errors import UserError
from experiments.job_composition import compose_job
from experiments.known_keys import KnownKeys, schema_of
from experiments.simulator import Simulator
from experiments.validation import validation_lines
from sim import Scenario, simulate
from tests.experiments.mutations import BASE, MUTATIONS, mutated

SIZE = ("population.size=40", "horizon_days=3", "replications=1", "record=summary")
#: Composing from a file takes a hundred times as long as checking: every so manieth mutation is composed, the others are checked.
COMPOSED = 6


def write(folder: Path, tree: dict[str, Any]) -> None:
    """Write a strategy to a file of the user's own."""
    (folder / "conf" / "strategy").mkdir(parents=True, exist_ok=True)
    (folder / "conf" / "strategy" / f"{tree.get('name', 'mutated')}.yaml").write_text(
        yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), "utf-8"
    )


def composed(folder: Path, tree: dict[str, Any]) -> Scenario:
    """Compose the scenario of a strategy from its file."""
    write(folder, {**tree, "name": "mutated"})
    return compose_job("run", ["strategy=mutated", *SIZE], Simulator()).arms[0].scenario


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the values of a scenario whose strategy is to be exchanged."""
    folder = tmp_path_factory.mktemp("plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return composed(folder, BASE).model_dump()


def checked(plain: dict[str, Any], tree: dict[str, Any]) -> Scenario:
    """Check a strategy as a command does."""
    values = {**plain, "strategy": tree}
    try:
        return Scenario.model_validate(values)
    except ValidationError as error:
        raise UserError(*validation_lines(error, values, KnownKeys(schema_of(Scenario))).values()) from None


def tried(number: int, plain: dict[str, Any], folder: Path) -> Scenario | list[str]:
    """Return the scenario of a mutated strategy, or the lines that refuse it."""
    try:
        return composed(folder, mutated(number)) if number % COMPOSED == 0 else checked(plain, mutated(number))
    except UserError as error:
        return list(error.lines)


@pytest.mark.parametrize("part", range(4))
def test_every_mutated_strategy_runs_or_is_refused_in_words(
    part: int, plain: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran: Counter[str] = Counter()
    for number in range(part * 75, part * 75 + 75):
        found = tried(number, plain, tmp_path)
        if isinstance(found, Scenario):
            simulate(found, 1, record="summary")
            ran[MUTATIONS[number % len(MUTATIONS)].__name__] += 1
            continue
        assert found, number
        for line in found:
            assert line.strip(), number
            assert "\n" not in line, (number, line)
            assert "Traceback" not in line, (number, line)
            assert len(line) < 1500, (number, line)
    assert sum(ran.values()) > 5, ran


def test_what_is_mutated_runs_when_it_is_not(plain: dict[str, Any]) -> None:
    assert simulate(checked(plain, {**BASE}), 1).messages["item"].nunique() > 4


@pytest.mark.parametrize(("one", "other"), [("mutated", "mutated"), ("mutated", "second")])
def test_strategies_that_inherit_from_each_other_are_refused(one: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"defaults": [one], "name": other})
    with pytest.raises(UserError, match="in a circle"):
        composed(tmp_path, {**BASE, "defaults": [other]})
