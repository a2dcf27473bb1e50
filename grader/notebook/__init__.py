"""The workshop in a Jupyter notebook: `%load_ext grader.notebook`, then `%%submit go-multi-stage` above a Dockerfile.

What the magics do is in the modules next to this one; IPython looks for the two functions below here.
"""

from grader.notebook.magics import load_ipython_extension, unload_ipython_extension

__all__ = ["load_ipython_extension", "unload_ipython_extension"]
