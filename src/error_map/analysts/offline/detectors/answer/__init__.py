"""Detectors that compare the final answer with the reference or with the working."""
