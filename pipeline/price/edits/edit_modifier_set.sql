-- What the modifiers of a line mean to the edits, one row per set that occurs.
select
  one.modifier_1, one.modifier_2, one.modifier_3, one.modifier_4,
  max(case when ncci.modifier is not null then 1 else 0 end) as has_ncci_modifier,
  max(case when ncci.modifier is not null and one.claim_modifier not in ('59', 'XE', 'XP', 'XS', 'XU') then 1 else 0 end)
    as has_older_ncci_modifier,
  max(case when one.claim_modifier = '25' then 1 else 0 end) as has_25,
  max(case when one.claim_modifier = '55' then 1 else 0 end) as is_days_of_care
from modifier_of_set as one
left join ncci_modifier as ncci on ncci.modifier = one.claim_modifier
group by one.modifier_1, one.modifier_2, one.modifier_3, one.modifier_4
