from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from experiments import provenance


def test_provenance_names_versions() -> None:
    found = provenance.provenance()
    assert found["version"] == provenance.version()
    assert found["python"].count(".") == 2
    assert {"numpy", "pandas", "pydantic"} <= set(found["packages"])


def test_commit_of_a_checkout_and_of_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "experiments").mkdir()
    file = tmp_path / "experiments" / "provenance.py"
    file.write_text("", encoding="utf-8")
    monkeypatch.setattr(provenance, "__file__", str(file))
    assert provenance.commit() is None
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q"], check=True)
    assert provenance.commit() is None  # no commit yet
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "x"], check=True)
    clean = provenance.commit()
    assert clean is not None
    assert len(clean) == 40
    file.write_text("changed", encoding="utf-8")
    assert provenance.commit() == f"{clean}+"
