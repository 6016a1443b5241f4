-- severity: warning
-- The first digits of a ZIP code are those of its state: one that lost its last digit, or stands in the line of another state, is elsewhere.
-- source: DMEPOS25Q1: all of 32,032 but 16 numbers of CMS's own; the first digits in ZIP5_OCT2025
-- payment: of who lives there.
with listed as (
  select 'dme_rural_zip' as file_kind, source_line, zip_code, state
  from stage.dme_rural_zip
  union all
  select 'dme_cba_zip', source_line, zip_code, state
  from stage.dme_cba_zip
),
-- By the first digit; the few of another one that a state has are those of offices.
region as (
  select
    unnest(range(10))::varchar as digit,
    unnest([
      'CT MA ME NH NJ NY PR RI VA VI VT', 'DE NY PA', 'DC MD NC SC VA WV', 'AL FL GA MS TN', 'IN KY MI OH', 'DC IA MN MT ND SD WI',
      'IL KS MO NE', 'AR LA MO OK TX', 'AZ CO ID NM NV TX UT WY', 'AK AS CA FM GU HI MH MP OR PW WA'
    ]) as states
)
select file_kind, source_line, format('{} is said to lie in {}', zip_code, state) as finding
from listed
join region on region.digit = left(zip_code, 1)
-- CMS's file of areas has numbers that are no ZIP codes of the post: 15 of Arizona below 00200, and 88888.
where zip_code >= '00200' and zip_code <> '88888'
  and (
    not list_contains(string_split(states, ' '), state)
    -- A code that lost its last digit is filled up with a zero in front.
    or (zip_code < '00600' and state not in ('NH', 'NY'))
  )
