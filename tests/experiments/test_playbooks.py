"""Playbooks: every system that practitioners describe is a strategy and a preset that runs, and whose report shows what they report."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
import yaml

from experiments.command import main
from experiments.job_composition import compose_job
from experiments.simulator import Simulator
from sim import Scenario
from sim.brand.timetable import occurrences

ROOT = Path(__file__).resolve().parents[2]
#: The rows of practitioners' systems (PRACTICE section 2), each with its brand.
PLAYBOOKS = {
    "kill_pig": "beauty",
    "fish_raising": "beauty",
    "gaozi": "skincare",
    "perfect_diary": "cosmetics",
    "luogic": "knowledge",
    "xiaomi": "phones",
    "starbucks": "coffee",
    "biyinlefen": "golf_wear",
    "womenswear_moments": "apparel",
    "womenswear_groups": "apparel",
    "aranya": "resort_homes",
    "outdoor_koc": "outdoor",
    "coupon_group": "beauty",
    "ad_hoc_group": "beauty",
    "insurance": "insurance",
}
#: A size in which every playbook takes a second or so. Gaozi's 280 contacts a day are cut to as many as anybody else's.
SMALL = ("population.size=200", "horizon_days=16", "replications=1", "executor=serial", "progress=off")
FEWER = {"gaozi": [f"strategy.leads.{name}=5" for name in ("parcel_card", "after_payment_page", "official_account", "search")]}


def scenarios(command: str, name: str, *words: str) -> dict[str, Scenario]:
    job = compose_job(command, [f"experiment=playbook_{name}", *words], Simulator())
    return {arm.name: arm.scenario for arm in job.arms}


def test_every_row_has_a_strategy_and_a_preset() -> None:
    strategies = {path.stem for path in (ROOT / "configs" / "strategy").glob("*.yaml")}
    presets = {path.stem.removeprefix("playbook_") for path in (ROOT / "configs" / "experiment").glob("playbook_*.yaml")}
    assert set(PLAYBOOKS) <= strategies
    assert presets == set(PLAYBOOKS)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_preset_chooses_brand_and_strategy(name: str) -> None:
    (alone,) = scenarios("run", name).values()
    assert (alone.strategy.name, alone.brand.name) == (name, PLAYBOOKS[name])
    arms = scenarios("compare", name)
    assert list(arms) == ["no_community", name]
    assert arms[name] == alone
    # The difference is what the community adds only if the same contacts come.
    plain = arms["no_community"]
    assert plain.brand == alone.brand
    assert {channel: number for channel, number in plain.strategy.leads.items() if number} == alone.strategy.leads


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_says_what_is_reported_and_what_is_assumed(name: str) -> None:
    strategy = scenarios("run", name)[name].strategy
    assert "Practitioners report (grade D" in strategy.notes
    assert "Assumed:" in strategy.notes
    assert strategy.reported


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_every_item_of_a_playbook_falls_due_within_a_year(name: str) -> None:
    scenario = scenarios("run", name, "horizon_days=365")[name]
    written = [planned for planned in scenario.strategy.planned if planned.journey is None]
    days = scenario.festivals()
    assert [one.name for one in written if not occurrences(scenario.strategy, one, 0.0, scenario.horizon_hours, days)] == []


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_runs_and_its_report_shows_what_is_reported(
    name: str, tmp_path: Path, one_figure: None, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    code = main(["run", f"experiment=playbook_{name}", *SMALL, *FEWER.get(name, []), f"out={out}"])
    assert code == 0, capsys.readouterr().err
    page = html.unescape((out / "report.html").read_text(encoding="utf-8"))
    section = page.partition("What practitioners report</h2>")[2].partition("</section>")[0]
    figures = yaml.safe_load((ROOT / "configs" / "strategy" / f"{name}.yaml").read_text(encoding="utf-8"))["reported"]
    for figure in figures.values():
        assert f'<th scope="row">{figure["says"]}</th>' in section
    assert section.count("<td>D</td>") == len(figures)
    assert "Assumed:" in section


def test_a_gain_is_over_the_arm_without_a_community(tmp_path: Path, one_figure: None) -> None:
    out = tmp_path / "out"
    small = [line for line in SMALL if not line.startswith("replications")]
    assert main(["compare", "experiment=playbook_biyinlefen", *small, "replications=2", f"out={out}"]) == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    section = page.partition("What practitioners report</h2>")[2].partition("</section>")[0]
    row = next(part for part in section.split("<tr>") if "online sales without a community" in part)
    assert re.search(r"<td>(inside|outside)</td>", row)
    assert " to " in row.partition("<small>")[2], "an interval over the two replications"


def test_plans_without_notes_have_no_section(tmp_path: Path, one_figure: None) -> None:
    out = tmp_path / "out"
    assert main(["run", "strategy=no_community", *SMALL, f"out={out}"]) == 0
    assert "What practitioners report" not in (out / "report.html").read_text(encoding="utf-8")


def test_the_page_of_playbooks_has_a_row_for_each() -> None:
    page = (ROOT / "docs" / "reference" / "playbooks.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page, re.MULTILINE))
    assert rows == PLAYBOOKS
