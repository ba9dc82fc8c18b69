"""The files that are chosen, composed by Hydra: once, however many values are tried with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig, OmegaConf

__all__ = ["composed"]

#: Of every file: where, and when it was written and how long it is, which tell when it is another one.
Stamp: TypeAlias = tuple[tuple[str, int, int], ...]


def composed(folder: Path, lines: Sequence[str], others: Sequence[Path]) -> tuple[DictConfig, dict[str, str]]:
    """Compose the configuration of a folder.

    Parameters
    ----------
    folder
        Where ``config.yaml`` is.
    lines
        Overrides, as Hydra takes them.
    others
        Further folders in which those overrides find files.

    Returns
    -------
    config : DictConfig
        Not yet resolved, without Hydra's own part, and the caller's to change; takes no new keys.
    choices : dict of str
        The file chosen in every group.

    Raises
    ------
    hydra.errors.HydraException, omegaconf.errors.OmegaConfBaseException
        If an override is wrong.
    """
    config, choices = _composed(folder, tuple(lines), _stamp([folder, *others]))
    return deepcopy(config), dict(choices)


@lru_cache(maxsize=64)
def _composed(folder: Path, lines: tuple[str, ...], _: Stamp) -> tuple[DictConfig, dict[str, str]]:
    with _hydra_of(folder):
        config = compose("config", overrides=list(lines), return_hydra_config=True)
    choices = {str(group): str(name) for group, name in config.hydra.runtime.choices.items() if name is not None}
    OmegaConf.set_struct(config, False)
    del config["hydra"]
    OmegaConf.set_struct(config, True)
    return config, choices


def _stamp(folders: Sequence[Path]) -> Stamp:
    files = sorted(file for folder in folders for file in folder.rglob("*.yaml"))
    return tuple((str(file), (status := file.stat()).st_mtime_ns, status.st_size) for file in files)


@contextmanager
def _hydra_of(folder: Path) -> Iterator[None]:
    """Open Hydra on `folder`, and leave a Hydra that the caller has open as it was."""
    outer = GlobalHydra.instance().hydra
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(config_dir=str(folder), job_name="fishpond", version_base="1.3"):
            yield
    finally:
        GlobalHydra.instance().hydra = outer
