//! Rendering everybody anew after a change of the code: what is asked for, and how far it is.

use register::id::PersonId;

use crate::error::StoreError;
use crate::store::Store;

/// How far rendering everybody anew is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rerender {
    /// What an operator asks for.
    pub asked: Option<Breadth>,
    /// The round under way: the version of the code, who is meant, and the ordinal of the person
    /// that is looked at next.
    pub round: Option<RerenderRound>,
    /// The version of the code that the last round that came to its end has rendered everybody
    /// with; none when there was none.
    pub done_by: Option<i32>,
}

/// Who is to be rendered anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// Those whom another version of the code has rendered.
    Outdated,
    /// Everybody.
    Everybody,
}

/// A round of rendering everybody anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RerenderRound {
    /// The version of the code that renders.
    pub by: i32,
    /// Who is meant.
    pub breadth: Breadth,
    /// The ordinal of the person that is looked at next.
    pub next_ordinal: i64,
}

/// How a round moves with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RerenderMove {
    /// It is there now; what was asked for is taken up.
    To(RerenderRound),
    /// It has come to its end; this version of the code has rendered everybody.
    Done(i32),
}

impl Breadth {
    fn of(everybody: bool) -> Self {
        if everybody { Self::Everybody } else { Self::Outdated }
    }
}

impl Store {
    /// How far rendering everybody anew is. From the primary.
    pub async fn rerender(&self) -> Result<Rerender, StoreError> {
        let row = self
            .on_primary(async |connection| {
                sqlx::query!(
                    "select asked, asked_everybody, target, everybody, next_ordinal, done_by
                    from rerender"
                )
                .fetch_one(connection)
                .await
            })
            .await?;
        Ok(Rerender {
            asked: row.asked.then(|| Breadth::of(row.asked_everybody)),
            round: row.target.map(|by| RerenderRound {
                by,
                breadth: Breadth::of(row.everybody),
                next_ordinal: row.next_ordinal,
            }),
            done_by: row.done_by,
        })
    }

    /// Asks the writer to render anew. While a round is under way, another one follows it.
    pub async fn ask_rerender(&self, breadth: Breadth) -> Result<(), StoreError> {
        let everybody = breadth == Breadth::Everybody;
        self.on_primary(async |connection| {
            sqlx::query!(
                "update rerender set asked = true, asked_everybody = asked_everybody or $1",
                everybody
            )
            .execute(connection)
            .await?;
            Ok(())
        })
        .await
    }

    /// The persons with an ordinal from `first` to below `end` that another version of the code
    /// than `by` has rendered; all of them when no version is given. From the primary.
    pub async fn rendered_otherwise(
        &self,
        first: i64,
        end: i64,
        by: Option<i32>,
    ) -> Result<Vec<PersonId>, StoreError> {
        let ids = self
            .on_primary(async |connection| {
                sqlx::query_scalar!(
                    "select id from person where ordinal >= $1 and ordinal < $2
                        and ($3::integer is null or rendered_by <> $3) order by ordinal",
                    first,
                    end,
                    by
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        Ok(ids.into_iter().map(PersonId).collect())
    }
}
