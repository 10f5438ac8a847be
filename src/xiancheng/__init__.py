"""xiancheng (县城): an open system-dynamics model of urbanisation."""

__version__ = "0.1.0"
