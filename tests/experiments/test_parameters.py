"""The command `parameters`, on the real configuration, and on the toy whose model notes nothing."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.command import main
from experiments.parameters.calibrated import with_calibrated
from experiments.parameters.rows import Row, rows_of
from experiments.parameters.shown import as_csv, as_table, as_text, summed_up
from experiments.simulator import Simulator
from tests.experiments.conftest import STRATEGIES, Answer, Fishpond

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def real(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fishpond:
    """Call the command line on the configuration of the package, from an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Answer:
        code = main(arguments)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


def records(answer: Answer) -> dict[str, dict[str, str]]:
    """Read CSV, by key."""
    assert answer.code == 0, answer.err
    return {record["key"]: record for record in csv.DictReader(io.StringIO(answer.out))}


def leaves(value: Any, key: str = "") -> Iterator[str]:
    """Yield the dotted path of every single value."""
    if isinstance(value, dict) and value:
        for name, entry in value.items():
            yield from leaves(entry, f"{key}.{name}" if key else name)
    else:
        yield key


ROW = Row("a.b", "2", "1", True, "yuan", "0", "9", "0 to 9", "somebody 2020", "published", "what it is")
PLAIN = Row("a.name", "x", "", False, "", "", "", "", "", "", "a name")


@pytest.mark.parametrize("strategy", ["kill_pig", "fish_raising", "no_community"])
def test_every_parameter_has_a_row(real: Fishpond, strategy: str) -> None:
    from experiments import load

    listed = records(real("parameters", f"strategy={strategy}", "format=csv"))
    scenario = load(f"strategy={strategy}")
    assert list(listed) == list(leaves(scenario.model_dump(mode="json")))
    for record in listed.values():
        assert record["meaning"], record
        if record["status"]:
            assert record["unit"], record
            assert record["source"], record
        if record["low"] or record["high"]:
            assert record["status"], record
            assert float(record["low"]) < float(record["high"]), record


def test_a_row_says_what_the_model_notes(real: Fishpond) -> None:
    listed = records(real("parameters", "format=csv"))
    assert listed["behaviour.fatigue.strength"] == {
        "key": "behaviour.fatigue.strength",
        "value": "1",
        "default": "1",
        "changed": "false",
        "unit": "factor",
        "low": "0",
        "high": "100",
        "bounds": "0 to 100",
        "source": "assumption of this project",
        "status": "assumed",
        "meaning": "scale of irritation; 0 is off",
    }
    assert listed["strategy.programme.member_day.window"]["bounds"] == "above 0 to 8760"
    assert listed["strategy.programme.member_day.delivery"]["bounds"] == "staff, mass"
    assert listed["strategy.programme.member_day.kind"]["meaning"].startswith("Publish an offer")
    assert listed["strategy.community"]["bounds"] == "true or false"
    assert listed["strategy.budget.month_yuan"]["bounds"] == "0 to 1e+10 or null"
    assert listed["strategy.leads.parcel_card"]["bounds"] == "0 to 100000"
    assert listed["brand.products.serum.list_yuan"]["default"] == ""
    assert listed["market.hour_weights"]["value"].count(",") == 23


def test_overrides_change_values_and_are_marked(real: Fishpond) -> None:
    changes = ("behaviour.fatigue.strength=0", "strategy.programme.member_day.discount=0.05", "strategy=kill_pig", "brand=apparel")
    listed = records(real("parameters", "format=csv", changes[0], *changes[2:]))
    fatigue = listed["behaviour.fatigue.strength"]
    assert (fatigue["value"], fatigue["default"], fatigue["changed"]) == ("0", "1", "true")
    assert listed["brand.name"]["value"] == "apparel"
    assert listed["strategy.name"]["value"] == "kill_pig"
    assert "behaviour.fatigue.strength  0 *  " in real("parameters", "under=behaviour.fatigue.strength", changes[0]).out
    own = records(real("parameters", "format=csv", changes[1]))
    assert own["strategy.programme.member_day.discount"]["value"] == "0.05"


def test_required_values_are_not_marked_and_named_entries_are(real: Fishpond) -> None:
    listed = records(real("parameters", "format=csv"))
    assert listed["brand.need.rate_shape"]["changed"] == "false"
    assert listed["brand.topics.deals"]["changed"] == "false"
    assert listed["strategy.leads.parcel_card"]["changed"] == "true"
    assert listed["brand.channels.kol.traits.talkativeness"]["changed"] == "true"
    assert listed["brand.channels.kol.traits.tolerance"]["changed"] == "false"


def test_a_preset_is_listed(real: Fishpond) -> None:
    Path("conf/experiment").mkdir(parents=True)
    Path("conf/experiment/mine.yaml").write_text("# @package _global_\nhorizon_days: 8\nstrategies: [kill_pig]\n", encoding="utf-8")
    assert records(real("parameters", "format=csv", "experiment=mine"))["horizon_days"]["value"] == "8"


def test_the_values_can_be_given_back_as_overrides(real: Fishpond) -> None:
    first = records(real("parameters", "format=csv", "under=behaviour.fatigue"))
    again = [f"{key}={record['value']}" for key, record in first.items()]
    assert records(real("parameters", "format=csv", "under=behaviour.fatigue", *again)) == first


def test_rows_can_be_chosen(real: Fishpond) -> None:
    everything = records(real("parameters", "format=csv"))
    below = records(real("parameters", "format=csv", "under=strategy.programme.welcome"))
    assert list(below) == [key for key in everything if key.startswith("strategy.programme.welcome.")]
    published = records(real("parameters", "format=csv", "status=published"))
    assert list(published) == [key for key, record in everything.items() if record["status"] == "published"]
    assert list(records(real("parameters", "format=csv", "under=horizon_days"))) == ["horizon_days"]
    none = real("parameters", "under=behaviour.fatigue", "status=published")
    assert (none.code, none.out.splitlines()[-1]) == (0, "0 parameters: 0 published, 0 calibrated, 0 assumed")


def test_the_last_line_counts_by_status(real: Fishpond) -> None:
    answer = real("parameters", "format=csv")
    by_status = [record["status"] for record in records(answer).values()]
    spreadsheet, text = answer.err.strip(), real("parameters").out.splitlines()[-1]
    assert spreadsheet == text
    assert text.startswith(f"{len(by_status)} parameters: {by_status.count('published')} published, ")
    assert f", {by_status.count('assumed')} assumed, {by_status.count('')} without a status" in text


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ["under=behavior.fatigue"],
            ["under: got 'behavior.fatigue'; it takes a key or the beginning of one; did you mean behaviour.fatigue?"],
        ),
        (["under=fatigue"], ["under: got 'fatigue'; it takes a key or the beginning of one; did you mean behaviour.fatigue?"]),
        (["under=behaviour.fat"], ["under: got 'behaviour.fat'; it takes a key or the beginning of one; did you mean behaviour.fatigue?"]),
        (["status=asumed"], ["status: got 'asumed'; it takes published, calibrated, assumed; did you mean assumed?"]),
        (["format=tsv"], ["format: got 'tsv'; it takes table, csv; did you mean csv?"]),
        (["+under=brand"], ["+under: it is set by under=VALUE"]),
        (["~status"], ["~status: it is set by status=VALUE"]),
        (["under=null"], ["under: it is set by under=VALUE"]),
        (["undr=brand"], ["undr: no such key; did you mean under?"]),
        (["strategy=fish"], [f"strategy: got 'fish'; it takes {STRATEGIES}; did you mean fish_raising?"]),
        (["strategies=[kill_pig]"], ["strategies: not a key of parameters; parameters takes strategy=NAME"]),
        (["flip_map=default"], ["flip_map: not a key of parameters; it is a key of compare"]),
        (
            ["status=x", "population.sise=3"],
            ["status: got 'x'; it takes published, calibrated, assumed", "population.sise: no such key; did you mean population.size?"],
        ),
    ],
)
def test_wrong_input_gets_a_line_each(real: Fishpond, arguments: list[str], lines: list[str]) -> None:
    answer = real("parameters", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.errors == lines


def test_its_keys_are_of_no_other_command(fishpond: Fishpond) -> None:
    assert fishpond("run", "under=brand").errors == ["under: not a key of run; it is a key of parameters"]
    assert fishpond("compare", "format=csv").errors == ["format: not a key of compare; it is a key of parameters"]


def test_show_config_shows_the_configuration(fishpond: Fishpond) -> None:
    run, listed = fishpond("run", "--show-config"), fishpond("parameters", "--show-config", "under=brand")
    assert listed.code == 0
    assert listed.out.splitlines()[1:] == run.out.splitlines()[1:]


def test_a_model_that_notes_nothing_is_listed(fishpond: Fishpond) -> None:
    answer = fishpond("parameters", "strategy=kill_pig", "under=strategy.programme", "only.kill_pig.programme.spam.when=daily")
    assert answer.code == 0
    assert {" ".join(line.split()[:3]) for line in answer.out.splitlines()} >= {
        "strategy.programme.spam.topics [deals] *",
        "strategy.programme.flash_sale.stock null -",
        "strategy.programme.spam.when daily -",
    }


# ---- how it is shown ------------------------------------------------------------------------------------------------------


def test_text_for_a_pipe_has_one_aligned_line_a_parameter() -> None:
    assert as_text([ROW, PLAIN]).splitlines() == [
        "key     value  unit  bounds  status     source         meaning",
        "a.b     2 *    yuan  0 to 9  published  somebody 2020  what it is",
        "a.name  x      -     -       -          -              a name",
    ]


def test_a_spreadsheet_gets_numbers_and_whole_values() -> None:
    long = Row("a.list", "[" + "1," * 40 + "1]", "", False, "", "", "", "", "", "", 'say "x", then y')
    read = list(csv.reader(io.StringIO(as_csv([ROW, long]))))
    assert read[0] == ["key", "value", "default", "changed", "unit", "low", "high", "bounds", "source", "status", "meaning"]
    assert read[1] == ["a.b", "2", "1", "true", "yuan", "0", "9", "0 to 9", "somebody 2020", "published", "what it is"]
    assert (read[2][1], read[2][-1]) == (long.value, long.meaning)
    assert "..." in as_text([long])


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    from experiments import load

    return rows_of(load("strategy=fish_raising").model_dump(mode="json"), Simulator().scenario_model().model_json_schema())


@pytest.mark.parametrize("width", [40, 60, 80, 120, 169, 170, 200, 300])
def test_the_table_fits_the_terminal_and_loses_nothing(rows: list[Row], width: int) -> None:
    lines = as_table(rows, width, styled=False).splitlines()
    assert max(map(len, lines)) <= width
    shown = "".join("".join(lines).split())
    for row in rows[::10]:
        assert set(row.meaning.split()) <= set(" ".join(lines).split()) or width < 100
    if width >= 80:
        assert [row.key for row in rows if row.key not in shown and len(row.key) <= width - 36] == []


def test_keys_and_values_are_no_markup() -> None:
    odd = Row("a.b", "[bold]", "", False, "", "", "", "", "", "", "[red]x[/red]")
    for width in (80, 200):
        shown = as_table([odd], width, styled=False)
        assert "[bold]" in shown
        assert "[red]x[/red]" in shown


def test_a_terminal_gets_the_table_in_its_width(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.parameters.listing.sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "70")
    answer = fishpond("parameters", "under=behaviour")
    assert answer.code == 0
    assert "key, value" in answer.out
    assert "\x1b[1m" in answer.out


def test_summing_up() -> None:
    assert summed_up([]) == "0 parameters: 0 published, 0 calibrated, 0 assumed"
    assert summed_up([ROW]).startswith("1 parameter: 1 published, 0 calibrated, 0 assumed; 1 marked * ")
    assert summed_up([PLAIN]) == "1 parameter: 0 published, 0 calibrated, 0 assumed, 1 without a status (names, texts, choices, times)"


@pytest.mark.skipif(os.name != "posix", reason="pipes of a shell")
def test_a_reader_that_stops_early_is_no_error() -> None:
    code = "import sys; from experiments.command import main; sys.exit(main(['parameters']))"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # before anything is written
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


def test_calibrated_defaults_say_so(tmp_path: Path) -> None:
    def row(key: str, value: str) -> Row:
        return Row(key, value, "1", True, "", "0", "10", "0 to 10", "MODEL", "assumed", "")

    rows = [row("behaviour.chat.novelty", "2.5"), row("behaviour.chat.novelty_days", "4"), row("behaviour.trust.loss", "0.1")]
    assert with_calibrated(rows, tmp_path) == rows
    own = tmp_path / "behaviour"
    own.mkdir()
    # The second is set by the user to something else; the third stands in the file, but was not drawn.
    (own / "default.yaml").write_text("chat: {novelty: 2.5, novelty_days: 3.0}\ntrust: {loss: 0.1}\n")
    pd.DataFrame({"behaviour.chat.novelty": [2.4], "behaviour.chat.novelty_days": [3.1]}).to_parquet(own / "posterior.parquet")
    first, *others = with_calibrated(rows, tmp_path)
    assert others == rows[1:]
    assert (first.status, first.changed, first.default) == ("calibrated", False, "2.5")
    assert first.source == "calibrate target=published: group_life"
