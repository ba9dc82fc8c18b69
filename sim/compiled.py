"""The one place that decorates compiled functions and chooses where their machine code is cached.

Numba keys its on-disk cache by the file of a function alone: after an edit in one module, a cached caller in another module would
silently go on with the old code. So the cache folder carries a hash of every source that is compiled, and an edit anywhere starts a
fresh folder.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from functools import cache, update_wrapper
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeVar, cast

import numba
from llvmlite import binding
from numba import types
from numba.core import config as numba_config

SOURCE_ROOT = Path(__file__).parent
# What nothing that is compiled imports (a test looks): the brand and the host's side of the engine.
UNCOMPILED = (
    "brand",
    "__pycache__",
    *(
        f"{module}.py"
        for module in (
            "adjusting",
            "biography",
            "clock",
            "cohorts",
            "community",
            "conditions",
            "comparison",
            "desk",
            "encode",
            "frames",
            "gathering",
            "gates",
            "happenings",
            "ledger",
            "market",
            "passing_on",
            "reservations",
            "scenario",
            "seating",
            "settling",
            "simulation",
            "split_table",
            "standings",
            "summary",
            "tables",
            "touch",
            "transcripts",
            "vitality",
        )
    ),
)
Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def source_hash() -> str:
    """Return a short hash of every source file that the kernel is compiled from, and of the compiler's version."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for path in sorted(SOURCE_ROOT.rglob("*.py")):
        if path.relative_to(SOURCE_ROOT).parts[0] not in UNCOMPILED:
            digest.update(path.relative_to(SOURCE_ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def cache_folder() -> Path:
    """Return the folder of the compiled code: ``FISHPOND_CACHE`` or the user's cache folder, then a folder by source hash."""
    root = os.environ.get("FISHPOND_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(root) / "fishpond" / f"kernel-{source_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(gettempdir()) / "fishpond" / f"kernel-{source_hash()}"
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def compiled(function: Function) -> Function:
    """Decorate a function that is compiled to machine code, cached on disk, and run without the interpreter lock.

    Fast-math stays off: it would break infinities (an event that never comes) and results that are the same bit for bit.
    """
    return _compiled(function, inside=False)


def inlined(function: Function) -> Function:
    """Decorate a compiled function that is written into the one that calls it: for what one place calls at every event of a person."""
    return _compiled(function, inside=True)


def _compiled(function: Function, *, inside: bool) -> Function:
    if numba_config.DISABLE_JIT:
        return function
    previous = numba_config.CACHE_DIR
    numba_config.CACHE_DIR = str(cache_folder())
    try:
        decorated: Any = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=inside)(function)
    finally:
        numba_config.CACHE_DIR = previous
    narrow = decorated.get_call_template
    decorated.get_call_template = lambda arguments, named: narrow([widened(kind) for kind in arguments], named)
    found: Function = decorated
    return found


class Entry:
    """A compiled function as the host calls it, always with the same types: how they look is found out once.

    Numba finds the types of the arguments anew at every call, which for the arrays of a world takes ten times as long as handing them
    over. Here a call whose arguments are of the same classes as those of the first goes on at once, and any other is left to Numba. Arrays
    are not looked into: they must be contiguous and of the same records at every call.
    """

    def __init__(self, function: Any) -> None:
        update_wrapper(self, function)
        self.function = function
        self.kinds: tuple[type, ...] = ()
        self.native: Callable[..., Any] = function

    @property
    def signatures(self) -> list[Any]:
        """Types for which it is compiled."""
        found: list[Any] = self.function.signatures
        return found

    def __call__(self, *values: Any) -> Any:
        """Call it."""
        if tuple(map(type, values)) == self.kinds:
            return self.native(*values)
        found = self.function(*values)
        if not self.kinds and len(self.function.overloads) == 1:
            (self.native,) = (version.entry_point for version in self.function.overloads.values())
            self.kinds = tuple(map(type, values))
        return found


def entry(function: Function) -> Function:
    """Decorate a compiled function that the host calls often; see :class:`Entry`. No other compiled function can call it."""
    if numba_config.DISABLE_JIT:
        return function
    found: Any = Entry(function)
    return cast(Function, found)


def widened(kind: types.Type) -> types.Type:
    """Return the type in which a compiled function takes an argument from another: whole and real numbers of 64 bits, no constants.

    Numba compiles a function for every combination of types that it is called with; a constant is a type of its own.
    """
    kind = types.unliteral(kind)
    if isinstance(kind, types.Integer) and kind.signed:
        return types.int64
    return types.float64 if isinstance(kind, types.Float) else kind


def warm_up() -> float:
    """Compile the kernel, or load it from the cache, by running a minute world once.

    Returns
    -------
    float
        Seconds that it took. Call it before worker processes start: otherwise each of them compiles for itself.
    """
    from sim.scenario import Scenario
    from sim.simulation import simulate

    started = time.perf_counter()
    simulate(Scenario.minute(), seed=0, replication=0)
    if not numba_config.DISABLE_JIT:
        _mark_of_readiness().touch()
    return time.perf_counter() - started


def is_ready() -> bool:
    """Return whether the kernel lies compiled for this processor in the cache: whoever needs it only loads it."""
    return _mark_of_readiness().exists()


def _mark_of_readiness() -> Path:
    processor = f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"
    return cache_folder() / f"ready-{hashlib.blake2b(processor.encode(), digest_size=8).hexdigest()}"
