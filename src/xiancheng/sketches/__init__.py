"""Diagrams of the equations: one view a sector, kept behind the equations in the form that Vensim reads, and as SVG."""
