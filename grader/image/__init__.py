"""Bytes of a saved image to layers, file tree, added and hidden bytes. Pure: the stream comes from outside."""
