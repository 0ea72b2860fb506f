"""An exam room for Python homework: see docs/architecture.md."""

__version__ = "0.1.0"
