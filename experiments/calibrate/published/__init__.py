"""Fit the parameters of behaviour that all brands share to the published facts: rows C of the evidence."""
