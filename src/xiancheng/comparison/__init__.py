"""Options side by side: the same stresses and members for all, changes in pairs, bands, money, places and people."""
