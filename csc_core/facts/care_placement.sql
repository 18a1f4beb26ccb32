-- The placements that count in each period of care, cut to it: at least 24 hours long (not ended on the day they began) and
-- not one of the temporary moves T0 to T4, during which the child's own placement is kept. `same_carer` marks one that
-- continues the placement before it: then only the status changed, or the carer moved, or the foster carer adopts the child.
create table care_placement as
with begun as (
    select cla_placement_id, arg_min(cla_episode_start_reason, cla_episode_start_date) as start_reason
    from cla_episodes where cla_placement_id is not null group by all
),
counted as (
    select care_period.person_id, period_id, cla_placement_id, cla_placement_type as type, cla_placement_change_reason as change_reason,
           greatest(cla_placement_start_date, care_period.start_date) as start_date,
           case when cla_placement_end_date is null or cla_placement_end_date > care_period.end_date then care_period.end_date
                else cla_placement_end_date end as end_date
    from cla_placements join care_period on care_period.person_id = cla_placements.person_id
        and (care_period.end_date is null or cla_placement_start_date < care_period.end_date)
        and (cla_placement_end_date is null or cla_placement_end_date > care_period.start_date)
    where cla_placement_end_date is distinct from cla_placement_start_date
      and coalesce(cla_placement_type, '') not in ('T0', 'T1', 'T2', 'T3', 'T4')
)
select counted.*,
       lag(change_reason) over before as left_because,
       coalesce(lag(cla_placement_id) over before is not null
                and (start_reason in ('L', 'T', 'U') or lag(change_reason) over before = 'PLACE' or type in ('A3', 'A5')), false) as same_carer
from counted left join begun using (cla_placement_id)
window before as (partition by person_id, period_id order by start_date, end_date, cla_placement_id);
