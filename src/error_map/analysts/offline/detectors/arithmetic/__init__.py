"""Detectors of false arithmetic."""
