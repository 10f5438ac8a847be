"""Thousands of runs of one study: designs, a store that loses nothing, sensitivity of what comes out."""
