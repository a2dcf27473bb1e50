"""Grades Dockerfiles by building them on a real engine and looking at what the build does."""
