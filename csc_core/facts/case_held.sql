-- A stock: one row a child and stretch of days with one case holder. On any day a child is in one row at most.
create table case_held as
with held as (
    -- a child can have two case holders at once and is still one case: that of the lowest rank
    select child_stretch.person_id, start_date, end_date, min(rank) as rank
    from child_stretch join ranked_involvement on ranked_involvement.person_id = child_stretch.person_id
        and involvement_start_date <= start_date and (involvement_end_date is null or involvement_end_date > start_date)
    where professional_role_id = 'CASE_HOLDER'
    group by all
),
-- a case that was closed while its worker was not taken off it is held, and is no open case
stretch as (
    select held.person_id, held.start_date, held.end_date, professional_id as worker, professional_team as team, involvements_id,
           child_segment.person_id is not null as open_case
    from held join ranked_involvement using (rank)
    left join child_segment on child_segment.person_id = held.person_id and child_segment.start_date = held.start_date
),
-- stretches that follow each other with nothing changed are one
numbered as (
    select *, coalesce(start_date = lag(end_date) over unchanged, false) as continues
    from stretch window unchanged as (partition by person_id, worker, team, open_case order by start_date)
),
joined as (
    select *, sum(case when continues then 0 else 1 end)
              over (partition by person_id, worker, team, open_case order by start_date) as run
    from numbered
)
select min(involvements_id) as involvements_id, person_id, min(start_date) as start_date,
       nullif(max(coalesce(end_date, date '9999-12-31')), date '9999-12-31') as end_date,
       coalesce(worker, 'not known') as worker, team, open_case,
       -- hours of nought cannot be those of somebody with a case: they are not known either
       any_value(case when full_time_equivalency > 0 then full_time_equivalency end) as fte,
       fte is not null as hours_known
from joined
left join professionals on professional_id = worker
group by person_id, worker, team, open_case, run;
