"""The command `validate`, on rows of its own that need no simulator."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from experiments.statistics import Interval
from experiments.validate import evidence
from experiments.validate.evidence import built_rows, chosen
from experiments.validate.outcome import COLUMNS
from experiments.validate.row import SIZES, Check, Found, Measures, Row, Unit, within
from tests.experiments.conftest import Fishpond

QUIET = ("progress=off", "executor=serial")


def thrown(sides: int, seed: int, replication: int, threads: int) -> Measures:
    return {"eyes": np.random.default_rng([seed, replication]).integers(1, sides + 1, 400).mean()}


def broken(seed: int, replication: int, threads: int) -> Measures:
    if replication == 1:
        raise RuntimeError("the die rolled\noff the table")
    return {"eyes": 3.5}


def checks(target: float, found: Found) -> list[Check]:
    return [within("mean of the eyes", target, 0.05, found.mean("dice", "eyes"))]


def row(name: str, number: int, units: list[Unit], target: float = 3.5) -> Row:
    return Row(number, "exact", name, "words", "arithmetic", lambda size, behaviour: units, partial(checks, target), name=name)


@pytest.fixture(autouse=True)
def dice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows in the place of the real ones: one holds, one does not, one has a run that raises."""
    rows = [
        row("fair", 1, [Unit("dice", partial(thrown, 6), 3)]),
        row("loaded", 2, [Unit("dice", partial(thrown, 8), 3)]),
        row("fallen", 3, [Unit("dice", broken, 3)]),
    ]
    monkeypatch.setattr(evidence, "built_rows", lambda: {one.name: one for one in rows})


def test_a_failed_verdict_is_no_failed_run(fishpond: Fishpond) -> None:
    answer = fishpond("validate", "rows=[fair,loaded]", "out=a", *QUIET)
    assert (answer.code, answer.err) == (0, "")
    lines = pd.read_csv("a/validation.csv")
    assert tuple(lines.columns) == COLUMNS
    assert lines["verdict"].tolist() == ["pass", "fail"]
    assert lines["low"].tolist() == pytest.approx([3.325, 3.325])
    assert lines["simulated"].between(lines["interval_low"], lines["interval_high"]).all()
    assert lines["simulated"].iloc[1] == pytest.approx(4.5, abs=0.3)
    assert lines["runs"].tolist() == [3, 3]
    assert "2 rows: 1 pass, 1 fail\na/validation.html\n" in answer.out
    assert "loaded" in answer.out
    page = Path("a/validation.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "2. loaded: fail" in page
    assert Path("a/figures/fair.png").is_file()


def test_a_run_that_raises_is_shown_and_the_other_rows_go_on(fishpond: Fishpond) -> None:
    answer = fishpond("validate", "rows=[fair,fallen]", "out=a", *QUIET)
    assert answer.code == 1
    assert answer.err == "failed: fallen, dice, replication 1: RuntimeError: the die rolled off the table\n"
    lines = pd.read_csv("a/validation.csv")
    assert lines["verdict"].tolist() == ["pass", "error"]
    assert "off the table" in lines["check"].iloc[1]
    assert "Traceback" in Path("a/failures.log").read_text(encoding="utf-8")
    assert "Not judged" in Path("a/validation.html").read_text(encoding="utf-8")
    assert fishpond("validate", "rows=[fair]", "out=a", *QUIET).code == 0
    assert not Path("a/failures.log").exists()


def test_judging_that_raises_is_a_failure_of_its_row(fishpond: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"odd": row("odd", 1, [Unit("cards", partial(thrown, 6), 1)])}
    monkeypatch.setattr(evidence, "built_rows", lambda: rows)
    answer = fishpond("validate", "rows=[odd]", "out=a", *QUIET)
    assert answer.code == 1
    assert answer.err == "failed: odd, judging: KeyError: 'dice'\n"


def test_rows_that_are_not_built_are_listed(fishpond: Fishpond) -> None:
    answer = fishpond("validate", "rows=[1,C]", "out=a", *QUIET)
    assert answer.code == 0
    lines = pd.read_csv("a/validation.csv")
    assert lines["verdict"].tolist() == ["pass", *["missing"] * 6]
    assert lines["row"].tolist() == [1, 7, 8, 9, 10, 11, 12]
    assert lines["check"].str.startswith("not built: ").sum() == 6
    assert "7 rows: 1 pass, 6 are not built" in answer.out
    assert "not built" in Path("a/validation.html").read_text(encoding="utf-8")


def test_processes_change_nothing(fishpond: Fishpond) -> None:
    fishpond("validate", "rows=[fair,loaded]", "out=a", *QUIET)
    fishpond("validate", "rows=[fair,loaded]", "out=b", "progress=off", "workers=2")
    assert Path("a/validation.csv").read_bytes() == Path("b/validation.csv").read_bytes()
    fishpond("validate", "rows=[fair,loaded]", "out=b", "seed=2", *QUIET)
    assert Path("a/validation.csv").read_bytes() != Path("b/validation.csv").read_bytes()


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("rows=[fiar]", "rows: got 'fiar'; it takes names, numbers (1 to 27) or uses (exact, C, V, trap, band, null, flip), for example "),
        ("rows=[99]", "rows: got 99; it takes names, numbers (1 to 27)"),
        ("rows=[true]", "rows: got [True]; it takes a list of rows"),
        ("size=ful", "size: got 'ful'; it takes quick, full; did you mean full?"),
        ("executor=dask", "executor: got 'dask'; it takes local, serial"),
        (
            "row=[1]",
            "row: not a key of validate; it takes rows, size, seed, workers, executor, out, progress, behaviour.MECHANISM.PARAMETER; "
            "did you mean rows?",
        ),
        ("market.pool=2", "market.pool: not a key of validate"),
        ("behaviour.trust.gian=2", "behaviour.trust.gian: no such key; did you mean behaviour.trust.gain?"),
        ("+size=full", "+size: it is set by size=VALUE"),
        ("workers=0", "workers: got 0; it takes auto or a whole number of at least 1"),
    ],
)
def test_wrong_words_get_one_line(fishpond: Fishpond, word: str, line: str) -> None:
    answer = fishpond("validate", word)
    assert answer.code == 2
    assert answer.err.startswith(f"fishpond: {line}")
    assert answer.err.count("\n") == 1
    assert not Path("outputs").exists()


def test_the_nearest_row_is_named(fishpond: Fishpond) -> None:
    assert fishpond("validate", "rows=[fiar]").err.endswith("; did you mean fair?\n")


def test_what_would_be_tried_is_shown(fishpond: Fishpond) -> None:
    answer = fishpond("validate", "rows=[null,2]", "--show-config")
    shown = yaml.safe_load(answer.out)
    assert (answer.code, shown["rows"], shown["size"], shown["out"]) == (0, ["loaded", "null_world"], "quick", "outputs/validate-quick")
    assert not Path("outputs").exists()


def test_a_check_passes_within_its_limits_alone() -> None:
    for value, verdict in ((0.99, "pass"), (1.01, "pass"), (0.9899, "fail"), (1.0101, "fail"), (float("nan"), "fail")):
        assert within("x", 1.0, 0.01, Interval(value, value, value, 2)).verdict == verdict


def test_every_built_row_is_one_of_the_evidence_and_knows_what_it_needs() -> None:
    every = [row.number for row in chosen(())]
    assert sorted(set(every)) == list(range(1, 28))
    for one in built_rows().values():
        assert one.number in every
        assert one.target
        assert one.source
        # Playbooks take long to compose; both sizes of one differ in numbers alone, and the quick one of all is run elsewhere.
        for size in SIZES if one.use in ("exact", "null") else ():
            units = one.units(size, ())
            assert len({unit.name for unit in units}) == len(units) > 0
            assert all(unit.replications >= 1 for unit in units)
