"""The parts of `pathways.diagram`: moves put together for drawing, DOT, SVG and Mermaid text."""
