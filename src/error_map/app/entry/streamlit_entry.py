"""What Streamlit runs: `error-map view` starts it."""

from error_map.app.main import show

show()
