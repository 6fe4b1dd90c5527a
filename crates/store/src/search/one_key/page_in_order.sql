with found as materialized (
    select k.ordinal from search_key k
    where k.key = $17 and k.facts & $18 <> 0 and k.day = 0
        and k.facts & $1 = $2
        and ($4 = 2147483647 or (1 << ((k.facts >> $3) & 15)) & $4 <> 0)
        and k.initials & $5 = $5
        and ($6::smallint = 0 or k.area in ($6, 0))
        and case when $7 then true else (
            select true from search_person s
            where s.ordinal = k.ordinal
                and s.birth between $8 and $9
                and s.death between $10 and $11
                and s.names like all($12::text[])
                and s.names ~ all($13::text[])
                and ($14::text[] is null or exists (
                    select from unnest(string_to_array(
                        case when $15 then s.places_full
                            else coalesce(s.places_restricted, s.places_full) end, e'\n')) as place
                    where place like any($14) and place like $16
                ))
        ) end
    order by k.ordinal
    offset $19 limit $20
)
select s.id as "id!" from found join search_person s on s.ordinal = found.ordinal
order by found.ordinal
