"""Tells other systems what has happened in the shop."""
