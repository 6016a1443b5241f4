-- severity: error
-- Every anesthesia factor is one combination of the locality's three indices, within 3 cents, whose weights add up to the national factor of its class in the header, or to the known one where it states none, within 2 cents, and CMS's amounts of OPPSCAP lie within a tenth of those that follow from the indices.
-- source: pfs-rules 10.2. Where both contradict the indices GPCI is at fault, else the file that does. Stale amounts of CMS have ratios of 0.94 to 1.07; misread indices have not.
-- payment: every locality amount follows from the indices. CMS's own files keep to it in every release seen.
with factor as (
  select mac, locality_number, source_line, true as is_default, anesthesia_conversion_factor::double as f from stage.anes
  union all
  select mac, locality_number, source_line, false, qp_anesthesia_conversion_factor::double
  from stage.anes where qp_anesthesia_conversion_factor is not null
),
place as (
  select work_gpci::double as w, pe_gpci::double as p, mp_gpci::double as m, factor.*
  from factor join stage.gpci as gpci using (mac, locality_number)
),
-- Least squares: the normal equations, solved by determinants.
moment as (
  select is_default, sum(w * w) as ww, sum(w * p) as wp, sum(w * m) as wm, sum(p * p) as pp, sum(p * m) as pm, sum(m * m) as mm,
    sum(w * f) as wf, sum(p * f) as pf, sum(m * f) as mf
  from place
  group by is_default
  -- Fewer localities prove nothing.
  having count(*) >= 50
),
share as (
  select
    is_default,
    ww * (pp * mm - pm * pm) - wp * (wp * mm - pm * wm) + wm * (wp * pm - pp * wm) as determinant,
    (wf * (pp * mm - pm * pm) - wp * (pf * mm - pm * mf) + wm * (pf * pm - pp * mf)) / determinant as a,
    (ww * (pf * mm - pm * mf) - wf * (wp * mm - pm * wm) + wm * (wp * mf - pf * wm)) / determinant as b,
    (ww * (pp * mf - pf * pm) - wp * (wp * mf - pf * wm) + wf * (wp * pm - pp * wm)) / determinant as c
  from moment
),
misfit as (
  select place.*, abs(f - (a * w + b * p + c * m)) as residual from place join share using (is_default)
  where abs(f - (a * w + b * p + c * m)) > 0.03
),
-- TC rows have no work, so that their amount under the cap is two products.
cap as (
  select hcpcs_code, oppscap.facility_price::double as cms,
    round((facility_opps_pe_rvu * pe_gpci + opps_mp_rvu * mp_gpci)::double * conversion_factor::double, 2) as ours
  from stage.oppscap as oppscap
  join stage.pprrvu as pprrvu using (hcpcs_code, modifier)
  join stage.gpci as gpci using (mac, locality_number)
  where modifier = 'TC' and oppscap.facility_price >= 10 and facility_opps_pe_rvu > 0
),
-- A stale factor or value moves a code's amounts alike everywhere; other indices do not.
ratio as (
  select ours, cms, ours / cms as ratio, median(ours / cms) over (partition by hcpcs_code) as usual from cap
),
compared as (
  select count(*) as amounts, count(*) filter (abs(ours - cms) > 0.011) as differing,
    count(*) filter (ratio not between 0.9 and 1.1) as far,
    count(*) filter (abs(ratio / usual - 1) > 0.003) as uneven
  from ratio
),
verdict as (
  select amounts, differing, far,
    amounts >= 100 and far > 0.01 * differing as is_misread,
    amounts >= 100 and uneven > 0.4 * amounts as disagrees,
    -- Work weighs most in the anesthesia factor and malpractice least.
    exists (from misfit) or exists (from share where not (a > b and b > c)) as is_misfit,
    exists (from share) as has_anesthesia
  from compared
)
select if(disagrees, 'gpci', 'anes') as file_kind, if(disagrees, null, source_line) as source_line,
  format('the anesthesia factor {:.2f} of {}-{} is {:.2f} from any combination of its indices that fits the others',
    f, mac, locality_number, residual)
  || if(disagrees, ', and OPPSCAP does not follow from these indices either', '') as finding
from misfit, verdict
union all
-- The shares of work, practice expense and malpractice are the whole.
select 'anes', null,
  format('the anesthesia factors of its localities follow from a national one of {:.4f}, but {}', a + b + c,
    if(national_factor is not null, 'its header says ' || rtrim(national_factor::varchar, '0'),
      format('{} is known for {}: {}', known.conversion_factor::varchar, this_release.effective_from, known.source)))
from share
cross join this_release
join conversion_factor_class as class using (is_default)
left join stage.anes_header as stated using (conversion_factor_class)
left join conversion_factor as known
  on known.program = 'anesthesia' and known.conversion_factor_class = class.conversion_factor_class and known.evidence = 'P'
  and this_release.effective_from between known.effective_from and coalesce(known.effective_to, date '9999-12-31')
where abs(a + b + c - coalesce(national_factor, known.conversion_factor)::double) > 0.02
  and not exists (from misfit) and not exists (from verdict where disagrees)
union all
select if(has_anesthesia and not is_misfit, 'oppscap', 'gpci'), null,
  format('{:,} of {:,} amounts of CMS under the imaging cap are more than a tenth from what follows from the indices',
    far, amounts)
from verdict where is_misread
