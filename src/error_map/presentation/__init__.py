"""How things look wherever they are shown: in the viewer, the report, the terminal and pictures."""
