with range as materialized (
    select low, high, kinds
    from unnest($1::text[], $2::text[], $3::smallint[], $4::integer[])
        as r(low, high, kinds, part)
    where part = coalesce($5::integer, (
        select o.part
        from unnest($1::text[], $2::text[], $4::integer[]) as o(low, high, part)
        group by o.part
        order by sum((
            select coalesce(sum(w.uses + 1), 0)
            from search_word w where w.word >= o.low and w.word < o.high
        )), o.part
        limit 1
    ))
), found as materialized (
    select distinct ordinal from (
        select k.ordinal
        from range r
        join search_word w on w.word >= r.low and w.word < r.high
        join search_key k on k.key = w.word and k.day between $6 and $7
        where $8 and k.kinds & r.kinds <> 0 and (k.kinds & 8 = 0 or $9)
            and ($10::smallint is null or k.area = $10 or k.area = 0)
        union all
        select k.ordinal
        from range r
        join search_key k on k.key >= r.low and k.key < r.high and k.day between $6 and $7
        where not $8 and k.kinds & r.kinds <> 0 and (k.kinds & 8 = 0 or $9)
            and ($10::smallint is null or k.area = $10 or k.area = 0)
        union all
        select k.ordinal
        from range r
        join search_key k on k.key = r.low and k.day between $6 and $7
        where r.low = r.high and k.kinds & r.kinds <> 0 and (k.kinds & 8 = 0 or $9)
            and ($10::smallint is null or k.area = $10 or k.area = 0)
    ) as keys
), matching as materialized (
    select found.ordinal from found
    where $23 or (
        select ($9 or s.facets & 1024 = 0)
            and ($11::smallint is null or s.facets & 3 = $11)
            and ($12::integer is null or (1 << ((s.facets >> $13) & 15)) & $12 <> 0)
            and s.birth between $14 and $15
            and s.death between $16 and $17
            and s.names like all($18::text[])
            and s.names ~ all($19::text[])
            and ($20::text[] is null or exists (
                select from unnest(string_to_array(
                    case when $21 then s.places_full
                        else coalesce(s.places_restricted, s.places_full) end, e'\n')) as place
                where place like any($20) and place like $22
            ))
        from search_person s where s.ordinal = found.ordinal
    )
    order by found.ordinal
    offset $24 limit $25
)
select s.id from matching join search_person s on s.ordinal = matching.ordinal
order by s.ordinal
