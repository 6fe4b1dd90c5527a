//! The command line of `call`, made from the table of operations.

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches, Subcommand};

use super::operation::{Input, Kind, OPERATIONS, Operation};

/// An operation and what it was told: the values of each input, none for one that was left out.
pub struct Asked {
    /// The row.
    pub operation: &'static Operation,
    /// In the row's order.
    pub values: Vec<(&'static Input, Vec<String>)>,
}

impl Subcommand for Asked {
    fn augment_subcommands(command: Command) -> Command {
        let rows = OPERATIONS.iter().map(subcommand);
        command.subcommands(rows).subcommand_required(true).arg_required_else_help(true)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        OPERATIONS.iter().any(|operation| operation.name == name)
    }
}

impl FromArgMatches for Asked {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let missing = || Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let operation = OPERATIONS.iter().find(|operation| operation.name == name);
        let operation = operation.ok_or_else(missing)?;
        let values = operation.inputs.iter().map(|input| (*input, given(input, matches)));
        Ok(Self { operation, values: values.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn subcommand(operation: &Operation) -> Command {
    let arguments = operation.inputs.iter().map(|input| argument(input));
    Command::new(operation.name).about(operation.about).args(arguments)
}

fn argument(input: &Input) -> Arg {
    let argument = Arg::new(input.name).help(input.help);
    let text = ValueParser::string();
    match input.kind {
        Kind::One => argument.required(true).value_parser(text),
        Kind::Many => argument.required(true).num_args(1..).value_parser(text),
        Kind::Option => {
            argument.long(input.name).value_parser(clap::value_parser!(i64)).value_name("NUMBER")
        }
        Kind::Choices { of, otherwise } => {
            let argument = argument
                .long(input.name)
                .action(ArgAction::Append)
                .value_delimiter(',')
                .ignore_case(true)
                .hide_possible_values(true)
                .value_parser(PossibleValuesParser::new(of()));
            // A default is shown as it would be typed.
            if otherwise.is_empty() { argument } else { argument.default_value(otherwise) }
        }
        Kind::Flag => argument.long(input.name).action(ArgAction::SetTrue),
    }
}

fn given(input: &Input, matches: &ArgMatches) -> Vec<String> {
    match input.kind {
        Kind::Flag => vec![matches.get_flag(input.name).to_string()],
        Kind::Option => {
            matches.get_one::<i64>(input.name).map(i64::to_string).into_iter().collect()
        }
        Kind::One | Kind::Many | Kind::Choices { .. } => {
            matches.get_many::<String>(input.name).unwrap_or_default().cloned().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> Result<Asked, Error> {
        let command = Asked::augment_subcommands(Command::new("call"));
        Asked::from_arg_matches(&command.try_get_matches_from([&["call"], line].concat())?)
    }

    fn values(asked: &Asked) -> Vec<(&str, &[String])> {
        asked.values.iter().map(|(input, values)| (input.name, values.as_slice())).collect()
    }

    #[test]
    fn every_row_makes_a_sound_command_line() {
        Asked::augment_subcommands(Command::new("call")).debug_assert();
        let names: std::collections::HashSet<_> = OPERATIONS.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), OPERATIONS.len());
    }

    #[test]
    fn parts_are_separated_by_commas_and_history_is_a_flag() {
        let asked = parse(&["get-by-nin", "-", "--parts", "Name,birth", "--history"]).unwrap();
        assert_eq!(asked.operation.name, "get-by-nin");
        let expected: [(&str, &[String]); 3] = [
            ("nin", &["-".to_owned()]),
            ("parts", &["Name".to_owned(), "birth".to_owned()]),
            ("history", &["true".to_owned()]),
        ];
        assert_eq!(values(&asked), expected);
    }

    #[test]
    fn what_is_left_out_has_its_default_or_none() {
        let asked = parse(&["bulk-by-id", "a", "b"]).unwrap();
        assert_eq!(asked.values[0].1, ["a", "b"]);
        assert_eq!(asked.values[1].1, ["Name", "Birth", "ResidentialAddress"]);
        assert_eq!(asked.values[2].1, ["false"]);
        let asked = parse(&["events"]).unwrap();
        // Nothing but a switch that is not turned on.
        let given: Vec<&String> = asked.values.iter().flat_map(|(_, values)| values).collect();
        assert_eq!(given, ["false"]);
    }

    #[test]
    fn a_part_that_is_none_and_a_missing_number_are_refused() {
        assert!(parse(&["get-by-id", "x", "--parts", "Shoes"]).is_err());
        assert!(parse(&["get-by-nin"]).is_err());
        assert!(parse(&["events", "--from", "soon"]).is_err());
    }
}
