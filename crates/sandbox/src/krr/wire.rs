//! A record as KRR sends it, with all the looseness that has been seen.

use serde_json::{Map, Value, json};

use super::contact::{Channel, Contact, Form, Mailbox, Status};
use crate::calendar::{Moment, Spelling, Zone};

/// The mailboxes' suppliers: organisation number and name.
pub(super) const SUPPLIERS: [(&str, &str); 2] =
    [("984661185", "Digipost"), ("922020175", "e-Boks")];

/// Which fields a caller's scopes open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Addresses, whether notices may be sent, and the language.
    pub(crate) contact: bool,
    /// The mailbox with its certificate.
    pub(crate) mailbox: bool,
}

impl Shown {
    /// Every field.
    pub(crate) const ALL: Shown = Shown { contact: true, mailbox: true };
}

/// The record, as it is told at `now`.
pub(crate) fn write(contact: &Contact, shown: Shown, now: Moment) -> Map<String, Value> {
    let date = |moment: Moment| Some(Value::String(spell(moment, contact.form)));
    let status = match contact.status {
        Status::Active => "AKTIV",
        Status::Deleted => "SLETTET",
        Status::NotRegistered => "IKKE_REGISTRERT",
    };
    let mut out = Map::new();
    put(&mut out, "personidentifikator", Some(json!(contact.number)));
    let reserved = if contact.reserved.is_some() { "JA" } else { "NEI" };
    put(&mut out, "reservasjon", Some(json!(reserved)));
    put(&mut out, "reservasjonstidspunkt", contact.reserved.and_then(date));
    put(&mut out, "reservasjon_oppdatert", contact.answered.and_then(date));
    put(&mut out, "status", Some(json!(status)));
    if shown.contact {
        let open = contact.can_be_notified(now);
        let word = if open { "KAN_VARSLES" } else { "KAN_IKKE_VARSLES" };
        put(&mut out, "varslingsstatus", Some(json!(word)));
        put(&mut out, "kontaktinformasjon", addresses(contact));
        put(&mut out, "spraak", contact.language.map(|language| json!(language.0)));
        put(&mut out, "spraak_oppdatert", contact.language.and_then(|language| date(language.1)));
    }
    if let Some(mailbox) = contact.mailbox.as_ref().filter(|_| shown.mailbox) {
        put(&mut out, "digital_post", Some(post(mailbox, contact.extras)));
        put(&mut out, "sertifikat", Some(json!(mailbox.certificate)));
        put(&mut out, "sertifikat_utloeper", mailbox.certificate_ends.and_then(date));
    }
    if contact.extras {
        put(&mut out, "kilde", Some(json!({ "system": "MINPROFIL", "versjon": 3 })));
    }
    out
}

fn put(out: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        out.insert(name.to_owned(), value);
    }
}

fn addresses(contact: &Contact) -> Option<Value> {
    let mut out = Map::new();
    for (name, channel) in [("epostadresse", &contact.mail), ("mobiltelefonnummer", &contact.phone)]
    {
        let Some(channel) = channel else { continue };
        put(&mut out, name, Some(json!(channel.address)));
        dates(&mut out, name, channel, contact.form);
        let token = contact.extras.then(|| json!("000000"));
        put(&mut out, &format!("{name}_valideringstoken"), token);
    }
    if let (true, Some(first)) = (contact.extras, contact.channels().next()) {
        put(&mut out, "oppdatert", first.updated.map(|at| json!(spell(at, contact.form))));
    }
    (!out.is_empty()).then_some(Value::Object(out))
}

fn dates(out: &mut Map<String, Value>, name: &str, channel: &Channel, form: Form) {
    let rows = [
        ("oppdatert", channel.updated),
        ("sist_verifisert", channel.verified),
        ("sist_validert", channel.validated),
    ];
    for (suffix, date) in rows {
        put(out, &format!("{name}_{suffix}"), date.map(|date| json!(spell(date, form))));
    }
    put(out, &format!("{name}_duplisert"), channel.shared.then(|| json!("JA")));
}

fn post(mailbox: &Mailbox, named: bool) -> Value {
    let (supplier, name) = SUPPLIERS[mailbox.supplier];
    let mut out = Map::new();
    put(&mut out, "postkasseadresse", Some(json!(mailbox.address)));
    put(&mut out, "postkasseleverandoeradresse", Some(json!(supplier)));
    put(&mut out, "navn", named.then(|| json!(name)));
    Value::Object(out)
}

/// A date in one of the register's forms.
fn spell(moment: Moment, form: Form) -> String {
    match form {
        Form::HourOnly => {
            let mut text = moment.write(Spelling { fraction: 0, zone: Zone::Oslo });
            text.truncate(text.len() - ":00".len());
            text
        }
        Form::Utc => moment.write(Spelling { fraction: 3, zone: Zone::Utc }),
        Form::Full => moment.write(Spelling { fraction: 3, zone: Zone::Oslo }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;

    #[test]
    fn a_date_has_three_forms() {
        let summer = Moment::at(Day::of(2026, 6, 10), 36_000, 120_000_000);
        assert_eq!(spell(summer, Form::HourOnly), "2026-06-10T10:00:00+02");
        assert_eq!(spell(summer, Form::Utc), "2026-06-10T08:00:00.120Z");
        let winter = Moment::at(Day::of(2026, 1, 10), 36_000, 120_000_000);
        assert_eq!(spell(winter, Form::HourOnly), "2026-01-10T10:00:00+01");
        assert_eq!(spell(winter, Form::Full), "2026-01-10T10:00:00.120+01:00");
    }
}
