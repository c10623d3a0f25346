"""Cable Explorer: everything that can be computed without a browser, and `ui`, which shows it."""

__version__ = "0.2.0"
