"""The page: a server that runs scenarios on request, and the files that a browser shows them with."""
