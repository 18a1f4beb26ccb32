-- A stock: the cases held on each 30 September, the day DfE counts them, valid until the next. Each case carries its part of
-- the worker's hours, so that a worker counts once in the service and a team has the hours of the cases it holds.
create table caseload_september as
with september as (
    select make_date(year, 9, 30) as day from (
        -- a 30 September after the data end is never asked for
        select unnest(generate_series(min(year(start_date)), max(year(start_date)) + 1)) as year from case_held
    )
)
select day as start_date, cast(day + interval 1 year as date) as end_date, involvements_id, person_id, team, team_locality, service, team_area,
       hours_known, fte / count(*) over (partition by day, worker) as fte
from september join case_held on case_held.start_date <= day and (case_held.end_date is null or case_held.end_date > day);
