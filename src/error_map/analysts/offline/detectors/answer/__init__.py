"""Detectors that compare the answer with the reference or the working."""
