-- What the same-day rules make of the lines that they touch: one row per such line.
select * from $surgery_line as surgery_line
union all
select * from $component_line as component_line
union all
select * from $therapy_line as therapy_line
union all
select * from $side_line as side_line
union all
select * from $accompanied_line as accompanied_line
