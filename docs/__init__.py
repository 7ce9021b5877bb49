"""The documentation, and the programs that generate its pictures and tables."""
