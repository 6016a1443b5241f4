"""All kinds of mutation, by name; importing a room of kinds declares them."""

from tests.soak.mutation import companions, forms, text, values, zips
from tests.soak.mutation.mutant import KINDS

ROOMS = (text, values, companions, zips, forms)
ALL = tuple(KINDS)
