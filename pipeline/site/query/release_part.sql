-- The parts that each release in force has in the warehouse.
select key_value, string_agg(distinct part, ' ' order by part)
from stage.part
where key_column = 'release_id'
group by key_value
