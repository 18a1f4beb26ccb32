-- Stretches of days on which a child was looked after, on each of which neither the episode nor the legal status changes.
-- A child on short breaks only (V3, V4) is not looked after for this count, as in DfE's statistics.
create table care_stretch as
with change as (
    select person_id, cla_episode_start_date as day from cla_episodes
    union select person_id, cla_episode_ceased_date from cla_episodes
    union select person_id, legal_status_start_date from legal_status
    union select person_id, legal_status_end_date from legal_status
),
stretch as (
    select person_id, day as start_date, lead(day) over (partition by person_id order by day) as end_date
    from change where day is not null
),
episode as (
    -- a period of care that the source has not numbered begins with an episode started for reason S
    select *, coalesce(cla_id, 'from ' || cast(max(case when cla_episode_start_reason = 'S' then cla_episode_start_date end) over (
        partition by person_id order by cla_episode_start_date) as varchar), 'all') as period_id
    from cla_episodes
),
status as (
    select stretch.person_id, start_date,
           arg_min(legal_status.legal_status, (-epoch(cast(legal_status_start_date as timestamp)), legal_status_id)) as legal_status
    from stretch join legal_status on legal_status.person_id = stretch.person_id
        and legal_status_start_date <= start_date and (legal_status_end_date is null or legal_status_end_date > start_date)
    where legal_status.legal_status is not null
    group by all
)
-- two episodes open at once are one child: the one that started last, then the lowest id
select stretch.person_id, stretch.start_date, end_date, legal_status,
       arg_min(period_id, (-epoch(cast(cla_episode_start_date as timestamp)), cla_episode_id)) as period_id,
       arg_min(cla_episode_id, (-epoch(cast(cla_episode_start_date as timestamp)), cla_episode_id)) as cla_episode_id
from stretch
join episode on episode.person_id = stretch.person_id
    and cla_episode_start_date <= stretch.start_date and (cla_episode_ceased_date is null or cla_episode_ceased_date > stretch.start_date)
left join status on status.person_id = stretch.person_id and status.start_date = stretch.start_date
where coalesce(legal_status, '') not in ('V3', 'V4')
group by all;
