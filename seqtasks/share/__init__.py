"""Runs on the Hugging Face Hub: a run directory goes there with a model card, and comes back as a run directory.

    push: run directory -> contents (what belongs there, paths left out) -> card -> one commit
    fetch: USER/NAME -> snapshot in the cache of the Hub's client -> checked as every run directory is

Nothing that comes from the Hub is executed: what is read are JSON, YAML and safetensors.
"""
