"""Progress on standard error: a bar with the time left on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from experiments.console import tell

__all__ = ["Progress", "announced", "progress_of"]

#: Without a terminal, a line is written after so many seconds at most.
_LINE_SECONDS = 15.0


class Progress(Protocol):
    """Something that counts runs."""

    def advance(self) -> None:
        """Count one more run."""

    def expect(self, total: int) -> None:
        """Expect another number of runs in all."""


class _Silent:
    def advance(self) -> None:
        """Count nothing."""

    def expect(self, total: int) -> None:
        """Expect nothing."""


class _Lines:
    def __init__(self, total: int, done: int, what: str) -> None:
        self._total, self._done, self._new, self._what = total, done, 0, what
        self._start = self._last = time.monotonic()
        self._tenth = max(1, total // 10)

    def expect(self, total: int) -> None:
        """Take another total."""
        self._total, self._tenth = total, max(1, total // 10)

    def advance(self) -> None:
        """Count, and write a line after each tenth or some seconds."""
        self._done += 1
        self._new += 1
        now = time.monotonic()
        if self._done == self._total or self._done % self._tenth == 0 or now - self._last > _LINE_SECONDS:
            left = (now - self._start) / self._new * (self._total - self._done)
            rest = f", about {_duration(left)} left" if self._done < self._total else ""
            tell(f"{self._done} of {self._total} {self._what}{rest}")
            self._last = now


@contextmanager
def progress_of(mode: str, total: int, done: int, what: str = "runs") -> Iterator[Progress]:
    """Show the progress of `total` runs, called `what`, of which `done` were there before."""
    if mode == "off":
        yield _Silent()
    elif not sys.stderr.isatty():
        yield _Lines(total, done, what)
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (
            *(TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
            *(TextColumn("left"), TimeRemainingColumn()),
        )
        with Bar(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(what, total=total, completed=done)

            class Counter:
                def advance(self) -> None:
                    bar.advance(task)

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
