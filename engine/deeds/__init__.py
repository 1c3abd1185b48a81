"""Deeds: what a person can cause. One file each, and one line for each in ``registry``."""
