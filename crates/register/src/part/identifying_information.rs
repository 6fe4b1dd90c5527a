//! Who somebody is, told without a number.

use super::shape::shape;
use super::{Gender, Name};
use crate::time::Day;

shape! {
    /// Who somebody is, told without a number (FREG: IdentifiserendeInformasjon).
    object IdentifyingInformation {
        /// The name (FREG: Personnavn).
        person_name: Name,
        /// Day of birth (FREG: Foedselsdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        birth_date: Day,
        /// Every citizenship, three letters each (FREG: Statsborgerskap).
        citizenship: Vec<String>,
        /// The sex (FREG: Kjoenn).
        gender: Gender,
    }
}
