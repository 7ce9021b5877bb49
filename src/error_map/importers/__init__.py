"""Finished analyses of other programs, imported as an ordinary run folder."""
