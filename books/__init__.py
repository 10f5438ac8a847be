"""The site of the docs: pages made from equations, tables, commands and docstrings, beside those written by hand."""
