-- A stock: the hours (full-time equivalent) of everybody who holds a case. Who holds cases in two teams counts once in the
-- service: the hours are divided between the teams as the cases are.
create table case_holder as
with change as (
    select worker, team, day, sum(cases) as cases from (
        select worker, team, start_date as day, 1 as cases from case_held where open_case and hours_known
        union all
        select worker, team, end_date, -1 from case_held where open_case and hours_known and end_date is not null
    ) group by all
),
-- every day on which a worker's cases change, in each of the worker's teams
counted as (
    select worker, team, day, sum(coalesce(change.cases, 0)) over (partition by worker, team order by day) as cases
    from (select distinct worker, day from change)
    join (select distinct worker, team from change) using (worker)
    left join change using (worker, team, day)
),
shared as (
    select worker, team, day, lead(day) over (partition by worker, team order by day) as until, cases,
           cases / nullif(sum(cases) over (partition by worker, day), 0) as share
    from counted
),
joined as (
    select *, sum(case when same then 0 else 1 end) over (partition by worker, team order by day) as run
    from (select *, share is not distinct from lag(share) over (partition by worker, team order by day) as same from shared)
)
select worker, min(day) as start_date, nullif(max(coalesce(until, date '9999-12-31')), date '9999-12-31') as end_date,
       team, any_value(team_locality) as team_locality, any_value(service) as service,
       any_value(team_area) as team_area, any_value(share) * any_value(fte) as fte
from joined
join (select worker, any_value(fte) as fte from case_held where hours_known group by worker) using (worker)
join (select distinct team, team_locality, service, team_area from case_held) using (team)
where share > 0
group by worker, team, run;
