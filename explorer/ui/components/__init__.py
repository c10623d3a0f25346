"""Components drawn in the browser: one folder each, its Python, JavaScript and CSS together."""
