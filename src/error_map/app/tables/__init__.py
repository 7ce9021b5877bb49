"""Tables of the viewer: failures, heatmaps and transitions, on the page and as CSV."""
