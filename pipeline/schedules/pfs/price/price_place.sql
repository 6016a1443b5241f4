-- The localities of the releases in use with their indices and the conversion factors in force: those
-- of the release, and from the day of a later one that one. What anesthesia factor a locality has
-- after the national one changed is not known. That of all others stands for those who qualify only where
-- one factor is for all (until 2025).
with factor as (
  select
    release_id,
    max(case when is_default_class then conversion_factor end) as conversion_factor,
    max(case when conversion_factor_class in ($qualifying_classes) then conversion_factor end) as qp_conversion_factor,
    max(case when is_default_class and conversion_factor_class in ($qualifying_classes) then 1 else 0 end) = 1 as is_one_for_all
  from payment_national
  group by release_id
),
used as (
  select distinct period_number, release_id, effective_from, factor_from, anesthesia_factor_from
  from service_day
  where release_id is not null
),
later as (
  select
    used.period_number,
    max(case when dated.conversion_factor_class in ($default_classes) then dated.conversion_factor end) as conversion_factor,
    max(case when dated.conversion_factor_class in ($qualifying_classes) then dated.conversion_factor end) as qp_conversion_factor
  from used
  join conversion_factor as dated on dated.program = 'pfs' and dated.effective_from = used.factor_from
  where used.factor_from > used.effective_from
  group by used.period_number
)
select
  used.period_number, place_number.place_number, locality.mac, locality.locality_number, locality.locality_name,
  locality.work_gpci, locality.pe_gpci, locality.mp_gpci,
  case when used.anesthesia_factor_from = used.effective_from then locality.anesthesia_conversion_factor end
    as anesthesia_conversion_factor,
  case when used.anesthesia_factor_from = used.effective_from then
    coalesce(
      locality.qp_anesthesia_conversion_factor, case when factor.is_one_for_all then locality.anesthesia_conversion_factor end
    )
  end as qp_anesthesia_conversion_factor,
  case when used.factor_from = used.effective_from then factor.conversion_factor else later.conversion_factor end
    as conversion_factor,
  case when used.factor_from = used.effective_from then factor.qp_conversion_factor else later.qp_conversion_factor end
    as qp_conversion_factor
from locality
join used on used.release_id = locality.release_id
join place_number on place_number.mac = locality.mac and place_number.locality_number = locality.locality_number
join factor on factor.release_id = locality.release_id
left join later on later.period_number = used.period_number
