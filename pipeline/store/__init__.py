"""What is kept: the database, the shelf of artefacts, their fingerprints, and the state of the warehouse."""
