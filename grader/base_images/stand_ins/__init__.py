"""Recipes of stand-ins: base images made here where no registry is in reach; `all_recipes.py` lists them."""
