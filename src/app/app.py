"""The viewer, for `streamlit run src/app/app.py`."""

from error_map.app.main import show

show()
