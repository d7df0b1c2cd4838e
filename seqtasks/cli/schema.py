"""`seqtasks schema`: what a recipe may say, for editors."""

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of recipes.

    \b
    Save it beside your recipes and let their first line name it:
    seqtasks schema > recipe.schema.json
    # yaml-language-server: $schema=recipe.schema.json
    """
    import json

    from seqtasks.recipe import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
