"""Robustness: the same comparison in many worlds that cannot be ruled out, and in what share of them each strategy leads."""
