-- fee_on(on_day, known_on, of_posting)
-- What every schedule says of every code on a day of service, as it was known on another: the rows of fee that fee_for chooses from. Without a day (NULL) the latest release of each schedule answers; a posting answers for its schedule. For one code ask fee_for, which tells the amounts of a place, too.
from $answers
