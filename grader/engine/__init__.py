"""The only place that talks to Docker: builds, images, containers, cleanup and the private engine."""
