"""Endpoints of events, taste, recommendations and trends, version 1."""
