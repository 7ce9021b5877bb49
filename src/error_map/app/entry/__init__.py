"""The script that Streamlit runs: not next to `pages/`, which Streamlit would run by itself."""
