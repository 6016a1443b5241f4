-- Lines that a coding edit denies: nothing follows from them for the global period of other lines.
select distinct line_id
from ($parts) as said
