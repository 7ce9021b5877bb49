"""Detectors for the form of outputs, such as empty or truncated ones."""
