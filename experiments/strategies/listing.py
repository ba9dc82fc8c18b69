"""All strategies that can be chosen, with a line about each, read from their files without composing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from experiments.composition import USER_FOLDER
from experiments.strategies.section import Section

__all__ = ["Listed", "as_section", "strategies_in"]

GROUP = "strategy"
_OWN = "fishpond"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Listed:
    """A file of a strategy.

    Attributes
    ----------
    name
        What ``strategy=`` takes.
    place
        The folder that it is from, as the user knows it.
    text
        Its description, or what is wrong with it.
    """

    name: str
    place: str
    text: str


@dataclass(frozen=True)
class _File:
    name: str
    place: str
    content: Mapping[str, Any]
    wrong: str = ""


def strategies_in(configs: Path, search_path: Sequence[str] = ()) -> list[Listed]:
    """List the strategies of the package, of ``./conf`` and of further folders, those first of which Hydra takes the file.

    Parameters
    ----------
    configs
        The configuration tree of the package.
    search_path
        Folders as the user gave them; those in packages (``pkg://``) are not looked through.
    """
    folders = [(configs, _OWN), (Path.cwd() / USER_FOLDER, USER_FOLDER)]
    folders += [(Path(entry.removeprefix("file://")), entry) for entry in search_path if "://" not in entry or entry.startswith("file://")]
    found: list[Listed] = []
    taken: dict[str, _File] = {}
    for folder, place in folders:
        for file in _files(folder / GROUP, place):
            first = taken.setdefault(file.name, file)
            if first is file:
                found.append(Listed(file.name, place, ""))
            elif first.place != place:
                found.append(Listed(file.name, place, f"(not used: {first.place} has a strategy of this name; rename the file)"))
    return [Listed(each.name, each.place, each.text or _text(taken[each.name], taken)) for each in found]


def as_section(listed: Sequence[Listed]) -> Section:
    """Make a table of the list."""
    rows = tuple((each.name, each.place, each.text) for each in listed)
    return Section("Strategies", ("strategy=", "from", "description"), rows).cleaned()


def _files(folder: Path, place: str) -> list[_File]:
    """Read the files of a folder and of those below it; what is no file, such as a pipe, is passed over."""
    paths = sorted(path for path in folder.rglob("*.yaml") if path.is_file()) if folder.is_dir() else []
    return [_read(path, path.relative_to(folder).with_suffix("").as_posix(), place) for path in paths]


def _read(path: Path, name: str, place: str) -> _File:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _LOADER)
    except (OSError, UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        return _File(name, place, {}, f"(not valid YAML{f', line {mark.line + 1}' if mark else ''})")
    return _File(name, place, content) if isinstance(content, Mapping) else _File(name, place, {}, "(holds no strategy)")


def _text(file: _File, files: Mapping[str, _File]) -> str:
    """Return the description of a file, or else that of the strategy that it starts from."""
    seen: set[str] = set()
    while file.name not in seen:
        if file.wrong:
            return file.wrong
        if file.content.get("description"):
            return str(file.content["description"])
        seen.add(file.name)
        base = next((files[name] for name in _bases(file.content) if name in files), None)
        if base is None:
            break
        file = base
    return ""


def _bases(content: Mapping[str, Any]) -> list[str]:
    """Name the strategies of a list of defaults, the last first, since it is joined over those before."""
    defaults = content.get("defaults")
    return [name for name in reversed(defaults) if isinstance(name, str) and name != "_self_"] if isinstance(defaults, list) else []
