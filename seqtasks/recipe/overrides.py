"""`key.sub=value` from the command line, laid over a recipe's document before it is checked."""

from seqtasks.recipe.document import Document, read_document
from seqtasks.recipe.mistakes import KeyPath, Mistake, Origin, dotted, show

_ALTERNATIVES: dict[KeyPath, KeyPath] = {
    ("train", "max_steps"): ("train", "epochs"),
    ("train", "epochs"): ("train", "max_steps"),
}
"""Of each pair a recipe gives one; to override one of them takes the other, if the file gives it, away."""


def apply_override(document: Document, override: str, *, index: int) -> None:
    """Put one override's value into the document; what is wrong with it joins the document's mistakes.

    Args:
        document: the recipe so far; changed in place.
        override: `key.sub=value`, split at the first `=`; the value is YAML.
        index: the override's place on the command line.
    """
    origin = Origin((1, index), f'override "{override if override.isprintable() else show(override)[1:-1]}"')
    key, equals, text = override.partition("=")
    path: KeyPath = tuple(part.strip() for part in key.split("."))
    if not equals or not all(path):
        document.mistakes.append(Mistake(origin, (), "expected key=value, such as train.epochs=3"))
        return
    if not text.strip():
        document.mistakes.append(Mistake(origin, path, "no value; write null to switch the option off"))
        return
    part = read_document(text, lambda line, column: origin)
    document.mistakes += [Mistake(origin, (*path, *mistake.path), mistake.reason) for mistake in part.mistakes]
    if not part.mistakes:
        _put(document, path, part.value, origin)


def _put(document: Document, path: KeyPath, value: object, origin: Origin) -> None:
    block = document.value
    for depth, key in enumerate(path[:-1], start=1):
        if block.get(key) is None:
            block[key] = {}
            document.origins[path[:depth]] = origin
        block = block[key]
        if not isinstance(block, dict):
            given = "a list" if isinstance(block, list) else show(block)
            reason = f"{dotted(path[:depth])} is {given} and has no fields; override it as a whole"
            document.mistakes.append(Mistake(origin, path, reason))
            return
    block[path[-1]] = value
    _forget(document, path)
    document.origins[path] = origin
    alternative = _ALTERNATIVES.get(path)
    if alternative in document.origins and value is not None and document.origins[alternative].order < (1,):
        del block[alternative[-1]]
        _forget(document, alternative)


def _forget(document: Document, path: KeyPath) -> None:
    """Remove the origins of a value and of all its parts."""
    for below in [known for known in document.origins if known[: len(path)] == path]:
        del document.origins[below]
