-- critical_care_units(minutes, payer, day)
-- The codes of critical care for so many minutes of one patient and date ('medicare' or 'cpt'), each with its units, the national value of one unit in the release in force, and why: what time_units gives for this family.
from time_units('critical_care', minutes, payer, day)
