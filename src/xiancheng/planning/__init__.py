"""The way from comparing to deciding: the least that reaches a target, the best use of a budget."""
