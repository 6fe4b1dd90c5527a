//! What leaves the park, and how far rendering everybody anew is.

use sqlx::PgConnection;

use crate::batch::Unparked;
use crate::error::StoreError;
use crate::rerender::{Breadth, RerenderMove};

/// Records leave the park for its history; those that were left out go with their content.
pub(super) async fn leave(
    connection: &mut PgConnection,
    unparked: &Unparked,
) -> Result<(), StoreError> {
    let Unparked { gone, stay } = unparked;
    if !gone.is_empty() {
        sqlx::query!(
            "with gone as (delete from parked where id = any($1) returning *)
            insert into park_history (id, person_id, topic, partition, record_offset,
                source_sequence, reason, parked_at, skip_reason, sealed)
            select id, person_id, topic, partition, record_offset, source_sequence, reason,
                parked_at, decision_reason, case when decision = 2 then sealed end
            from gone",
            gone
        )
        .execute(&mut *connection)
        .await?;
    }
    if stay.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = stay.iter().map(|stay| stay.id).collect();
    let persons: Vec<Option<uuid::Uuid>> =
        stay.iter().map(|stay| stay.person_id.map(|id| id.0)).collect();
    let reasons: Vec<i16> = stay.iter().map(|stay| stay.reason as i16).collect();
    sqlx::query!(
        "update parked p set decision = null, decision_reason = null, attempts = p.attempts + 1,
            reason = s.reason, person_id = coalesce(s.person_id, p.person_id)
        from unnest($1::bigint[], $2::uuid[], $3::smallint[]) as s(id, person_id, reason)
        where p.id = s.id",
        &ids,
        &persons as &[Option<uuid::Uuid>],
        &reasons
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Moves the round of rendering everybody anew.
pub(super) async fn move_rerender(
    connection: &mut PgConnection,
    to: &RerenderMove,
) -> Result<(), StoreError> {
    match to {
        RerenderMove::To(round) => {
            // A round that begins is what was asked for.
            sqlx::query!(
                "update rerender set target = $1, everybody = $2, next_ordinal = $3::bigint,
                    asked = asked and $3::bigint > 1,
                    asked_everybody = asked_everybody and $3::bigint > 1",
                round.by,
                round.breadth == Breadth::Everybody,
                round.next_ordinal
            )
            .execute(connection)
            .await?;
        }
        RerenderMove::Done(by) => {
            sqlx::query!(
                "update rerender set target = null, everybody = false, next_ordinal = 1,
                    done_by = $1",
                by
            )
            .execute(connection)
            .await?;
        }
    }
    Ok(())
}
