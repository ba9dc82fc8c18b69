"""Strategies, listed and shown: what a plan holds, for a reader who must judge it."""
