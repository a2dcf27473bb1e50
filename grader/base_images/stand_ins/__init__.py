"""Recipes of stand-ins: base images made here if no registry answers; `all_recipes.py` lists them."""
