//! How long version 2 is there, as it is configured.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::html::Language;
use crate::config::Version2Config;

static OSLO: TimeZone = jiff::tz::get!("Europe/Oslo");

/// Whether it is served, since when it is deprecated, and until when it is served.
pub(super) fn of_version_2(config: &Version2Config, language: Language) -> String {
    if !config.enabled {
        return language.pick("Slått av her.", "Switched off here.").to_owned();
    }
    let dates = [
        (config.deprecated(), language.pick("Foreldet fra", "Deprecated from")),
        (config.sunset(), language.pick("Slås av", "Switched off")),
    ];
    let said = dates.iter().filter_map(|(at, words)| Some(format!("{words} {}.", day((*at)?))));
    match said.collect::<Vec<_>>().join(" ") {
        none if none.is_empty() => language.pick("Ingen dato er satt.", "No date is set.").into(),
        dates => dates,
    }
}

/// The day in Norway, that nobody has to wonder which.
fn day(at: Timestamp) -> String {
    let date = at.to_zoned(OSLO.clone()).date();
    format!("<time datetime=\"{date}\">{date}</time>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(config: &Version2Config) -> String {
        of_version_2(config, Language::English)
    }

    #[test]
    fn it_says_what_is_configured_in_days_of_norway() {
        let mut config = Version2Config::default();
        let day = |day| format!("<time datetime=\"{day}\">{day}</time>");
        let (from, until) = (day("2026-01-01"), day("2028-01-01"));
        assert_eq!(said(&config), format!("Deprecated from {from}. Switched off {until}."));
        config.deprecated_at = String::new();
        config.sunset_at = "2027-12-31T23:00:00Z".to_owned();
        assert_eq!(said(&config), format!("Switched off {until}."));
        config.sunset_at = String::new();
        assert_eq!(said(&config), "No date is set.");
        config.enabled = false;
        assert_eq!(said(&config), "Switched off here.");
    }
}
