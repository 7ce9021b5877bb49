"""Benchmarks: costs of the project, next to those of the reference implementation."""
