"""The documentation, run: every block of code, every link, every table of parameters.

Blocks of a page are run one after another in one empty folder. A comment before a block, which a reader of the page does not see, says
how:

``<!-- tested with: A=1 B=2 -->``  these overrides are added to every command of the block
``<!-- file: PATH -->``            the block is written to this file of the folder
``<!-- copy, new file: PATH -->``  the block is written to this file of a copy of the repository
``<!-- copy, change: PATH -->``    the block, a diff, is applied to this file of the copy
``<!-- copy, run -->``             the block is run with the copy

In blocks of commands, those that begin with `fishpond` are run; of `make` the targets must exist; installing is not tried.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from experiments.command import main
from experiments.metrics import METRICS
from sim import Scenario, simulate
from sim.brand.actions import KINDS, AnyAction
from sim.brand.actions.base import MeetingNeeds, Posting, Sending
from sim.brand.catalogue import Brand, Channel, Column, Product
from sim.brand.operator import Operator
from sim.brand.strategy import Strategy
from sim.market import MarketParameters
from sim.parameters import Parameters
from sim.population import ChannelTraits, NeedParameters, PopulationParameters
from sim.scenario import Behaviour, Clock

ROOT = Path(__file__).resolve().parents[2]
FILES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in FILES}
MARKER = r"(?:^<!-- (?P<marker>[^:>]+?)(?:: (?P<argument>[^>]*?))? -->\n)?"
BLOCK = re.compile(MARKER + r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = ("sim", "experiments", "configs", "tests")
SHELL = ("bash", "console", "sh", "shell")
INSTALLING = (["python3", "-m", "venv", ".venv"], [".venv/bin/python", "-m", "pytest"])
LARGEST_IMAGE = 200_000
#: Pages that name the files of a group.
OWN_PAGES = {"brand": "brands", "strategy": "playbooks", "experiment": "presets"}


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    text: str
    marker: str
    argument: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    def commands(self) -> list[list[str]]:
        """Return the words of every command, without comments."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [words for words in (shlex.split(line.removeprefix("$ "), comments=True) for line in lines) if words]


def blocks_of(page: str) -> list[Block]:
    text = PAGES[page]
    found = []
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("text"))
        found.append(Block(page, line, match["language"], match["text"], match["marker"] or "", match["argument"] or ""))
    return found


BLOCKS = [block for page in PAGES for block in blocks_of(page)]
FOR_THE_COPY = [block for block in BLOCKS if block.marker.startswith("copy")]


# ---- blocks of code -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """Extend a copy of the repository as the pages say, and run their examples with it, beside the other tests.

    Its kernel has to be compiled anew, about half a minute.
    """
    copy = tmp_path_factory.mktemp("copy")
    for package in COPIED:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for block in FOR_THE_COPY:
        target = copy / block.argument
        if block.marker == "copy, new file":
            assert not target.exists(), block.place
            target.write_text(block.text, encoding="utf-8")
        elif block.marker == "copy, change":
            target.write_text(patched(target.read_text(encoding="utf-8"), block), encoding="utf-8")
    examples = copy / "examples.py"
    runnable = [f"# {block.place}\n{block.text}" for block in FOR_THE_COPY if block.marker == "copy, run"]
    examples.write_text("\n".join(runnable), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(copy), "FISHPOND_CACHE": str(copy / "cache")}
    command = [sys.executable, str(examples)]
    with subprocess.Popen(command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        yield process
        process.kill()


def patched(text: str, block: Block) -> str:
    """Apply a block of diff lines to a text that holds its old lines exactly once."""
    lines = block.text.splitlines()
    assert all(line[:1] in ("+", "-", " ") for line in lines), block.place
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] != "+")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] != "-")
    assert text.count(old) == 1, f"{block.place}: these lines are not, or not once, in {block.argument}"
    return text.replace(old, new)


def test_extending_begins(extension: subprocess.Popen[str]) -> None:
    assert extension.args  # the copy has been made, every change found its place, and the examples are under way


@pytest.mark.parametrize("page", [page for page in PAGES if any(block.language in ("python", *SHELL) for block in blocks_of(page))])
def test_blocks_of_a_page_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks_of(page):
        if block.marker.startswith("copy") or block.marker == "needs a cluster":
            continue
        if block.marker == "file":
            target = tmp_path / block.argument
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            exec(compile(block.text, block.place, "exec", dont_inherit=True), names)
        elif block.language in SHELL:
            for words in block.commands():
                run_command(words, block, capsys)


def run_command(words: list[str], block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    program, *arguments = words
    if program == "fishpond":
        code = main([*arguments, *shlex.split(block.argument)])
        assert code == 0, f"{block.place}: {' '.join(words)}\n{capsys.readouterr().err}"
    elif program == ".venv/bin/fishpond":  # of the size of the demo: composed and checked, not simulated
        assert main([*arguments, "--show-config"]) == 0, f"{block.place}\n{capsys.readouterr().err}"
    elif program == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert all(re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE) for target in arguments), block.place
    elif program == ".venv/bin/pip":
        assert (ROOT / arguments[arguments.index("-c") + 1]).is_file(), block.place
        extras = re.fullmatch(r"\.(?:\[(.*)])?", arguments[arguments.index("-e") + 1])
        assert extras, block.place
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert set(filter(None, (extras[1] or "").split(","))) <= set(project["optional-dependencies"]), block.place
    else:
        assert words in INSTALLING, f"{block.place}: {program} is not tested"


def test_markers_are_known() -> None:
    known = {"", "tested with", "file", "copy, new file", "copy, change", "copy, run", "needs a cluster"}
    assert {block.marker for block in BLOCKS} == known
    written = sum(text.count(f"<!-- {marker}") for text in PAGES.values() for marker in known - {""})
    assert written == sum(bool(block.marker) for block in BLOCKS), "a marker does not stand right before its block"


# ---- pages and files ----------------------------------------------------------------------------------------------------


def anchors(page: str) -> set[str]:
    """Return the anchors of a page: of its headings, as they are made from the text, and those that it sets."""
    prose = BLOCK.sub("", PAGES[page])
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', prose))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", BLOCK.sub("", PAGES[page])):
        if link.startswith("https://"):
            continue  # pages of others are not looked up: tests run without a network
        name, _, anchor = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            assert anchor in anchors(target.resolve().relative_to(ROOT).as_posix()), f"{page}: {link}"


def test_readme_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\((docs/[^)#]+)", PAGES["README.md"]))
    assert set(PAGES) - {"README.md"} <= linked


def test_readme_shows_the_command_of_the_demo() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(DEMO)", "outputs/demo").replace("\\\n", " ")
    recipe = next(line for line in makefile.splitlines() if "fishpond compare" in line)
    shown = next(words for block in blocks_of("README.md") for words in block.commands() if words[0] == ".venv/bin/fishpond")
    assert shown[1:] == shlex.split(recipe)[1:]


def test_images_are_small() -> None:
    images = list((ROOT / "docs" / "images").iterdir())
    assert images
    assert [path.name for path in images if path.stat().st_size > LARGEST_IMAGE] == []


# ---- tables of the reference --------------------------------------------------------------------------------------------


def shown(value: Any) -> str:
    """Return a default as the pages write it."""
    if value is PydanticUndefined:
        return "required"
    if value is None or value in ({}, []):
        return "none"
    if isinstance(value, Parameters):
        return "all"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, int | float) else f"`{value}`"


def default_of(field: FieldInfo) -> str:
    """Return the default of a field as the pages write it."""
    return shown(field.get_default(call_default_factory=True))


def assert_lines(page: str, text: str, expected: list[str]) -> None:
    missing = [line for line in expected if line not in text]
    assert not missing, f"{page} lacks these beginnings of lines:\n" + "\n".join(missing)


def test_odd_names_every_parameter_with_its_default() -> None:
    groups: dict[str, type[Parameters]] = {"population": PopulationParameters, "market": MarketParameters, "clock": Clock}
    groups |= {f"behaviour.{name}": field.annotation for name, field in Behaviour.model_fields.items() if field.annotation}
    expected = []
    for group, model in groups.items():
        for name, field in model.model_fields.items():
            extra = field.json_schema_extra
            assert isinstance(extra, dict)
            if isinstance(field.default, int | float):
                expected.append(f"| `{group}.{name}` | {shown(field.default)} | {extra['unit']} | {field.description} |")
            else:
                assert f"`{group}.{name}`" in PAGES["docs/ODD.md"]
    assert_lines("docs/ODD.md", PAGES["docs/ODD.md"], expected)


def test_odd_has_a_section_for_every_mechanism() -> None:
    named = set(re.findall(r"`sim/behaviour/(\w+)\.py`", PAGES["docs/ODD.md"]))
    there = {path.stem for path in ROOT.glob("sim/behaviour/*.py")} - {"__init__"}
    assert there <= named


def test_configuration_names_every_kind_of_action_and_field() -> None:
    page = "docs/reference/configuration.md"
    kinds = PAGES[page].partition("## Kinds of action")[2]
    common, *sections = re.split(r"^### ", kinds.partition("\n## ")[0], flags=re.MULTILINE)
    texts = {section.split("\n", 1)[0]: section for section in sections}
    assert set(texts) == set(KINDS)
    by_topic = {"by_tag": Posting.model_fields["by_tag"], "product_by_tag": MeetingNeeds.model_fields["product_by_tag"]}
    shared = {**Sending.model_fields, **by_topic}
    assert_lines(page, common, [f"| `{name}` | {shown(field.default)} |" for name, field in shared.items()])
    for kind, model in KINDS.items():
        fields = {name: field for name, field in model.model_fields.items() if name != "kind"}
        own = {name: field for name, field in fields.items() if name not in shared or field.default != shared[name].default}
        assert_lines(f"{page}, {kind},", texts[kind], [f"| `{name}` | {default_of(field)} |" for name, field in own.items()])


def test_configuration_names_every_key() -> None:
    text = PAGES["docs/reference/configuration.md"]
    for name, field in Strategy.model_fields.items():
        inner = field.annotation
        keys = [f"{name}.{key}" for key in inner.model_fields] if isinstance(inner, type) and issubclass(inner, Parameters) else [name]
        assert [key for key in keys if f"`strategy.{key}`" not in text] == []
    for model in (Product, Column, Channel, ChannelTraits, NeedParameters):
        assert [name for name in model.model_fields if f"`{name}`" not in text] == [], model.__name__
    assert [name for name in Brand.model_fields if f"`brand.{name}" not in text] == []
    for path in ROOT.glob("configs/*/*.yaml"):
        assert f"`{path.parent.name}`" in text
        # Where there are many, they have a page of their own: docs/reference/brands.md.
        own = PAGES.get(f"docs/reference/{OWN_PAGES.get(path.parent.name, path.parent.name)}.md", "")
        assert f"`{path.stem}`" in text + own


def test_every_practice_has_a_configuration_and_a_test_that_runs_it() -> None:
    rows = [line.strip("| ").split(" | ") for line in PAGES["docs/reference/practices.md"].splitlines() if re.match(r"\| \d", line)]
    assert [int(row[0]) for row in rows] == list(range(1, 46))
    keys = {*KINDS, *Strategy.model_fields}
    for number, _, configuration, test in rows:
        file, name = test.strip("`").split("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), number
        assert re.search(r"`[^`]+`", configuration) or "](" in configuration, number
        for kind in re.findall(r"`(\w+)`", configuration):
            known = any(kind in PAGES[page] for page in ("docs/reference/configuration.md", "docs/reference/metrics.md", "docs/ODD.md"))
            assert kind in keys or known, (number, kind)


def test_yaml_of_the_configuration_page_is_valid() -> None:
    blocks = [yaml.safe_load(block.text) for block in blocks_of("docs/reference/configuration.md") if block.language == "yaml"]
    items = [item for block in blocks for item in block.values() if isinstance(item, dict) and "kind" in item]
    assert {item["kind"] for item in items} == set(KINDS)
    for item in items:
        TypeAdapter(AnyAction).validate_python(item)
    strategies = [block for block in blocks if "programme" in block]
    assert strategies
    for strategy in strategies:
        Strategy.model_validate(strategy)


def test_commands_page_names_every_key_of_a_job() -> None:
    text = PAGES["docs/reference/commands.md"]
    keys = set(yaml.safe_load((ROOT / "configs" / "config.yaml").read_text(encoding="utf-8"))) - {"defaults", "horizon_days"}
    assert len(keys) > 5
    assert sorted(key for key in keys if f"`{key}" not in text) == []


def test_commands_page_names_every_file_of_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    small = ("population.size=40", "horizon_days=8", "replications=2", "executor=serial", "progress=off")
    assert main(["compare", "strategies=[kill_pig,no_community]", *small, f"out={out}"]) == 0
    text = PAGES["docs/reference/commands.md"]
    assert [path.name for path in sorted(out.iterdir()) if f"`{path.name}{'/' * path.is_dir()}`" not in text] == []
    figures = {path.stem for path in (out / "figures").iterdir()}
    assert len(figures) == 11, "the pages speak of ten figures, and of a calendar for each strategy that plans something"


def test_metrics_page_names_every_metric_and_column() -> None:
    text = PAGES["docs/reference/metrics.md"]
    result = simulate(Scenario.minute(), record="summary")
    metrics = {*result.summary, *(metric.name for metric in METRICS)}
    assert sorted(name for name in metrics if f"`{name}`" not in text) == []
    frames = {name: value for name, value in vars(result).items() if isinstance(value, pd.DataFrame)}
    tables = text.partition("## Tables")[2]
    assert_lines("docs/reference/metrics.md", tables, [f"**{name}**" for name in frames])
    for name, frame in frames.items():
        part = tables.partition(f"**{name}**")[2].partition("\n**")[0]
        columns = {column.removesuffix("_before") for column in frame.columns} - {"strategy", "replication"}
        assert sorted(column for column in columns if f"`{column}`" not in part) == [], name


# ---- last, so that it has been compiled meanwhile -------------------------------------------------------------------------


def test_verbs_that_actions_are_told_of_exist() -> None:
    table = PAGES["docs/how-to/add-an-action.md"].split("| verb | does |", 1)[1].split("\n\n", 1)[0]
    named = {name for row in table.splitlines() for name in re.findall(r"`(\w+)\(", row.split("|")[1] if row.count("|") > 1 else "")}
    assert len(named) > 20
    assert [name for name in sorted(named) if not callable(getattr(Operator, name, None))] == []


def test_examples_of_extending_run(extension: subprocess.Popen[str]) -> None:
    output, _ = extension.communicate(timeout=400)
    assert extension.returncode == 0, output
