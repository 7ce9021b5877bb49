"""The analysts behind one protocol; worker processes import only the modules that they need."""
