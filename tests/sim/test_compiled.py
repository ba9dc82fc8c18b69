"""The cache of compiled code: an edit anywhere that is compiled reaches every caller; nothing is compiled twice."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from sim import compiled, grouping, kernel, pool, population

# ``population.log_normal`` inlines ``randomness.normal``: Numba's own cache, which looks at the caller's file alone, would miss an edit.
CODE = """
import sys
import numpy as np
from sim import population
from sim.compiled import cache_folder, source_hash
value = population.log_normal(np.uint64(1), np.uint64(2), np.uint64(3), 1.0, 0.5)
hits = sum(population.log_normal.stats.cache_hits.values())
sys.stdout.write(f"{source_hash()} {hits} {value!r} {cache_folder()}")
"""


class Copy:
    """A copy of the package with a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(compiled.SOURCE_ROOT, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that must occur once."""
        path = self.folder / "sim" / name
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))

    def run(self) -> tuple[str, int, float]:
        """Return hash of the sources, hits in the cache, and value, in a fresh process."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "FISHPOND_CACHE": str(self.folder / "cache")}
        done = subprocess.run(
            [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, cwd=self.folder, env=environment, timeout=300
        )
        found, hits, value, cache = done.stdout.split()
        assert Path(cache).is_relative_to(self.folder / "cache")
        assert found in cache
        return found, int(hits), float(value)


def test_an_edit_in_another_module_reaches_compiled_callers(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    first, hits, value = copy.run()
    assert first == compiled.source_hash()
    assert hits == 0
    assert value != 1.0
    # Nothing edited: the code is loaded, not compiled.
    assert copy.run() == (first, 1, value)
    # Twice the normal number: the log-normal of median 1 is squared.
    copy.edit("randomness.py", "return math.sqrt(-2.0 *", "return math.sqrt(-8.0 *")
    second, hits, squared = copy.run()
    assert second != first
    assert hits == 0
    assert squared == pytest.approx(value**2)
    # What the brand does is not compiled: editing it keeps the cache.
    copy.edit("brand/budget.py", "MONTH_HOURS = 720.0", "MONTH_HOURS = 721.0")
    assert copy.run() == (second, 1, squared)
    # Back to the first text: back to the first code.
    copy.edit("randomness.py", "return math.sqrt(-8.0 *", "return math.sqrt(-2.0 *")
    assert copy.run() == (first, 1, value)


def test_nothing_that_is_compiled_imports_what_the_hash_leaves_out() -> None:
    """Otherwise an edit there would go on with the old code."""
    out = {name.removesuffix(".py") for name in compiled.UNCOMPILED}
    sources = {path: path.read_text() for path in compiled.SOURCE_ROOT.rglob("*.py") if "brand" not in path.parts}
    importing = {path for path in sources if path.relative_to(compiled.SOURCE_ROOT).parts[0].removesuffix(".py") not in out}
    assert importing >= {path for path, source in sources.items() if "\n@compiled" in source}
    for path in importing - {compiled.SOURCE_ROOT / name for name in ("compiled.py", "__init__.py")}:
        for node in ast.walk(ast.parse(sources[path])):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            assert not {name.split(".")[1] for name in names if name.startswith("sim.")} & out, (path, names)


def test_a_cache_that_cannot_be_written_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("FISHPOND_CACHE", str(blocked))
    monkeypatch.setattr(compiled, "gettempdir", lambda: str(tmp_path / "elsewhere"))
    folder = compiled.cache_folder.__wrapped__()
    assert folder.is_relative_to(tmp_path / "elsewhere")
    assert folder.is_dir()


def test_an_entry_leaves_arguments_of_another_kind_to_numba() -> None:
    @compiled.entry
    @numba.njit
    def half(number):
        return number / 2

    assert [half(3), half(5)] == [1.5, 2.5]
    assert half.native is not half.function
    assert half(0.5) == 0.25
    assert half(7) == 3.5
    assert len(half.signatures) == 2


def test_warming_up_is_idempotent() -> None:
    def variants() -> dict[str, int]:
        modules = {"kernel": kernel, "grouping": grouping, "pool": pool, "population": population}
        return {
            f"{name}.{key}": len(value.signatures)
            for name, module in modules.items()
            for key, value in vars(module).items()
            if hasattr(value, "signatures")
        }

    assert compiled.warm_up() > 0
    assert compiled.is_ready()
    before = variants()
    assert before["kernel.live"] == 1
    seconds = compiled.warm_up()
    assert variants() == before
    assert 0 < seconds < 5


def test_an_empty_cache_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    assert not compiled.is_ready()
