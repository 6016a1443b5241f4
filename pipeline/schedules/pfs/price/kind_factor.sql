-- The kinds of lines with the factors that follow from them, in the order of pricing_rule.step. What is used more
-- than once is a column of an inner SELECT, for an alias would be computed again at each use.
with factored as (
  select
    kind_basis.*,
    case when anesthesia_role = 'supervised' then cast(3 as decimal(4, 0)) else cast(base_units as decimal(4, 0)) end
      as counted_base_units,
    case
      when global_part = '54' then cast(preoperative_share + intraoperative_share as decimal(6, 4))
      when global_part = '55' then cast(postoperative_share as decimal(6, 4))
      when global_part = '78' and intraoperative_share > 0 then cast(intraoperative_share as decimal(6, 4))
      else cast(1 as decimal(6, 4))
    end as split_factor,
    -- A ninetieth has so many decimals, and is rounded up, so that half a cent is one: the product
    -- is then right to the cent for every fee below a million dollars.
    case
      when global_part = '55' and units between 2 and 90 and global_days = '090' then
        cast(cast(units as decimal(4, 0)) * cast(0.0111111111112 as decimal(14, 13)) as decimal(17, 13))
      when global_part = '55' and units between 2 and 10 and global_days = '010' then
        cast(cast(units as decimal(4, 0)) * cast(0.1 as decimal(14, 13)) as decimal(17, 13))
      else cast(1 as decimal(17, 13))
    end as days_factor,
    case
      when side = 'both' then both_sides_factor
      when side = '' and units = 2 and bilateral_indicator in ('1', '2') and global_part <> '55' then both_sides_factor
      else cast(1 as decimal(6, 4))
    end as bilateral_factor,
    case
      when global_part = '55' or side = '' and units = 2 and bilateral_indicator in ('1', '2') then 1
      when units between 1 and 9999 then units
      else 0
    end as counted_units,
    -- Poor equipment reduces the technical part.
    case
      when equipment = '' or component = '26' then cast(1 as decimal(6, 4))
      when pctc_indicator not in ('1', '3') or component = '' and pctc_indicator = '1' and pc_work_rvu is null then cast(1 as decimal(6, 4))
      else $equipment_factor
    end as equipment_factor,
    case
      when is_anesthesia then cast(1 as decimal(6, 4))
      when provider_kind = 'npp' or surgeon_role = 'npp_assistant' then $factor_non_physician
      -- A modifier speaks for a line that names no other kind of provider.
      when provider_kind = 'physician' and named_provider_kind = '' then cast(1 as decimal(6, 4))
      else $provider_factor
    end as provider_factor,
    case when is_participating then cast(1 as decimal(6, 4)) else $factor_non_participating end as participation_factor,
    case
      when therapy_assistant = '' then cast(1 as decimal(6, 4))
      when multiple_procedure_indicator = '5' or pctc_indicator = '7' or is_planned_therapy then $assistant_factor
      else cast(1 as decimal(6, 4))
    end as assistant_factor
  from $kind_basis as kind_basis
)
select
  factored.*,
  case
    when equipment = '' and therapy_assistant = '' then ''
    else concat_ws(' ',
      case when equipment <> '' and equipment_factor = 1 then equipment end,
      case when therapy_assistant <> '' and assistant_factor = 1 then therapy_assistant end
    )
  end as modifiers_not_for_service
from factored
