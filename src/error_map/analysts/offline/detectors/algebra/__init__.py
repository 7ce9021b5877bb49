"""Detectors for false algebra and for values without support."""
