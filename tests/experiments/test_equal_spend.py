from __future__ import annotations

from experiments.equal_spend import scale_budget


def test_all_amounts_keep_their_proportion() -> None:
    budget = {"total_yuan": 200.0, "month_yuan": 50.0, "items": {"packets": 20, "kol": 0.0}, "note": "x", "none_yuan": None, "flag": True}
    assert scale_budget(budget, 500.0) == {
        "total_yuan": 500.0, "month_yuan": 125.0, "items": {"packets": 50, "kol": 0.0}, "note": "x", "none_yuan": None, "flag": True
    }  # fmt: skip
    assert budget["total_yuan"] == 200.0


def test_without_an_old_total_there_is_no_proportion() -> None:
    for nothing in (None, 0.0):
        assert scale_budget({"total_yuan": nothing, "month_yuan": 50.0}, 500.0) == {"total_yuan": 500.0, "month_yuan": 50.0}
