"""The only package that imports streamlit: what every page shares."""
