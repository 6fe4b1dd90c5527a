//! Puts persons with a felles hjelpenummer into their topic, for the service that gives the numbers
//! out and for whoever moves those of its predecessor here.

use rdkafka::error::KafkaError;
use sources::ain::FormatError;

use crate::Keys;
use crate::apply::document::prepare_alternate;
use crate::config::IngestConfig;
use crate::kafka::{self, Outgoing, PublishError, Publisher};
use crate::record::{AinRecord, RecordError, seal_record};

/// Records that are published together.
const TOGETHER: usize = 1_000;

/// Why nothing, or not everything, was published. What was published comes to no harm when it is
/// published again.
#[derive(Debug, thiserror::Error)]
pub enum AinError {
    /// A line is no record: nothing was published.
    #[error("line {line} is no JSON object of number, version and person")]
    Line {
        /// From 1.
        line: usize,
    },
    /// A person is not in the form that was agreed on: nothing was published.
    #[error("line {line}: the person cannot be read")]
    Person {
        /// From 1.
        line: usize,
        /// What is wrong.
        #[source]
        source: FormatError,
    },
    /// The person on a line has another number than the line: nothing was published.
    #[error("line {line}: the person has another number than the record")]
    OtherNumber {
        /// From 1.
        line: usize,
    },
    /// The topic cannot be made or found.
    #[error("the topic cannot be made")]
    Topic(#[source] KafkaError),
    /// A record cannot be sealed.
    #[error("a record cannot be sealed")]
    Seal(#[source] RecordError),
    /// The broker did not take everything.
    #[error("not everything was published")]
    Publish(#[source] PublishError),
}

/// Reads records, one JSON object on each line: `{"number": …, "version": …, "person": {…}}`.
///
/// # Errors
/// For the first line that apply could not use.
pub fn read(lines: &str) -> Result<Vec<AinRecord>, AinError> {
    let lines = (1..).zip(lines.lines()).filter(|(_, text)| !text.trim().is_empty());
    lines.map(|(line, text)| read_line(line, text)).collect()
}

fn read_line(line: usize, text: &str) -> Result<AinRecord, AinError> {
    let record: AinRecord = serde_json::from_str(text).map_err(|_| AinError::Line { line })?;
    let (person, _) = prepare_alternate(record.person.get())
        .map_err(|source| AinError::Person { line, source })?;
    if person.numbers[0].number.as_str() != record.number {
        return Err(AinError::OtherNumber { line });
    }
    Ok(record)
}

/// Publishes records in their order, and returns when the broker has them all.
///
/// # Errors
/// [`AinError`].
pub async fn publish(
    config: &IngestConfig,
    keys: &Keys,
    records: &[AinRecord],
) -> Result<(), AinError> {
    let topic = &config.kafka.ain_topic;
    kafka::ensure_topics(&config.kafka).await.map_err(AinError::Topic)?;
    let publisher = Publisher::new(&config.kafka);
    for records in records.chunks(TOGETHER) {
        let sealed = records.iter().map(|record| {
            let key = keys.record_key(&record.number);
            let value = seal_record(&keys.sealer, topic, key.as_bytes(), record)?;
            Ok(Outgoing { key, value })
        });
        let sealed = sealed.collect::<Result<Vec<_>, _>>().map_err(AinError::Seal)?;
        publisher.publish(topic, &sealed).await.map_err(AinError::Publish)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: &str, own: &str, more: &str) -> String {
        format!(
            r#"{{"number":"{number}","version":1,
            "person":{{"number":"{own}","state":"InUse"{more}}}}}"#
        )
        .replace('\n', " ")
    }

    #[test]
    fn the_first_line_that_cannot_be_used_is_named_and_not_quoted() {
        let good = line("81234567802", "81234567802", "");
        assert_eq!(read(&format!("{good}\n\n{good}\n")).map(|records| records.len()).ok(), Some(2));
        for (bad, told) in [
            ("{}".to_owned(), "line 3 is no JSON object of number, version and person"),
            (line("81234567802", "91234567883", ""), "line 3: the person has another number"),
            (line("81234567802", "81234567802", r#","skjult":true"#), "line 3: the person cannot"),
        ] {
            let error = read(&format!("{good}\n\n{bad}\n")).err().map(|error| error.to_string());
            assert!(error.as_deref().is_some_and(|error| error.starts_with(told)), "{error:?}");
        }
    }
}
