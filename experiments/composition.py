"""Compose the configuration with Hydra and, where that fails, say in words what is wrong with which override."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import ConfigKeyError

from experiments.chosen_files import composed
from experiments.explanation import FAULTS, explain, unknown_key
from experiments.known_keys import KnownKeys
from experiments.overrides import Override, parse, quoted

__all__ = ["Composition", "ConfigTree"]

#: A user's own files, beside the work: conf/strategy/mine.yaml, conf/experiment/mine.yaml, ...
USER_FOLDER = "conf"


@dataclass(frozen=True)
class Composition:
    """A composed configuration.

    Attributes
    ----------
    values
        Plain and resolved.
    choices
        The file chosen in every group.
    problems
        Lines about overrides that were left out because they are wrong.
    doubtful
        Groups whose choice was wrong; nothing can be said about the keys below them.
    """

    values: dict[str, Any]
    choices: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    doubtful: frozenset[str] = frozenset()


class ConfigTree:
    """The files that a configuration is composed of.

    Parameters
    ----------
    folder
        The tree that comes with the package.
    known
        Valid keys, for suggestions and for keys that the files leave at their defaults.
    search_path
        Value of ``hydra.searchpath`` as the user gave it, if any. The folder ``conf`` of the current directory is
        searched before these; both come after the package's own files.
    """

    def __init__(self, folder: Path, known: KnownKeys, search_path: Sequence[str] = ()) -> None:
        self._folder = folder.resolve()
        self._known = known
        own = Path.cwd() / USER_FOLDER
        entries = [f"file://{own}"] * own.is_dir() + [str(entry) for entry in search_path]
        missing = [entry for entry in entries if not _is_there(entry)]
        self._search_path = [entry for entry in entries if entry not in missing]
        #: A line for each folder of the search path that is not there; Hydra itself only warns.
        self.problems = [f"hydra.searchpath: got {entry}; there is no such folder" for entry in missing]

    def compose(self, overrides: Sequence[Override]) -> Composition:
        """Compose with all `overrides`, or with those that are right and a line about each of the others."""
        try:
            return self._compose([self._sure(override) for override in overrides])
        except FAULTS:
            return self._compose_with_defaults(overrides) or self._compose_what_is_right(overrides)

    def _sure(self, override: Override) -> Override:
        """Force a value of a key that the model has: to learn by failing that the files leave it at its default takes two attempts more."""
        known = not override.prefix and self.is_value(override) and unknown_key(override, {}, self._known) is None
        return override.forced if known else override

    def _compose_with_defaults(self, overrides: Sequence[Override]) -> Composition | None:
        """Add the keys of the model that the files leave at their defaults; None if that is not all that is wrong."""
        ordered = sorted(overrides, key=self.is_value)
        try:
            there = self._compose([override for override in ordered if not self.is_value(override)]).values
            plain = [override for override in ordered if self.is_value(override) and not override.prefix]
            if any(unknown_key(override, there, self._known) for override in plain):
                return None
            added = [override for override in plain if not _has(there, override.key)]
            return self._compose([override.forced if override in added else override for override in ordered])
        except FAULTS:
            return None

    def _compose(self, overrides: Sequence[Override]) -> Composition:
        values = [override for override in overrides if self.is_value(override)]
        try:
            config, choices = self._composed([override for override in overrides if not self.is_value(override)])
            for override in values:
                _set(config, override)
        except FAULTS:
            # Hydra itself knows best what is wrong, and with what.
            config, choices = self._composed(overrides)
        found = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
        assert isinstance(found, dict)
        return Composition({str(key): value for key, value in found.items()}, choices, self._name_clashes(choices))

    def _composed(self, overrides: Sequence[Override]) -> tuple[DictConfig, dict[str, str]]:
        lines = [override.line for override in overrides]
        if self._search_path:
            lines.append(f"hydra.searchpath=[{','.join(quoted(entry) for entry in self._search_path)}]")
        return composed(self._folder, lines, self._user_folders())

    def _compose_what_is_right(self, overrides: Sequence[Override]) -> Composition:
        """Add one override after the other, choices of files first, and explain each that fails."""
        kept: list[Override] = []
        problems: list[str] = []
        doubtful: set[str] = set()
        try:
            good = self._compose(kept)
        except FAULTS as fault:
            return Composition({}, problems=[explain(fault, None)], doubtful=frozenset({""}))
        for override in sorted(overrides, key=self.is_value):
            group = override.key.split(".")[0]
            if group in doubtful:
                continue
            attempts = [override]
            if not override.prefix and self.is_value(override):
                line = unknown_key(override, good.values, self._known)
                if line:
                    problems.append(line)
                    continue
                attempts.append(override.forced)  # a key of the model that the files leave at its default
            for attempt in attempts:
                try:
                    good = self._compose([*kept, attempt])
                except FAULTS as fault:
                    last = fault
                else:
                    kept.append(attempt)
                    break
            else:
                problems.append(explain(last, override, self._names(override.key)))
                if not self.is_value(override):
                    doubtful.add(group)
        return Composition(good.values, good.choices, [*problems, *good.problems], frozenset(doubtful))

    def is_value(self, override: Override) -> bool:
        """Tell a value from the choice of a file."""
        return not any((folder / override.key).is_dir() for folder in [self._folder, *self._user_folders()])

    def _names(self, group: str) -> list[str]:
        """List the files of a group; nothing for a key."""
        return sorted({file.stem for folder in [self._folder, *self._user_folders()] for file in (folder / group).glob("*.yaml")})

    def _user_folders(self) -> list[Path]:
        return [folder for folder in map(_folder_of, self._search_path) if folder is not None]

    def _name_clashes(self, choices: Mapping[str, str]) -> list[str]:
        """Find chosen files that a user's folder has too: Hydra would silently take the package's."""
        lines = []
        for group, name in choices.items():
            file = Path(group) / f"{name}.yaml"
            for folder in self._user_folders():
                if (folder / file).is_file() and (self._folder / file).is_file() and not _same(folder, self._folder):
                    lines.append(f"{group}: {folder / file} has the name of a file of fishpond's own; rename it")
        return lines


def _set(config: DictConfig, override: Override) -> None:
    """Do what Hydra does with an override that is a value."""
    (parsed,), _ = parse([override.line])
    if parsed.prefix not in ("", "++"):
        raise ConfigKeyError(f"{override.key} is no plain value")
    OmegaConf.update(config, parsed.key, parsed.parsed, merge=True, force_add=parsed.prefix == "++")


def _has(values: Mapping[str, Any], key: str) -> bool:
    """Return whether a key (dotted) is there."""
    node: Any = values
    for part in key.split("."):
        if not isinstance(node, Mapping) or part not in node:
            return False
        node = node[part]
    return True


def _folder_of(entry: str) -> Path | None:
    """Folder of an entry of the search path; None for one in a package (pkg://)."""
    return Path(entry.removeprefix("file://")) if "://" not in entry or entry.startswith("file://") else None


def _is_there(entry: str) -> bool:
    folder = _folder_of(entry)
    return folder is None or folder.is_dir()


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
