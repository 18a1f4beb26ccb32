-- The place of the home from which a child entered care: that of the period of care where it is known, else the last home
-- address before it. Never the placement.
create table care_entry as
with entry as (
    select person_id, entered_care_date from permanence
    union select person_id, entered_care_date from health_due
),
lived as (
    select entry.person_id, entered_care_date, min(rank) as rank
    from entry join ranked_address on ranked_address.person_id = entry.person_id and address_start_date <= entered_care_date
    group by all
)
select entry.person_id, entered_care_date,
       coalesce(care_period.locality, home.locality, 'not known') as locality,
       coalesce(care_period.lad, home.lad, 'not known') as lad,
       coalesce(care_period.planning_area, home.planning_area, 'not known') as planning_area,
       coalesce(care_period.district, home.district, 'not known') as district
from entry
left join lived using (person_id, entered_care_date)
left join ranked_address as home using (rank)
left join care_period on care_period.person_id = entry.person_id and care_period.start_date = entered_care_date;
