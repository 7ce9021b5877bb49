"""Detectors that compare the steps of a working with right workings."""
