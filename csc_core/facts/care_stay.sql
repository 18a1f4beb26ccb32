-- One row a stay with one carer: the placements that count, those that only continue another put together.
create table care_stay as
with numbered as (
    select *, sum(case when same_carer then 0 else 1 end) over (
        partition by person_id, period_id order by start_date, end_date, cla_placement_id) as number
    from care_placement
),
stay as (
    select person_id, period_id, number, min(start_date) as start_date,
           case when bool_or(end_date is null) then null else max(end_date) end as end_date,
           -- of its first placement, the only one that is not with the same carer as the one before
           any_value(type) filter (not same_carer) as first_type,
           any_value(left_because) filter (not same_carer) as left_because
    from numbered group by all
)
select *,
       -- a placement counts among those of the last 12 months for as long as it was open on a day of them
       cast(end_date + interval 1 year as date) - 1 as counts_until,
       -- for long-term stability a placement for adoption is taken together with the one before it
       case when first_type in ('A4', 'A6')
            then coalesce(lag(start_date) over (partition by person_id, period_id order by number), start_date)
            else start_date end as settled_from
from stay;
