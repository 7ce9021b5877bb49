"""Detectors of form: empty, refused, cut, repetitive or misformatted outputs."""
