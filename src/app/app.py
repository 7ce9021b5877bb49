"""The viewer, for `streamlit run src/app/app.py`."""

from starlette.middleware import Middleware
from streamlit.starlette import App

from error_map.app.guard import Guard
from error_map.app.server import SCRIPT

app = App(SCRIPT, middleware=[Middleware(Guard)])
