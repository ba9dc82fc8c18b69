"""Progress on standard error: a bar with the time left on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from experiments.console import tell

__all__ = ["Best", "Progress", "announced", "progress_of"]

#: Without a terminal: seconds from the start, or from the last line, to the next line; the last of them goes on.
_LINE_SECONDS = (5.0, 10.0, 20.0, 40.0, 60.0)
_MANY_ARMS = 100


class Progress(Protocol):
    """Something that counts runs."""

    def advance(self, *, failed: bool = False, best: str = "") -> None:
        """Count one more run, and take over who is ahead."""

    def expect(self, total: int) -> None:
        """Expect another number of runs in all."""


class Best:
    """The leading arm so far: by its mean of a metric over the runs that are there.

    Parameters
    ----------
    names
        Arms, the baseline first; of a single one nothing is said.
    metric
        Column of the table of runs.
    """

    def __init__(self, names: Sequence[str], metric: str = "contribution") -> None:
        self._sums = dict.fromkeys(names, (0, 0.0))
        self._metric = metric
        self._last, self._at = "", -math.inf

    def add(self, name: str, value: float | None) -> None:
        """Take a run; None, not a number and other arms pass by."""
        if name in self._sums and value is not None and math.isfinite(value):
            count, total = self._sums[name]
            self._sums[name] = (count + 1, total + value)

    def told(self) -> str:
        """Name who is ahead; empty until two arms have runs. Of many arms, a second late perhaps: each time, all are looked through."""
        now = time.monotonic()
        if len(self._sums) > _MANY_ARMS and now - self._at < 1.0:
            return self._last
        self._at, self._last = now, self._found()
        return self._last

    def _found(self) -> str:
        means = {name: total / count for name, (count, total) in self._sums.items() if count}
        if len(means) < 2:
            return ""
        best = max(means, key=lambda name: means[name])
        return f"{best} ahead on {self._metric}, {means[best]:,.0f} a run"


class _Silent:
    def advance(self, *, failed: bool = False, best: str = "") -> None:
        """Count nothing."""

    def expect(self, total: int) -> None:
        """Expect nothing."""


class _Lines:
    """Lines for a log: at the start, at the end, and between them seldom, whether or not a run has finished meanwhile."""

    def __init__(self, total: int, done: int, what: str) -> None:
        self._total, self._done, self._new, self._failed, self._what, self._best = total, done, 0, 0, what, ""
        self._start = time.monotonic()
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._beats, daemon=True)

    def __enter__(self) -> _Lines:
        self._say()
        self._beat.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._beat.join()
        if self._new:
            self._say()

    def advance(self, *, failed: bool = False, best: str = "") -> None:
        """Count."""
        self._done += not failed
        self._failed += failed
        self._new += 1
        self._best = best or self._best

    def expect(self, total: int) -> None:
        """Take another total."""
        self._total = total

    def _beats(self) -> None:
        waits = iter(_LINE_SECONDS)
        while not self._ended.wait(next(waits, _LINE_SECONDS[-1])):
            self._say()

    def _say(self) -> None:
        parts = [f"{self._done} of {self._total} {self._what}"]
        parts += [f"{self._failed} failed"] if self._failed else []
        left = self._total - self._done - self._failed
        if self._new and left:
            parts.append(f"about {_duration((time.monotonic() - self._start) / self._new * left)} left")
        parts += [self._best] if self._best else []
        tell(", ".join(parts))


@contextmanager
def progress_of(mode: str, total: int, done: int, what: str = "runs") -> Iterator[Progress]:
    """Show the progress of `total` runs, called `what`, of which `done` were there before."""
    if mode == "off":
        yield _Silent()
    elif not sys.stderr.isatty():
        with _Lines(total, done, what) as lines:
            yield lines
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (
            *(TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
            *(TextColumn("left"), TimeRemainingColumn(), TextColumn("{task.fields[more]}")),
        )
        with Bar(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(what, total=total, completed=done, more="")

            class Counter:
                failed = 0

                def advance(self, *, failed: bool = False, best: str = "") -> None:
                    self.failed += failed
                    told = [f"{self.failed} failed"] * bool(self.failed) + [best] * bool(best)
                    bar.update(task, advance=1, more=", ".join(told))

                def expect(self, total: int) -> None:
                    bar.update(task, total=total)

            yield Counter()


@contextmanager
def announced(mode: str, what: str, patience: float = 1.0) -> Iterator[None]:
    """Say what is going on once it takes longer than `patience` seconds, and how long it took at the end."""
    said = threading.Event()

    def say_it() -> None:
        said.set()
        sys.stderr.write(f"{what} ... ")
        sys.stderr.flush()

    timer = threading.Timer(patience, say_it)
    timer.daemon = True
    start = time.monotonic()
    if mode != "off":
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if said.is_set():
            tell(f"{time.monotonic() - start:.0f} s")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
