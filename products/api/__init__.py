"""The REST API of the shop, version 1."""
