"""Detectors for the form of outputs: empty, refused, truncated, repetitive or misformatted."""
