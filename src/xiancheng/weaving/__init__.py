"""Levers as folders: what a folder holds, what it still owes, and how it is woven into equations and tables."""
