-- A stock: one row a looked-after child and stretch of days. On any day a child is in one row at most. The place is the home
-- on entry to care; the age and the team are those of the day.
create table looked_after as
with lived as (
    -- where the child is on the day: in their own placement, else on a temporary move
    select care_segment.person_id, start_date,
           arg_min(cla_placements, (case when cla_placement_type in ('T0', 'T1', 'T2', 'T3', 'T4') then 1 else 0 end,
                                    -epoch(cast(cla_placement_start_date as timestamp)), cla_placement_id)) as placement
    from care_segment join cla_placements on cla_placements.person_id = care_segment.person_id
        and cla_placement_start_date <= start_date and (cla_placement_end_date is null or cla_placement_end_date > start_date)
    group by all
),
-- the placements that the last 12 months hold, of whatever period of care
counted as (
    select care_segment.person_id, care_segment.start_date, count(*) as placements
    from care_segment join care_stay on care_stay.person_id = care_segment.person_id
        and care_stay.start_date <= care_segment.start_date
        and (counts_until is null or counts_until > care_segment.start_date)
    group by all
),
-- this period of care up to the day
so_far as (
    select care_segment.person_id, care_segment.start_date,
           count(*) - 1 as moves,
           count(*) filter (number > 1 and left_because is not null) as moves_with_reason,
           count(*) filter (number > 1 and left_because <> 'CARPL') as unplanned_moves,
           min(care_stay.start_date) filter (number > 1) as first_move,
           min(care_stay.start_date) as first_recorded,
           arg_max(settled_from, number) as settled_from,
           max(care_stay.start_date) filter (care_stay.end_date is null or care_stay.end_date > care_segment.start_date) as stay_from,
           coalesce(max(care_stay.end_date - care_stay.start_date) filter (care_stay.end_date <= care_segment.start_date), 0) as longest_stay
    from care_segment join care_stay on care_stay.person_id = care_segment.person_id
        and care_stay.period_id = care_segment.period_id and care_stay.start_date <= care_segment.start_date
    group by all
),
-- placements are known for the whole period if one is recorded from its first week on
recorded as (
    select care_period.person_id, period_id, bool_or(entry_known and cla_placement_start_date <= start_date + 7) as from_entry
    from care_period join cla_placements on cla_placements.person_id = care_period.person_id
        and (end_date is null or cla_placement_start_date < end_date)
        and (cla_placement_end_date is null or cla_placement_end_date > start_date)
    group by all
),
visited as (
    select care_segment.person_id, care_segment.start_date, arg_max(care_visit, (day, is_visit)) as latest
    from care_segment join care_visit on care_visit.person_id = care_segment.person_id
        and care_visit.period_id = care_segment.period_id and day <= care_segment.start_date
    group by all
),
described as (
    select care_segment.*, care_period.* exclude (person_id, period_id, start_date, end_date), care_period.start_date as entered,
           placement, placements, so_far.* exclude (person_id, start_date),
           coalesce(from_entry, false) as from_entry,
           latest.next_due as visit_due, latest.in_time and latest.next_due >= care_segment.start_date as visited_in_time,
           not latest.is_visit and latest.next_due >= care_segment.start_date as first_visit_to_come,
           sqrt((care_period.easting - site.easting) ** 2 + (care_period.northing - site.northing) ** 2) / 1609.344 as miles,
           site.out_of_county
    from care_segment
    join care_period using (person_id, period_id)
    left join lived on lived.person_id = care_segment.person_id and lived.start_date = care_segment.start_date
    left join counted on counted.person_id = care_segment.person_id and counted.start_date = care_segment.start_date
    left join so_far on so_far.person_id = care_segment.person_id and so_far.start_date = care_segment.start_date
    left join recorded on recorded.person_id = care_segment.person_id and recorded.period_id = care_segment.period_id
    left join visited on visited.person_id = care_segment.person_id and visited.start_date = care_segment.start_date
    left join placement_site as site on site.cla_placement_id = placement.cla_placement_id
)
select described.cla_episode_id, described.person_id, described.start_date, described.end_date,
       child_day.age_band_of_month as age_band, child_day.sex, child_day.ethnic_group, child_day.disability,
       child_day.county, described.locality, described.lad, described.planning_area, described.district, child_day.team, child_day.worker,
       coalesce(legal_status_group, 'not known') as legal_status,
       coalesce(placement_type_group, 'not known') as placement_type,
       -- records that begin within the 12 months, of a child looked after before, do not hold all placements
       case when placements is null or not (from_entry or first_recorded + interval 1 year <= described.start_date) then 'not known'
            when placements < 3 then cast(placements as varchar) else '3 or more' end
           as placements_band,
       visit_due, visited_in_time, first_visit_to_come,
       miles > 20 as over_20_miles, out_of_county,
       -- where the child was two years ago must be known to say whether it is there still
       coalesce(age_band_of_month in ('under 1', '1-4', '5-9', '10-15') and entered + interval 30 months <= described.start_date
                and first_recorded + interval 2 years <= described.start_date, false) as long_term,
       coalesce(settled_from + interval 2 years <= described.start_date and stay_from is not null, false) as settled,
       entered, from_entry and moves is not null as history_known, moves, moves_with_reason, unplanned_moves, first_move - entered as days_to_first_move,
       stay_from, longest_stay
from described
join child_day on child_day.person_id = described.person_id and child_day.day = described.start_date
left join legal_status_group on legal_status_group.code = described.legal_status
left join placement_type_group on placement_type_group.code = placement.cla_placement_type;
