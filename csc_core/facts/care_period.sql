-- One row a period of care, from entry to the day it ended, with the place of the home from which the child entered it:
-- the home postcode of its first episode that has one, else the last home address before it. Never the placement.
create table care_period as
with spell as (
    select person_id, period_id, min(start_date) as first_day, arg_min(cla_episode_id, start_date) as first_episode,
           case when bool_or(end_date is null) then null else max(end_date) end as end_date
    from care_stretch group by all
),
entered as (
    select spell.person_id, period_id, end_date,
           -- records that begin in the middle of a period of care may still know when it began
           case when cla_episode_start_reason = 'S' or exists (
                    select 1 from cla_episodes as earlier where earlier.person_id = spell.person_id
                    and earlier.cla_episode_start_date < first_day)
                then first_day else least(first_day, coalesce(entered_care_date, first_day)) end as start_date,
           -- first seen in the middle, with no word of when it began: it is older than its first day here
           coalesce(cla_episode_start_reason, 'S') = 'S' or entered_care_date is not null as entry_known
    from spell join cla_episodes on cla_episode_id = first_episode
),
written as (
    select entered.person_id, period_id, arg_min(entry_home, cla_episode_start_date) as home
    from entered join care_stretch using (person_id, period_id)
    join cla_episodes using (cla_episode_id)
    join entry_home using (cla_episode_id)
    group by all
),
lived as (
    select entered.person_id, period_id, min(rank) as rank
    from entered join ranked_address on ranked_address.person_id = entered.person_id and address_start_date <= entered.start_date
    group by all
)
select entered.person_id, period_id, start_date, end_date, entry_known,
       -- a postcode on the episode does not uncover an address that is kept confidential
       case when home.district = 'confidential' then home.locality
            else coalesce(written.home.locality, home.locality, 'not known') end as locality,
       case when home.district = 'confidential' then home.lad
            else coalesce(written.home.lad, home.lad, 'not known') end as lad,
       case when home.district = 'confidential' then home.planning_area
            else coalesce(written.home.planning_area, home.planning_area, 'not known') end as planning_area,
       case when home.district = 'confidential' then home.district
            else coalesce(written.home.district, home.district, 'not known') end as district,
       coalesce(written.home.easting, home_site.easting) as easting,
       coalesce(written.home.northing, home_site.northing) as northing
from entered
left join written using (person_id, period_id)
left join lived using (person_id, period_id)
left join ranked_address as home using (rank)
left join home_site on written.home is null and home_site.table_id = home.table_id;
