"""The training loop, optimizers, checkpoints. It knows a task only by its protocol."""
