-- The sets of modifiers whose unknown ones are directions of an ambulance: two letters, one for where the trip
-- began and one for where it ended. $is_direction_N asks it of one modifier.
with asked as (
  select distinct
    modifier_1, modifier_2, modifier_3, modifier_4,
    upper(modifier_1) as first, upper(modifier_2) as second, upper(modifier_3) as third, upper(modifier_4) as fourth
  from own_gated_line
  where has_unknown_modifier and hcpcs_code in (select hcpcs_code from own_item where schedule = 'ambulance')
)
select asked.modifier_1, asked.modifier_2, asked.modifier_3, asked.modifier_4
from asked
left join modifier as known_first on known_first.claim_modifier = asked.first
left join modifier as known_second on known_second.claim_modifier = asked.second
left join modifier as known_third on known_third.claim_modifier = asked.third
left join modifier as known_fourth on known_fourth.claim_modifier = asked.fourth
where (first = '' or known_first.claim_modifier is not null or $is_direction_first)
  and (second = '' or known_second.claim_modifier is not null or $is_direction_second)
  and (third = '' or known_third.claim_modifier is not null or $is_direction_third)
  and (fourth = '' or known_fourth.claim_modifier is not null or $is_direction_fourth)
