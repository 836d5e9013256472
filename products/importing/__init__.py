"""The parts of a catalogue import, in the order a row passes them; products/importers.py runs them.

files -> columns -> cells -> rows -> drafts -> photos -> chunks
"""
