-- Stretches of days within a child's open case on which nothing that a stock is split by can change: the address, the
-- worker's team, the age band, the case itself. A stock on any day is then a plain count of the rows that span it.
create table child_segment as
with age as (select unnest([0, 1, 5, 10, 16, 18]) as years),
change as (
    select person_id, referral_date as day from cin_episodes
    union select person_id, close_date from cin_episodes
    union select person_id, address_start_date from addresses
    union select person_id, address_end_date from addresses
    union select person_id, involvement_start_date from involvements
    union select person_id, involvement_end_date from involvements
    union select person_id, expected_dob + 1 from persons
    -- someone born on 29 February has a birthday on 1 March in other years
    union select person_id, case when month(dob) = 2 and day(dob) = 29
                                 then cast(dob - 1 + to_years(years) as date) + 1
                                 else cast(dob + to_years(years) as date) end
          from persons cross join age
),
stretch as (
    select person_id, day as start_date, lead(day) over (partition by person_id order by day) as end_date
    from change where day is not null
)
-- a child can have two cases open at once and is still one child: the case that started last, then the lowest id
select stretch.person_id, start_date, end_date,
       arg_min(referral_id, (-epoch(cast(referral_date as timestamp)), referral_id)) as referral_id
from stretch join cin_episodes using (person_id)
where referral_date <= start_date and (close_date is null or close_date > start_date)
group by all;
