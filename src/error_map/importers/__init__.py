"""Imports finished analyses of other programs as an ordinary run folder."""
