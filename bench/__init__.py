"""Figures: what the project costs, beside the reference's where it has one."""
