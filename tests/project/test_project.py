"""The project's own files: dependencies, the wheel, the Makefile, and the commands that the README promises."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("sim", "experiments", "configs")
TARGETS = {"demo", "test", "lint", "bench", "clean"}

DEPENDENCY_FILES = re.compile(r"(^|/)(pyproject\.toml|Makefile|\.ci/.*|.*(constraints|requirements).*\.txt|.*\.(lock|cfg|ini))$")
CONFIGURATION_FILES = re.compile(r"\.(ya?ml|toml|json)$")
ADDRESS = re.compile(r"\b(https?|file|ssh|git\+\w+)://|--(extra-)?index-url|--find-links|--trusted-host")
MACHINE_PATH = re.compile(r"(^|[^\w.])(/(work|tmp|root|home|Users|opt|mnt)/|[A-Z]:\\)")
WRITERS = {"to_csv", "to_excel", "to_feather", "to_hdf", "to_parquet", "to_pickle"}


def project_files() -> list[str]:
    """Return the files that are, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs git and a checkout: the project's files are those that git lists")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def lines_that_match(pattern: re.Pattern[str], files: re.Pattern[str]) -> list[str]:
    """Return ``file:line: text`` of every line that matches, in every project file of a kind."""
    return [
        f"{name}:{number}: {line.strip()}"
        for name in project_files()
        if files.search(name)
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def pyproject() -> dict[str, dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def requirements() -> list[Requirement]:
    """Return every requirement of the project: run time, extras and build."""
    project = pyproject()["project"]
    extras = (text for extra in project["optional-dependencies"].values() for text in extra)
    return [Requirement(text) for text in (*project["dependencies"], *extras, *pyproject()["build-system"]["requires"])]


def constraint_lines() -> list[str]:
    return (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def readme_commands(program: str) -> set[str]:
    """Return the words that follow a program's name in the README, in fenced blocks and in code within a line."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    in_blocks = re.findall(rf"^\s*(?:\$ )?(?:\S*/)?{program} ([a-z][\w-]*)", blocks, re.MULTILINE)
    return {*in_blocks, *re.findall(rf"(?<!`)`{program} ([a-z][\w-]*)", text)}


def fishpond(*arguments: str, folder: Path, packages: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command from the packages in one folder, while standing in another."""
    program = f"import sys; sys.argv = ['fishpond', *{arguments!r}]; from experiments.command import main; sys.exit(main())"
    environment = os.environ | {"PYTHONPATH": str(packages)}
    return subprocess.run([sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the backend that is installed already, so that nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def wheel_names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def data_files() -> Iterator[str]:
    """Return the files that the packages need beside their Python modules."""
    yield from (path.relative_to(ROOT).as_posix() for path in ROOT.glob("configs/**/*.yaml"))
    yield from (path.relative_to(ROOT).as_posix() for path in ROOT.glob("experiments/templates/**/*") if path.is_file())


def test_dependency_files_name_no_address() -> None:
    assert lines_that_match(ADDRESS, DEPENDENCY_FILES) == []


@pytest.mark.parametrize("files", [DEPENDENCY_FILES, CONFIGURATION_FILES], ids=["dependencies", "configuration"])
def test_files_name_no_path_of_one_machine(files: re.Pattern[str]) -> None:
    assert lines_that_match(MACHINE_PATH, files) == []


def test_checks_of_addresses_and_paths_can_fail() -> None:
    assert ADDRESS.search("--index-url http" + "://localhost/simple")
    assert ADDRESS.search("fishpond @ file" + ":///somewhere")
    assert MACHINE_PATH.search("out: /home" + "/somebody/results")
    assert not MACHINE_PATH.search("out: outputs/home/demo")


def test_constraints_are_names_and_versions_only() -> None:
    odd = [line for line in constraint_lines() if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[0-9][a-z0-9.+!]*", line)]
    assert odd == []
    names = [canonicalize_name(line.partition("==")[0]) for line in constraint_lines()]
    assert names == list(dict.fromkeys(names)), "a package is pinned twice"


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_constraints_satisfy_bounds(requirement: Requirement) -> None:
    pinned = dict(line.split("==") for line in constraint_lines())
    version = pinned.get(canonicalize_name(requirement.name))
    assert version is not None, f"{requirement.name} is not in constraints.txt: run make constraints"
    assert version in requirement.specifier


def test_wheel_holds_every_module_and_nothing_else(wheel_names: set[str]) -> None:
    modules = {path.relative_to(ROOT).as_posix() for package in PACKAGES for path in ROOT.glob(f"{package}/**/*.py")}
    assert modules - wheel_names == set()
    folders = {PurePosixPath(name).parts[0] for name in wheel_names}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == set(PACKAGES)


def test_wheel_holds_configurations_and_templates(wheel_names: set[str]) -> None:
    needed = set(data_files())
    assert "configs/config.yaml" in needed
    assert any(name.startswith("experiments/templates/") for name in needed)
    assert needed - wheel_names == set()


def test_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    shown = fishpond("compare", "--show-config", folder=tmp_path, packages=tmp_path / "installed")
    assert shown.returncode == 0, shown.stderr
    assert "kill_pig" in shown.stdout
    assert "fish_raising" in shown.stdout


def test_makefile_has_its_targets() -> None:
    assert make_targets() >= TARGETS


def test_continuous_integration_runs_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(r"^(exec )?make test\b", script.read_text(encoding="utf-8"), re.MULTILINE)


def test_readme_starts_with_demo_and_test() -> None:
    start = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:60])
    assert "make demo" in start
    assert "make test" in start


def test_commands_of_the_readme_exist(tmp_path: Path) -> None:
    assert readme_commands("make") - make_targets() == set()
    shown = fishpond("--help", folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert {name for name in readme_commands("fishpond") if not re.search(rf"\b{name}\b", shown.stdout)} == set()


def test_simulator_writes_no_tables() -> None:
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.attr}"
        for path in sorted(ROOT.glob("sim/**/*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in WRITERS
    ]
    assert found == []
