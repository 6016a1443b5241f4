-- The rules of a day that decided amounts, with the groups of kinds of lines on which they did.
select distinct touched_amount.rule_group, same_day.day_number, same_day.day_rules, same_day.is_day_provisional
from same_day
join touched_amount on touched_amount.line_id = same_day.line_id
where same_day.day_number > 0
