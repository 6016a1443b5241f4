-- critical_care_units(minutes, payer, day)
-- The codes of critical care that is counted in minutes, as time_units gives them.
from time_units('critical_care', minutes, payer, day)
