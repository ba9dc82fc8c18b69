"""The presets that come with the package: what they name they change, and every one ends in a report that answers its question."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from omegaconf import OmegaConf

from experiments.command import main
from experiments.job_composition import compose_job
from experiments.overrides import parse
from experiments.resolved import from_yaml
from experiments.settings import JOB_KEYS, JobSettings
from experiments.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "configs" / "experiment"
#: The questions of practitioners that this release answers.
NAMES = (
    *("harvest_vs_nurture", "posting_frequency", "discount_depth", "flash_sale_dependence", "red_packet_rule", "group_size"),
    *("group_type", "gate", "kol_or_koc", "live_linkage", "fission_or_not", "seeding_days", "tag_quality", "staffing"),
    *("rhythm_fixed_or_random", "staged_rollout", "epidemic_shock", "switch_after_harvest", "community_or_none", "equal_spend"),
    "shop_and_community",
)
#: Keys that no scenario has.
OF_THE_JOB = ("defaults", "question", "answer", "arms")


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def preset(name: str) -> dict[str, Any]:
    values = OmegaConf.to_container(OmegaConf.create(text_of(name)))
    assert isinstance(values, dict)
    return {str(key): value for key, value in values.items()}


def leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def values_of(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a scenario by key; of its history the name of the strategy."""
    past = scenario["history"]
    return dict(leaves({**scenario, "history": {**past, "strategy": (past["strategy"] or {}).get("name")}}))


@cache
def without_arms(name: str, strategy: str) -> dict[str, Any]:
    """Return what a preset makes of a strategy, besides its arms; of no preset, if the name is empty."""
    lines = [f"strategy={strategy}", *([f"experiment={name}"] if name else [])]
    return values_of(compose_job("run", lines, Simulator()).arms[0].scenario.model_dump(mode="json"))


def agree(there: Any, named: Any) -> bool:
    """Whether a value is the one that was named; durations are kept as hours."""
    return bool(there == named or (isinstance(named, str) and re.fullmatch(r"[\d.]+(min|h|d|w)", named) and isinstance(there, int | float)))


SMALL = ("population.size=60", "horizon_days=8", "replications=2", "executor=serial", "progress=off")


class Finished(NamedTuple):
    code: int
    out: str
    err: str
    config: dict[str, Any]
    page: str
    picture: int


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Finished]:
    """Carry out a preset in a small size, once for all tests of it, with the figure that answers alone."""

    @cache
    def carried_out(name: str) -> Finished:
        folder = tmp_path_factory.mktemp(name)
        past = ("history.days=5",) if "history" in preset(name) else ()
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr("experiments.figures.FIGURES", {})
            patch.setattr("experiments.report.draw_calendar", lambda *_: False)
            patch.chdir(folder)
            code = main(["compare", f"experiment={name}", *SMALL, *past, "out=a"])
        done = folder / "a"
        assert code == 0, err.getvalue()
        config = from_yaml((done / "config.yaml").read_text(encoding="utf-8"))
        page = (done / "report.html").read_text(encoding="utf-8")
        return Finished(code, out.getvalue(), err.getvalue(), config, page, (done / "figures/answer.png").stat().st_size)

    return carried_out


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_ends_in_a_report_that_answers(name: str, finished: Callable[[str], Finished]) -> None:
    done = finished(name)
    opening = done.page[done.page.index("<body>") : done.page.index("<h2>Results</h2>")]
    assert preset(name)["question"] in opening
    assert '<figure id="answer">' in opening
    assert done.picture > 10_000
    assert re.search(r" has the (highest|lowest) ", done.out.splitlines()[-2])


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_says_what_it_asks_and_what_it_assumes(name: str) -> None:
    head = [line for line in text_of(name).splitlines()[1:] if line.startswith("#")]
    assert text_of(name).startswith("# @package _global_\n# ")
    assert any("Practice: " in line for line in head)
    assert any("Assumed: " in line for line in head)
    values = preset(name)
    assert values["question"].endswith("?")
    assert values["answer"]["metrics"]


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_changes_every_key_that_it_names(name: str, finished: Callable[[str], Finished]) -> None:
    plain, changed, config = without_arms("", "fish_raising"), without_arms(name, "fish_raising"), finished(name).config
    for key, value in leaves({key: value for key, value in preset(name).items() if key not in OF_THE_JOB}):
        if key.partition(".")[0] in JOB_KEYS:
            assert JobSettings.model_fields[key].default != value
        else:
            assert agree(changed.get(key), value), f"{key} is {changed.get(key)!r}"
            assert plain.get(key) != changed[key], f"{key} is what it was"
    assert config["question"] == preset(name)["question"]
    assert {key: config["answer"][key] for key in preset(name)["answer"]} == preset(name)["answer"]
    assert config["equal_spend"] == preset(name).get("equal_spend", False)
    assert config["strategies"] == list(preset(name)["arms"])


@pytest.mark.parametrize("name", NAMES)
def test_every_override_of_an_arm_matters(name: str, finished: Callable[[str], Finished]) -> None:
    """Each override changes what the arm would have without it, and no two arms are alike."""
    config = finished(name).config
    arms = {arm: (scenario["strategy"]["name"], values_of(scenario)) for arm, scenario in config["arms"].items()}
    own = list(arms.values())
    assert all(one != other for place, one in enumerate(own) for other in own[:place])
    for arm, lines in preset(name)["arms"].items():
        strategy, after = arms[arm]
        overrides, problems = parse(lines)
        assert problems == []
        for override in overrides:
            if override.key == "strategy":
                assert strategy == override.parsed
                continue
            before = part_of(without_arms(name, strategy), override.key)
            assert before != part_of(after, override.key), f"{arm}: {override.line} changes nothing"


def part_of(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return everything at and below a key."""
    return {name: value for name, value in values.items() if f"{name}.".startswith(f"{key}.")}


def test_the_page_of_presets_names_every_one_with_its_question() -> None:
    page = (ROOT / "docs" / "reference" / "presets.md").read_text(encoding="utf-8")
    for name in NAMES:
        row = next((line for line in page.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert preset(name)["question"] in row, name
        assert all(f"`{arm}`" in row for arm in preset(name)["arms"]), name
        assert all(f"`{metric}`" in row for metric in preset(name)["answer"]["metrics"]), name
