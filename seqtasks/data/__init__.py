"""From a source to padded batches."""
