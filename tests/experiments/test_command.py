from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.experiments.conftest import SMALL, Fishpond

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("arguments", [("--help",), ("run", "-h"), ("--version",), ("rnu",), ("--flga",)])
def test_quick_answers_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys; from experiments.command import main; main(sys.argv[1:]);"
        "heavy = {'numba', 'pandas', 'hydra', 'matplotlib', 'scipy', 'numpy', 'pydantic', 'joblib', 'pyarrow', 'rich'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_import_of_the_package_is_cheap() -> None:
    code = "import sys, experiments; experiments.load; sys.exit(len({'hydra', 'pydantic', 'sim'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


COMMANDS = "run, compare, sweep, sensitivity, optimise, report, parameters, strategies, calibrate, validate"


def test_help_names_every_command_and_the_default_folder(fishpond: Fishpond) -> None:
    answer = fishpond("--help")
    assert answer.code == 0
    for word in (
        "run ",
        "compare ",
        "sensitivity ",
        "report ",
        "parameters ",
        "strategies ",
        "calibrate ",
        "validate ",
        "outputs/COMMAND-STRATEGIES-HASH",
        "--show-config",
        "exit codes",
    ):
        assert word in answer.out


def test_version(fishpond: Fishpond) -> None:
    answer = fishpond("--version")
    assert answer.code == 0
    assert answer.out.startswith("fishpond ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("rnu",), f"rnu: no such command; it takes {COMMANDS}; did you mean run?"),
        (
            ("calibrat",),
            f"calibrat: no such command; it takes {COMMANDS}; did you mean calibrate?",
        ),
        (
            (),
            f"the command is missing; it takes {COMMANDS} (fishpond --help explains)",
        ),
        (("run", "--show-confg"), "--show-confg: no such flag; it takes --help, --version, --show-config; did you mean --show-config?"),
        (("report",), "dir: missing; report takes the folder of a finished experiment, dir=DIR"),
        (("report", "dri=x"), "dri: not a key of report; it takes dir=DIR"),
        (("report", "trace=5 random"), "trace: not a key of report; it takes dir=DIR"),
    ],
)
def test_wrong_words_get_one_line(fishpond: Fishpond, arguments: tuple[str, ...], line: str) -> None:
    answer = fishpond(*arguments)
    assert answer.code == 2
    assert answer.err == f"fishpond: {line}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--show-config", "run", "population.size=7"),
        ("run", "--show-config", "population.size=7"),
        ("run", "population.size=7", "--show-config"),
    ],
)
def test_flags_may_stand_anywhere(fishpond: Fishpond, arguments: tuple[str, ...]) -> None:
    answer = fishpond(*arguments)
    assert answer.code == 0
    assert "size: 7\n" in answer.out
    assert not Path("outputs").exists()


def test_show_config_has_defaults_filled_in(fishpond: Fishpond) -> None:
    run, compare = fishpond("run", "--show-config"), fishpond("compare", "--show-config")
    assert "\nbehaviour:\n" in run.out
    assert "trust_start: 0.5" in run.out  # a default of the model, in no file
    assert "replications: 1\n" in run.out
    assert "replications: 20\n" in compare.out
    assert "\narms:\n  kill_pig:\n" in compare.out


def test_an_internal_fault_keeps_its_traceback(fishpond: Fishpond, simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulator, "warm_up", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fishpond("run", *SMALL)


def test_run_says_where_the_results_are(fishpond: Fishpond) -> None:
    answer = fishpond("run", *SMALL)
    assert answer.code == 0
    assert answer.err == ""
    sentence, place = answer.out.splitlines()
    assert sentence.startswith("After 10 days, fish_raising has contribution ")
    assert Path(place).is_file()
    assert place.startswith("outputs/run-fish_raising-")


def test_report_is_built_again(fishpond: Fishpond, one_figure: None) -> None:
    assert fishpond("run", *SMALL, "out=a").code == 0
    assert not Path("a/report.html").exists()
    answer = fishpond("report", "dir=a")
    assert (answer.code, answer.out) == (0, "a/report.html\n")
    assert Path("a/report.html").is_file()
    assert Path("a/figures/retention.png").is_file()


def test_report_says_what_is_wrong_with_a_folder(fishpond: Fishpond) -> None:
    assert fishpond("report", "dir=nowhere").errors == [
        "dir: got 'nowhere'; it takes the folder of an experiment, and there is no config.yaml of one in it"
    ]
    assert fishpond("run", *SMALL, "out=a").code == 0
    Path("a/runs.parquet").unlink()
    answer = fishpond("report", "dir=a")
    assert answer.code == 2
    assert answer.errors == ["dir: a/runs.parquet is missing; the command that began the experiment computes its runs again"]
