"""Script that Streamlit executes for each visit; `error-map view` starts it."""

from error_map.app.main import show

show()
