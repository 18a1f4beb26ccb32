-- The texts that describe a child on a day, of which there are few: each is held once, and a row has its number. They compare, and are
-- written, as the texts they are.
create type term as enum (
    select unnest(['unborn', 'under 1', '1-4', '5-9', '10-15', '16-17', '18 and over', 'F', 'M', 'disabled', 'not_disabled',
                   'not known', 'not allocated', $confidential, $county])
    union select ethnic_group from ethnicity_group
    union select unnest([county, locality, lad, planning_area, district]) from address
    union select professional_team from involvements where professional_team is not null
    union select professional_id from involvements where professional_id is not null
);
create macro term(words) as cast(words as term);
