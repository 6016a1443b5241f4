"""What every schedule does with a release: identity, files, model, history, checks, warehouse."""
