"""Lessons and documents as a static site: pages, search, drawings. Nothing here builds, grades or uses the network."""
