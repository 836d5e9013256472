"""Styles: the K-Fashion taxonomy, the trained models and everything that learns."""
