-- Stretches of days of a looked-after child on which nothing that is counted of them changes: who they are, where they are
-- placed, how many placements the last 12 months hold, whether a visit is overdue, how long they have been settled.
create table care_segment as
with change as (
    select person_id, start_date as day from child_stretch
    union select person_id, start_date from care_stretch
    union select person_id, end_date from care_stretch
    union select person_id, cla_placement_start_date from cla_placements
    union select person_id, cla_placement_end_date from cla_placements
    union select person_id, start_date from care_stay
    union select person_id, end_date from care_stay
    union select person_id, counts_until from care_stay
    union select person_id, cast(start_date + interval 1 year as date) from care_stay
    union select person_id, cast(start_date + interval 2 years as date) from care_stay
    union select person_id, cast(settled_from + interval 2 years as date) from care_stay
    union select person_id, cast(start_date + interval 30 months as date) from care_period
    union select person_id, day from care_visit
    union select person_id, next_due + 1 from care_visit
),
stretch as (
    select person_id, day as start_date, lead(day) over (partition by person_id order by day) as end_date
    from change where day is not null
)
select stretch.person_id, stretch.start_date, stretch.end_date, period_id, legal_status, cla_episode_id
from stretch join care_stretch on care_stretch.person_id = stretch.person_id
    and care_stretch.start_date <= stretch.start_date
    and (care_stretch.end_date is null or care_stretch.end_date > stretch.start_date);
