"""What can be asked of a build, an image or a running container: one idea, one file. Facts in, data out."""
