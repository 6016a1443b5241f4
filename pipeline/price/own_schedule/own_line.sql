-- The price of each line by the schedule of its own. Gates come first, in their order; then the fee of a unit, the
-- units, miles with their tenths (which contractors cut off from 100 miles on), and at most the charge.
with gated as (
  select
    rated.*,
    case
      when value_gate > 0 then value_gate
      when units is null or units < 1 or units > 999999 then $step_units_out_of_range
      when schedule = 'asp' and (ndc_units <= 0 or ndc_units > 9999999 or ndc_units is not null and ndc_code = '')
        then $step_ndc_units_out_of_range
      when has_unknown_modifier and not (has_direction and schedule = 'ambulance') then $step_modifier_unknown
      when length(service_zip_code) not in (0, 5, 9) then $step_zip_unknown
      when has_modifier_conflict then $step_modifier_conflict
      when denial_gate > 0 then denial_gate
      when component = '53' then $step_discontinued_procedure
      when component <> '' then $step_component_not_separate
      when item_gate = $step_release_missing then item_gate
      when schedule = 'clfs' and hospital = 'inpatient' then $step_test_of_inpatient
      when schedule = 'asp' and hospital <> '' then $step_drug_in_hospital
      when schedule = 'dmepos' and hospital = 'inpatient' then $step_item_of_inpatient
      when item_gate > 0 then item_gate
      when rate_reason = 'carrier_priced' then $step_carrier_priced
      when rate_reason = 'no_factor' then $step_no_factor
      when rate_reason = 'gpci_missing' then $step_gpci_missing
      when rate_reason <> '' then $step_no_fee_published
      when schedule = 'asp' and not is_of_code then $step_ndc_of_another_code
      when schedule = 'asp' and is_of_code and ndc_units is not null and not $units_agree then $step_ndc_units_conflict
      when later_month_factor <> 1 and $has_two_months then $step_modifier_conflict
      when located_by = '' and not has_areas then 0
      when located_by = 'locality' then
        case
          when service_zip_code = '' and (service_mac = '' or service_locality_number = '') then $step_locality_missing
          when service_mac = '' and zip_place_number is null then $step_zip_unknown
          when service_mac = '' and zip4_decides and length(service_zip_code) <> 9 then $step_zip4_needed
          when service_mac = '' and zip4_decides and zip9_place_number is null then $step_zip9_unknown
          when service_mac <> '' and zip_place_number is not null and not (zip4_decides and zip9_place_number is null)
            and coalesce(named_place_number, 0) <> coalesce(zip9_place_number, zip_place_number) then $step_locality_conflict
          when locality_reason is null then $step_locality_unknown
          when locality_reason = 'gpci_missing' then $step_gpci_missing
          when locality_reason = 'no_factor' then $step_no_factor
          when locality_reason <> '' then $step_no_fee_published
          when ambulance_area is null then $step_area_unknown
          else 0
        end
      when service_zip_code = '' then $step_zip_needed
      when not coalesce(is_known, false) then $step_zip_unknown
      when is_state_open and length(service_zip_code) = 9 then $step_zip9_unknown
      when is_state_open then $step_zip4_needed
      when has_areas and cba is null then $step_rural_unknown
      when has_areas and cba <> '' then case when area_amount is null then $step_no_fee_in_area else 0 end
      when located_by = '' then 0
      when state is null then $step_state_unknown
      when not has_state then $step_no_fee_in_area
      when is_split and is_rural is null then $step_rural_unknown
      when is_split and is_rural and state_rural_amount is null then $step_no_fee_in_area
      when not (is_split and is_rural) and state_amount is null then $step_no_fee_in_area
      else 0
    end as first_gate
  from own_rated_line as rated
),
fee as (
  select
    gated.*,
    case
      when units between 101 and 999999 and mile_not_driven > 0 then cast(units - 1 as decimal(7, 1))
      when units between 1 and 999999 then cast(units - mile_not_driven as decimal(7, 1))
    end as counted,
    case
      when first_gate > 0 then null
      when located_by = 'locality' then
        case ambulance_area when 'urban' then urban_amount when 'rural' then rural_amount else super_rural_amount end
      when has_areas and cba <> '' then area_amount
      when located_by = '' then amount
      when is_split and is_rural then state_rural_amount
      else state_amount
    end as schedule_fee,
    case when located_by = 'locality' and ambulance_area <> 'urban' then first_miles_amount end as first_fee,
    case when 'KJ' in (first, second, third, fourth) then later_month_factor else cast(1 as decimal(6, 4)) end as month_factor,
    case
      when located_by = 'locality' then locality || ' ' || ambulance_area
      when has_areas and cba <> '' then cba
      when located_by = 'state' and is_split and is_rural then state || ' rural'
      when located_by = 'state' and is_split then state || ' not rural'
      when located_by = 'state' then state
      else ''
    end as fee_place
  from gated
),
unit as (
  select
    fee.*,
    case when month_factor = 1 then schedule_fee else cast(round(schedule_fee * month_factor, 2) as decimal(12, 3)) end as unit_fee
  from fee
),
units_paid as (
  select
    unit.*,
    case
      when first_fee is null then counted * unit_fee
      else least(counted, cast(17 as decimal(6, 0))) * first_fee
        + greatest(counted - cast(17 as decimal(6, 0)), cast(0 as decimal(6, 0))) * unit_fee
    end as exact_amount
  from unit
),
amounts as (
  select
    units_paid.*,
    case when exact_amount <= 99999999.99 then cast(round(exact_amount, 2) as decimal(12, 2)) end as own_amount,
    case when first_gate = 0 and exact_amount > 99999999.99 then $step_units_out_of_range else first_gate end as own_gate,
    concat_ws(' ', $modifiers_without_effect) as modifiers_without_effect
  from units_paid
)
select
  line_id, own_gate, schedule, release_id, schedule_fee, first_fee, month_factor, unit_fee, amount_unit, patient_share_percent, own_amount as line_amount,
  case when own_gate = 0 then fee_place else '' end as fee_place,
  case
    when item_gate > 0 then ''
    when modifier3 <> '' then modifier || ' ' || modifier2 || ' ' || modifier3
    when modifier2 <> '' then modifier || ' ' || modifier2
    else modifier
  end as fee_modifiers,
  least(own_amount, charge) as allowed_amount,
  own_gate <> $step_modifier_unknown as knows_its_modifiers, modifiers_without_effect as own_modifiers,
  $notes as own_notes, $rules as own_rules, $is_provisional as is_own_provisional
from amounts
