"""Detectors for false arithmetic."""
