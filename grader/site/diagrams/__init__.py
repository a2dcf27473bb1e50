"""Flowcharts of the lessons as SVG: read, laid out, drawn. Nothing else of Mermaid is understood, and that is said."""
