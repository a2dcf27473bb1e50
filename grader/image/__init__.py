"""From the bytes of a saved image to layers, file tree, added and hidden bytes. Pure: callers pass the stream."""
