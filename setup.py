"""What pyproject.toml cannot say: the folder `recipes/` becomes a part of the installed package."""

from setuptools import find_namespace_packages, setup

RECIPES = ["", *(f".{folder}" for folder in find_namespace_packages("recipes"))]

setup(
    packages=[
        *find_namespace_packages(include=["seqtasks*"]),
        *(f"seqtasks.shipped_recipes{folder}" for folder in RECIPES),
    ],
    package_dir={"seqtasks.shipped_recipes": "recipes"},
)
