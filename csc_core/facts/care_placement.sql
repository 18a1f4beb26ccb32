-- The placements that count in each period of care, cut to it: at least 24 hours long (not ended on the day they began) and
-- not one of the temporary moves T0 to T4, during which the child's own placement is kept, also where the source ends it for as long.
-- `same_carer` marks one that continues the placement before it: then only the status changed, or the carer moved, or the foster
-- carer adopts the child, or the child is back from a temporary move.
create table care_placement as
with begun as (
    -- a struct, since of nulls arg_min would take the next
    select cla_placement_id, arg_min({'reason': cla_episode_start_reason}, (cla_episode_start_date, cla_episode_id)).reason as start_reason
    from cla_episodes where cla_placement_id is not null group by all
),
temporary as (
    select person_id, cla_placement_start_date as gone, cla_placement_end_date as back,
           coalesce(gone = lag(back) over (partition by person_id order by gone, back), false) as goes_on
    from cla_placements where cla_placement_type in ('T0', 'T1', 'T2', 'T3', 'T4')
),
-- one temporary move after another
away as (
    select person_id, min(gone) as gone, case when bool_or(back is null) then null else max(back) end as back
    from (select *, sum(case when goes_on then 0 else 1 end) over (partition by person_id order by gone, back) as run from temporary)
    group by person_id, run
),
placed as (
    select cla_placements.* exclude (cla_placement_end_date), gone is not null as kept, cla_placement_end_date as ended,
           case when kept then back else ended end as cla_placement_end_date
    from cla_placements left join away on away.person_id = cla_placements.person_id and gone = cla_placement_end_date
    where ended is distinct from cla_placement_start_date
      and coalesce(cla_placement_type, '') not in ('T0', 'T1', 'T2', 'T3', 'T4')
),
counted as (
    select care_period.person_id, period_id, cla_placement_id, cla_placement_type as type, cla_placement_change_reason as change_reason,
           cla_placement_postcode as postcode, kept,
           greatest(cla_placement_start_date, care_period.start_date) as start_date,
           case when cla_placement_end_date is null or cla_placement_end_date > care_period.end_date then care_period.end_date
                else cla_placement_end_date end as end_date
    from placed join care_period on care_period.person_id = placed.person_id
        and (care_period.end_date is null or cla_placement_start_date < care_period.end_date)
        and (cla_placement_end_date is null or cla_placement_end_date > care_period.start_date)
)
select counted.* exclude (postcode, kept),
       lag(change_reason) over before as left_because,
       coalesce(lag(cla_placement_id) over before is not null
                and (start_reason in ('L', 'T', 'U') or lag(change_reason) over before = 'PLACE' or type in ('A3', 'A5')
                     or (lag(kept) over before and lag(end_date) over before = start_date
                         and lag(type) over before = type and lag(postcode) over before = postcode)), false) as same_carer
from counted left join begun using (cla_placement_id)
window before as (partition by person_id, period_id order by start_date, end_date, cla_placement_id);
