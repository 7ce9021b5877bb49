"""The script that Streamlit runs; apart from `pages/`, which Streamlit would run by itself."""
