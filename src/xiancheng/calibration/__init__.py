"""Calibration: what two censuses tell about the parameters, how well, and how well places left out are met."""
