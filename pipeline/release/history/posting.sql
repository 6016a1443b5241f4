-- Every posting with its id, the day from which it was known, and whether it is in force.
-- $postings has one row per bundle that was read.
--
-- CMS re-posts under the same letter, with a new RELEASED date or with new bytes only; and a
-- correction (13AR) may be for the same period as the release that it corrects. Of all that
-- begin on one day, of one series of a schedule, the one that became known last is in force; the
-- others are superseded (pfs-rules 1.1). Where CMS numbers its postings (V1, V2), the numbers say
-- their order.
with numbered as (
  select
    *,
    row_number() over (
      partition by release_id, released_on
      order by version nulls first, updated_on nulls first, fetched_on nulls first
    ) as issue,
    coalesce(released_on::varchar, 'V' || version, 'undated') as said,
    row_number() over (
      partition by release_id, said
      order by version nulls first, updated_on nulls first, fetched_on nulls first
    ) as issue_of_name,
    released_on is not null as is_dated
  from $postings
),
named as (
  select
    *,
    concat(release_id, '@', said, if(issue_of_name > 1, concat('.', issue_of_name), '')) as posting_id,
    -- A re-posting is known since the day that CMS or the download names, not since RELEASED. One
    -- without any day was known by its first day of service, and before those that have a day.
    coalesce(
      updated_on, if(issue > 1, fetched_on, null), released_on,
      least(effective_from, min(released_on) over (partition by schedule, series, effective_from))
    ) as known_from
  from numbered
)
select
  *,
  coalesce(
    lead(posting_id) over (partition by schedule, series, effective_from order by known_from, is_dated, release_id, issue), ''
  ) as superseded_by,
  superseded_by = '' as is_current
from named
order by posting_id
