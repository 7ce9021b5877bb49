"""Detectors for multiple-choice answers."""
