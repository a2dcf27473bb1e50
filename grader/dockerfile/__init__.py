"""Text to instructions, stages and the stage graph. Pure: no file, process or engine is touched here."""
