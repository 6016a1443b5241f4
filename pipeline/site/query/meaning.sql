-- What the sources of the explained values are.
select indicator, value, evidence, source from indicator_value
order by indicator, value
