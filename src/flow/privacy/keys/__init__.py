"""Changing the installation's secret: which columns hold sealed values, and how they are sealed anew."""
