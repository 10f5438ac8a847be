"""Charts as data: a tidy frame and a Vega-Lite specification, drawn by whoever shows them."""
