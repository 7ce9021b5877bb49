"""Formatting, escaping, wording and charts shared by viewer, report, terminal and plots."""
