-- The touched lines, each by the rule of its class.
select * from $surgery_line as surgery_line
union all
select * from $component_line as component_line
union all
select * from $therapy_line as therapy_line
union all
select * from $side_line as side_line
union all
select * from $accompanied_line as accompanied_line
