"""Detectors of false algebra and of values without support."""
