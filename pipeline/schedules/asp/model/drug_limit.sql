-- Every code of the release with its limit and what the words beside it say.
-- Only a dosage of one quantity in one unit becomes a number: "UP TO 1 GM" and "2.5 MG/0.5 MG" do not.
with spelled as (
  select
    *,
    lower(note) as words,
    trim(replace(dosage_text, chr(160), ' ')) as dosage,
    regexp_extract(
      upper(dosage),
      '^(?:([0-9][0-9,]*\.?[0-9]*|\.[0-9]+) ?|PER )(MG|MCG|GM|ML|CC|IU|USP UNIT|UNITS?|MEQ|MICROCURIE|SQ CM|DOSE|THERAPEUTIC DOSE|EACH|EA|VIAL)\z',
      ['quantity', 'unit']
    ) as parsed
  from stage.asp
)
select
  this_release.release_id,
  asp.hcpcs_code,
  asp.dosage as dosage_text,
  case
    when parsed.unit = '' then null
    when parsed.quantity = '' then 1
    else replace(parsed.quantity, ',', '')::decimal(14, 4)
  end as dosage_quantity,
  case parsed.unit when 'UNITS' then 'UNIT' when 'EA' then 'EACH' else parsed.unit end as dosage_unit,
  case
    when asp.payment_limit is not null then 'priced'
    when regexp_full_match(asp.limit_words, '(?i)n/a|.*\b(contractor|carrier|mac)\b.*') then 'contractor_priced'
    else 'no_fee_published'
  end as price_status,
  asp.payment_limit,
  asp.coinsurance_percent,
  asp.vaccine_awp_percent,
  asp.vaccine_limit,
  asp.blood_awp_percent,
  asp.blood_limit,
  asp.is_clotting_factor,
  try_strptime(regexp_extract(asp.words, 'added ([a-z]+ [0-9]{4})', 1), '%B %Y')::date as added_in,
  try_strptime(regexp_extract(asp.words, 'updated ([a-z]+ [0-9]{4})', 1), '%B %Y')::date as updated_in,
  contains(asp.words, 'inflation-adjusted coinsurance') as is_inflation_adjusted,
  contains(asp.words, '8% of reference add-on applied') as has_reference_add_on,
  contains(asp.words, '"lesser of" methodology applied') as is_lesser_of,
  contains(asp.words, 'amp-based payment limit') as is_amp_based,
  case
    when contains(asp.words, 'influenza vaccines pricing webpage') then 'influenza'
    when contains(asp.words, 'covid-19 vaccine pricing webpage') then 'covid'
    else ''
  end as dated_elsewhere,
  asp.note,
  asp.description,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  this_release.main_file as source_file,
  asp.source_line
from spelled as asp
cross join this_release
