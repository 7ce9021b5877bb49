"""Detectors of form: empty, refused, truncated, repetitive or misformatted outputs."""
