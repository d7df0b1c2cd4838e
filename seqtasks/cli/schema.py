"""`seqtasks schema`: what a recipe may say, for editors."""

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of recipes.

    With it an editor completes and checks recipes:

    \b
    seqtasks schema > recipe.schema.json
    # and as the first line of a recipe:
    # yaml-language-server: $schema=recipe.schema.json
    """
    import json

    from seqtasks.recipe import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
