"""Where the images that exercises start FROM come from: engine, registry, bundle or stand-in."""
