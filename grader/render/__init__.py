"""A report as something to read. Renderers are pure: they choose words and colours, never points."""
