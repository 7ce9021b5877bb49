"""Entry point for `streamlit run src/app/app.py`; `error-map view` starts the same viewer."""

from starlette.middleware import Middleware
from streamlit.starlette import App

from error_map.app.guard import HostGuard
from error_map.app.server import SCRIPT

app = App(SCRIPT, middleware=[Middleware(HostGuard)])
