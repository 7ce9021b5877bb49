"""Writes the logs and tables of a folder as tables of our own, or in the format of others."""
