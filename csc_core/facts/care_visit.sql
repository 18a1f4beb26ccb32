-- The visits of each period of care and the day by which the next one is due (regulation 28, Care Planning, Placement and Case
-- Review (England) Regulations 2010): within a week of the start of a placement; then within six weeks; once the placement has
-- lasted a year, within three months if it is long-term fostering, which is meant to last to 18; within four weeks where a
-- child lives with its parents under an interim care order. A visit at which the child was not seen is none.
create table care_visit as
with event as (
    select person_id, period_id, start_date as day, false as is_visit from care_period
    union select person_id, period_id, start_date, false from care_stay
    union select care_period.person_id, period_id, cla_visit_date, true
          from cla_visits join care_period on care_period.person_id = cla_visits.person_id
              and cla_visit_date >= start_date and (end_date is null or cla_visit_date < end_date)
          where cla_visit_seen is distinct from 'N'
),
placed as (
    select event.*, arg_max({'type': care_placement.type}, care_placement.start_date).type as type,
           max(care_placement.start_date) filter (not same_carer) as since
    from event left join care_placement on care_placement.person_id = event.person_id
        and care_placement.period_id = event.period_id and care_placement.start_date <= day
    group by all
),
due as (
    select placed.*,
           case when not is_visit then day + 7
                when type = 'P1' and legal_status = 'C1' then day + 28
                when type in ('U1', 'U4') and day >= since + interval 1 year then cast(day + interval 3 months as date)
                else day + 42 end as next_due
    from placed left join care_stretch on care_stretch.person_id = placed.person_id
        and care_stretch.start_date <= day and (care_stretch.end_date is null or care_stretch.end_date > day)
)
-- the start of a placement asks for a visit and makes none late
select *, not is_visit or day <= lag(next_due) over (partition by person_id, period_id order by day, is_visit) as in_time
from due;
