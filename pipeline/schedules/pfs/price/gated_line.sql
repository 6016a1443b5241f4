-- Each line with the step of the first rule, in the order of pricing_rule.step, that keeps it from a price.
-- The conditions stand in pricing_rule; $gates is the CASE over them.
select located_line.*, $gates as line_gate
from $located_line as located_line
