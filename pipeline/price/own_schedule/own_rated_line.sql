-- Each line with its item and the fees that the item has where the line was done: in its former bidding area, its
-- state, its locality.
with placed as (
  select
    line.*, key.first, key.second, key.third, key.fourth, key.schedule, key.release_id, key.modifier, key.modifier2, key.modifier3,
    key.located_by, key.has_areas, key.amount, key.later_month_factor, key.amount_unit, key.patient_share_percent,
    key.rate_reason, key.rate_note, key.item_gate,
    place.is_known, place.is_state_open, place.state, place.is_rural, place.cba, place.ambulance_area,
    case
      when line.service_mac <> '' then line.named_place_number
      else coalesce(line.zip9_place_number, line.zip_place_number)
    end as place_number,
    direction.modifier_1 is not null as has_direction, $is_dialysis as is_dialysis,
    package.is_of_code, package.billing_units, package.package_size
  from own_gated_line as line
  join own_key as key
    on key.fee_day = line.fee_day and key.hcpcs_code = line.hcpcs_code and key.modifier_1 = line.modifier_1
    and key.modifier_2 = line.modifier_2 and key.modifier_3 = line.modifier_3 and key.modifier_4 = line.modifier_4
  left join own_place as place
    on place.fee_day = line.fee_day and place.zip_code = line.zip_code and place.plus_four = line.plus_four
  left join own_direction as direction
    on direction.modifier_1 = line.modifier_1 and direction.modifier_2 = line.modifier_2
    and direction.modifier_3 = line.modifier_3 and direction.modifier_4 = line.modifier_4
  left join own_package as package
    on package.fee_day = line.fee_day and package.hcpcs_code = line.hcpcs_code
    and package.ndc_code = line.ndc_code
  -- A supply is the practitioner's where nobody else has a fee for it on the day.
  where line.code_gate is null or line.code_gate <> $step_bundled or key.item_gate <> $step_release_missing
)
select
  placed.*,
  of_area.amount as area_amount,
  of_state.place is not null as has_state, of_state.is_split, of_state.amount as state_amount, of_state.rural_amount as state_rural_amount,
  number.mac || '-' || number.locality_number as locality,
  of_locality.amount as urban_amount, of_locality.rural_amount, of_locality.super_rural_amount, of_locality.first_miles_amount,
  of_locality.rate_reason as locality_reason
from placed
left join own_rate as of_area
  on of_area.place_kind = 'cba' and of_area.release_id = placed.release_id and of_area.hcpcs_code = placed.hcpcs_code
  and of_area.modifier = placed.modifier and of_area.modifier2 = placed.modifier2 and of_area.modifier3 = placed.modifier3
  and of_area.place = placed.cba
left join own_rate as of_state
  on of_state.place_kind = 'state' and of_state.release_id = placed.release_id and of_state.hcpcs_code = placed.hcpcs_code
  and of_state.modifier = placed.modifier and of_state.modifier2 = placed.modifier2 and of_state.modifier3 = placed.modifier3
  and of_state.place = placed.state
left join place_number as number on number.place_number = placed.place_number
left join own_rate as of_locality
  on of_locality.place_kind = 'locality' and of_locality.release_id = placed.release_id
  and of_locality.hcpcs_code = placed.hcpcs_code and of_locality.place = number.mac || '-' || number.locality_number
