-- What the modifiers of a line mean together, one row per distinct set that occurs.
with meant as (
  select
    one_each.modifier_1, one_each.modifier_2, one_each.modifier_3, one_each.modifier_4,
    max(case when effect = 'component' then effect_value else '' end) as component,
    count(nullif(effect, '')) > 0 as has_modifier_effect,
    count(distinct case when effect = 'component' then effect_value end) as component_count,
    max(case when effect = 'side' and effect_value = 'both' then 1 else 0 end) as is_both,
    max(case when effect = 'side' and effect_value = 'RT' then 1 else 0 end) as is_right,
    max(case when effect = 'side' and effect_value = 'LT' then 1 else 0 end) as is_left,
    max(case when effect = 'global_part' then effect_value else '' end) as global_part,
    count(distinct case when effect = 'global_part' then effect_value end) as global_part_count,
    max(case when effect = 'surgeon_role' then effect_value else '' end) as surgeon_role,
    count(distinct case when effect = 'surgeon_role' then effect_value end) as surgeon_role_count,
    max(case when effect = 'surgeon_role' then known.factor end) as role_factor,
    max(case when effect = 'anesthesia' then effect_value else '' end) as anesthesia_role,
    max(case when effect = 'anesthesia' then one_each.claim_modifier else '' end) as anesthesia_modifier,
    count(distinct case when effect = 'anesthesia' then effect_value end) as anesthesia_role_count,
    max(case when effect = 'anesthesia' then known.factor end) as direction_factor,
    max(case when effect = 'session' then 1 else 0 end) as is_separate,
    max(case when effect = 'report' and effect_value = 'increased' then 1 else 0 end) as is_increased,
    max(case when effect = 'report' and effect_value = 'reduced' then 1 else 0 end) as is_reduced,
    max(case when effect = 'denial' then effect_value else '' end) as denial,
    max(case when effect_value = 'FX' then 1 else 0 end) as is_film,
    max(case when effect_value = 'FY' then 1 else 0 end) as is_radiography,
    max(case when effect_value = 'CT' then 1 else 0 end) as is_scanner,
    max(case when effect = 'therapy_assistant' then effect_value else '' end) as therapy_assistant,
    max(case when effect = 'therapy_plan' then 1 else 0 end) as is_planned_therapy,
    max(case when effect = 'provider' then effect_value else '' end) as named_provider_kind,
    -- Which say that a service is, or was to be, preventive: of both the one that changes more.
    coalesce(max(case when one_each.claim_modifier = '33' then '33' end), max(case when one_each.claim_modifier = 'PT' then 'PT' end), '')
      as preventive_modifier,
    -- Those that change nothing, and those whose rule is not applied, in their order.
    concat_ws(' ',
      max(case when place = 'modifier_1' and known.amount_effect = 'none' then one_each.claim_modifier end),
      max(case when place = 'modifier_2' and known.amount_effect = 'none' then one_each.claim_modifier end),
      max(case when place = 'modifier_3' and known.amount_effect = 'none' then one_each.claim_modifier end),
      max(case when place = 'modifier_4' and known.amount_effect = 'none' then one_each.claim_modifier end)
    ) as modifiers_without_effect,
    concat_ws(' ',
      max(case when place = 'modifier_1' and known.amount_effect = 'not_applied' then one_each.claim_modifier end),
      max(case when place = 'modifier_2' and known.amount_effect = 'not_applied' then one_each.claim_modifier end),
      max(case when place = 'modifier_3' and known.amount_effect = 'not_applied' then one_each.claim_modifier end),
      max(case when place = 'modifier_4' and known.amount_effect = 'not_applied' then one_each.claim_modifier end)
    ) as modifiers_not_applied,
    -- The first of them that is no modifier, as it stands on the line.
    min(case when written <> '' and known.claim_modifier is null then place || ' "' || substring(written, 1, 40) || '"' end)
      as modifier_remark
  from modifier_of_set as one_each
  left join modifier_meaning as known on known.claim_modifier = one_each.claim_modifier
  group by one_each.modifier_1, one_each.modifier_2, one_each.modifier_3, one_each.modifier_4
)
select
  modifier_1, modifier_2, modifier_3, modifier_4, meant.component, component_number.component_number,
  case
    when is_both = 1 or is_right + is_left = 2 then 'both'
    when is_right = 1 then 'RT'
    when is_left = 1 then 'LT'
    else ''
  end as side,
  global_part, surgeon_role, anesthesia_role, anesthesia_modifier,
  coalesce(role_factor, cast(1 as decimal(6, 4))) as role_factor,
  coalesce(direction_factor, cast(1 as decimal(6, 4))) as direction_factor,
  has_modifier_effect, is_separate = 1 as is_separate_session,
  is_increased = 1 as is_increased_service, is_reduced = 1 as is_reduced_service, denial,
  case
    when is_scanner = 1 then 'CT'
    when is_film + is_radiography = 2 then 'FX FY'
    when is_film = 1 then 'FX'
    when is_radiography = 1 then 'FY'
    else ''
  end as equipment,
  therapy_assistant, is_planned_therapy = 1 as is_planned_therapy, named_provider_kind, preventive_modifier,
  modifiers_without_effect, modifiers_not_applied,
  modifier_remark is not null as has_unknown_modifier, coalesce(modifier_remark, '') as modifier_remark,
  component_count > 1 or global_part_count > 1 or surgeon_role_count > 1 or anesthesia_role_count > 1
    or is_scanner + is_film = 2 or is_scanner + is_radiography = 2
    as has_modifier_conflict
from meant
join component_number on component_number.component = meant.component
