"""All kinds of mutation, by name; importing a room of kinds declares them."""

from tests.soak.mutation import companions, exchanges, forms, heads, text, values, zips
from tests.soak.mutation.mutant import KINDS

ROOMS = (text, values, exchanges, heads, companions, zips, forms)
ALL = tuple(KINDS)
