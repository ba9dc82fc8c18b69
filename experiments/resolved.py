"""The resolved configuration: as a text, as a fingerprint, and the difference between two of them."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml

from experiments.explanation import FAULTS
from experiments.flip_map.settings import FlipMapSettings
from experiments.job import SEVERAL, Job
from experiments.wording import got

__all__ = ["as_yaml", "difference", "fingerprint", "from_yaml", "map_as_yaml", "trace_as_yaml"]

_HEAD = ("command", "replications", "equal_spend", "seed", "record", "strategies")


def fingerprint(content: Mapping[str, Any]) -> str:
    """Hash what is tried; the machine, the number of workers and the version of the code do not enter."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def as_yaml(job: Job, at_least: int = 0) -> str:
    """Write the configuration with every default filled in.

    What depends on the machine (workers, executor, folder) is left out, so that the text says what was tried. A run is
    written as it is configured; a comparison has a scenario for each of its arms.

    Parameters
    ----------
    job
        The job.
    at_least
        Replications that are there already.
    """
    content = job.content()
    arms = content.pop("arms")
    replications = max(job.replications, at_least)
    head = {"command": job.command, "replications": replications, "equal_spend": job.settings.equal_spend, **job.shown(), **content}
    body = {"arms": arms} if job.command in SEVERAL else arms[job.bases[0]]
    return _text({**head, **body})


def map_as_yaml(job: Job) -> str:
    """Write what the map of a job is asked for, with every choice made; nothing without a map."""
    if job.flip_map is None:
        return ""
    asked = job.flip_map
    shown = {"keys": list(asked.keys), "replications": asked.replications, **asked.shown()}
    return _text({"flip_map": {name: shown[name] for name in FlipMapSettings.model_fields}})


def trace_as_yaml(job: Job) -> str:
    """Write whom a run is to follow; nothing if nobody. It is no part of what is tried."""
    trace = job.settings.trace
    if trace is None or job.command != "run":
        return ""
    return _text({"trace": f"{trace} random" if isinstance(trace, int) else list(trace)})


def _text(values: Mapping[str, Any]) -> str:
    """Write values as YAML; a thousand points in a moment, for which OmegaConf takes seconds."""
    return yaml.dump(dict(values), Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False, allow_unicode=True)


def from_yaml(text: str) -> dict[str, Any]:
    """Read what :func:`as_yaml` wrote; a run, too, gets its scenario under ``arms``. Empty for any other text."""
    values = copy.deepcopy(_parsed(text))
    if not isinstance(values, dict) or not all(key in values for key in _HEAD):
        return {}
    content = {str(key): value for key, value in values.items()}
    if "arms" not in content:
        scenario = {key: content.pop(key) for key in list(content) if key not in _HEAD}
        content["arms"] = {content["strategies"][0]: scenario}
    return content


@lru_cache(maxsize=4)
def _parsed(text: str) -> Any:
    """Parse a text; statistics, figures and report of a command all read the same one."""
    try:
        return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506: safe either way
    except FAULTS:
        return None


def difference(there: Mapping[str, Any], here: Mapping[str, Any]) -> str | None:
    """Name the first difference between two contents, and say how many more there are.

    Parameters
    ----------
    there, here
        Contents (:meth:`experiments.job.Job.content`): the one read from a folder, and the one that is asked for.

    Returns
    -------
    str or None
        ``"seed is 1 there and 2 here"``; None when the contents are equal.
    """
    found = list(_differences(there, here, ()))
    if not found:
        return None
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"{found[0]}{more}"


def _differences(there: Any, here: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(there, Mapping) and isinstance(here, Mapping):
        for key in [*here, *(key for key in there if key not in here)]:
            if key not in there:
                yield f"{_name((*path, key))} is not set there and {got(here[key])} here"
            elif key not in here:
                yield f"{_name((*path, key))} is {got(there[key])} there and not set here"
            else:
                yield from _differences(there[key], here[key], (*path, key))
    elif there != here:
        yield f"{_name(path)} is {got(there)} there and {got(here)} here"


def _name(path: tuple[str, ...]) -> str:
    """Write a path of the content as the key of the command line, with the arm that it belongs to."""
    if path[0] == "arms" and len(path) > 2:
        return f"{'.'.join(path[2:])} (arm {path[1]})"
    return ".".join(path)
