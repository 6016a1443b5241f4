"""From what Medicare allows to what it pays and what is left to the patient."""
