"""The only package that imports streamlit: a folder a page, and what pages share."""
