-- The notes of a line that are about nothing of it, all their combinations by number: a line finds its
-- own by one number, where putting the text together would cost more than the price.
select $numbers as note_number, concat_ws(', ', $texts) as notes, $provisional as is_provisional
from $tables
