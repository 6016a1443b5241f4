-- What changed from one release to the next: a row per code that differs in anything that the schema
-- does not leave out. $pair names both releases, $before and $after are their rows,
-- $differing names the columns that differ.
-- A dosage changed where its quantity did, or its words where they are no plain quantity; then one unit
-- stands for something else, and the limits cannot be compared.
with compared as (
  select
    pair.*,
    hcpcs_code,
    coalesce(before.price_status, '') as price_status_before,
    coalesce(after.price_status, '') as price_status_after,
    coalesce(before.dosage_text, '') as dosage_text_before,
    coalesce(after.dosage_text, '') as dosage_text_after,
    before.payment_limit as payment_limit_before,
    after.payment_limit as payment_limit_after,
    before.coinsurance_percent as coinsurance_percent_before,
    after.coinsurance_percent as coinsurance_percent_after,
    if(
      before.dosage_quantity is null or after.dosage_quantity is null,
      upper(before.dosage_text) <> upper(after.dosage_text),
      (before.dosage_quantity, before.dosage_unit) <> (after.dosage_quantity, after.dosage_unit)
    ) as has_other_dosage,
    if(has_other_dosage, null, after.payment_limit - before.payment_limit) as limit_change,
    $differing as different_columns
  from $before as before
  full join $after as after using (release_id, hcpcs_code)
  cross join $pair as pair
)
select
  * exclude (has_other_dosage, different_columns),
  round(100 * limit_change / nullif(payment_limit_before, 0), 2) as limit_change_percent,
  case
    when price_status_before = '' then 'added'
    when price_status_after = '' then 'removed'
    when has_other_dosage then 'dosage_changed'
    when price_status_before <> price_status_after or limit_change <> 0 then 'repriced'
    when coinsurance_percent_before is distinct from coinsurance_percent_after then 'coinsurance_changed'
    when regexp_full_match(different_columns, '(dosage_text|description)(,description)?') then 'texts_only'
    else 'terms_changed'
  end as change_kind,
  if(change_kind in ('added', 'removed'), '', different_columns) as changed_columns
from compared
where different_columns <> '' or price_status_before = '' or price_status_after = ''
