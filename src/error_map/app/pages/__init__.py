"""The pages of the viewer, one module per page."""
