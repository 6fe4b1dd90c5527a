//! The reference of settings, `docs/configuration.md`: made from the commented defaults, which the
//! tests hold against the structs.

/// What stands above the settings.
const INTRODUCTION: &str = "\
# Configuration

Every setting with its default, as `persontjenesten config` prints them. This page is written by \
`persontjenesten config --markdown`; a test fails when the two differ.

Settings are in one TOML file, named with `--config` or `PERSONTJENESTEN_CONFIG`; a file needs only \
what differs from the defaults. Each setting can be given as an environment variable instead, which \
then holds over the file. A list is written as in TOML: `[\"a\",\"b\"]`.

All faults are told at start, at once: unknown sections and settings, values of the wrong kind, and \
values that cannot be used. `persontjenesten doctor` looks further: missing secrets, insecure values, \
and whether what is named is there. No secret is ever shown.
";

/// Settings that belong together, and what is said of them.
#[derive(Default)]
struct Group {
    comment: Vec<String>,
    settings: Vec<Setting>,
}

struct Setting {
    name: String,
    /// As TOML; none when there is no default.
    default: Option<String>,
}

/// The page.
pub fn markdown(commented_defaults: &str) -> String {
    let mut page = INTRODUCTION.to_owned();
    // What stands before the first section is said by the introduction.
    for section in commented_defaults.split("\n[").skip(1) {
        let (name, body) = section.split_once("]\n").unwrap_or((section, ""));
        page += &format!("\n## `[{name}]`\n");
        for group in groups(body) {
            page += &show(name, &group);
        }
    }
    page
}

/// A comment begins a group; the settings below it belong to it.
fn groups(body: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in body.lines() {
        let comment = line.strip_prefix("# ");
        let setting = read(line.strip_prefix("# ").unwrap_or(line), comment.is_none());
        match (setting, comment) {
            (Some(setting), _) => {
                if groups.is_empty() {
                    groups.push(Group::default());
                }
                if let Some(group) = groups.last_mut() {
                    group.settings.push(setting);
                }
            }
            (None, Some(text)) => {
                if groups.last().is_none_or(|group| !group.settings.is_empty()) {
                    groups.push(Group::default());
                }
                if let Some(group) = groups.last_mut() {
                    group.comment.push(text.to_owned());
                }
            }
            (None, None) => {}
        }
    }
    groups
}

/// `name = value`; one that is commented out has an example and no default.
fn read(line: &str, is_set: bool) -> Option<Setting> {
    let (name, value) = line.split_once(" = ")?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let default = is_set.then(|| value.to_owned());
    is_name.then(|| Setting { name: name.to_owned(), default })
}

fn show(section: &str, group: &Group) -> String {
    let mut shown = String::new();
    if !group.comment.is_empty() {
        shown += &format!("\n{}\n", group.comment.join("\n"));
    }
    if !group.settings.is_empty() {
        shown += "\n| setting | default | environment variable |\n|---|---|---|\n";
    }
    for Setting { name, default } in &group.settings {
        let default = default.as_ref().map_or("none".to_owned(), |default| format!("`{default}`"));
        let variable = format!("{section}.{name}").to_uppercase().replace('.', "__");
        shown += &format!("| `{name}` | {default} | `PERSONTJENESTEN__{variable}` |\n");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::super::COMMENTED_DEFAULTS;
    use super::*;

    #[test]
    fn a_comment_holds_for_the_settings_below_it() {
        let page =
            markdown("# Head.\n\n[a.b]\n# One.\nx_ms = 5\ny = \"\"\n# Two\n# lines.\n# z = 1\n");
        let expected = "\n## `[a.b]`\n\nOne.\n\n| setting | default | environment variable |\n|---|---|---|\n\
             | `x_ms` | `5` | `PERSONTJENESTEN__A__B__X_MS` |\n\
             | `y` | `\"\"` | `PERSONTJENESTEN__A__B__Y` |\n\nTwo\nlines.\n\n\
             | setting | default | environment variable |\n|---|---|---|\n\
             | `z` | none | `PERSONTJENESTEN__A__B__Z` |\n";
        assert_eq!(page.strip_prefix(INTRODUCTION), Some(expected));
    }

    /// Compares the page with the committed one; `UPDATE_CONFIGURATION=1` writes it instead.
    #[test]
    fn the_committed_page_is_what_would_be_written() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
        let page = markdown(COMMENTED_DEFAULTS);
        if std::env::var("UPDATE_CONFIGURATION").is_ok_and(|value| value == "1") {
            std::fs::write(file, page).unwrap();
            return;
        }
        let committed = std::fs::read_to_string(file).unwrap_or_default();
        assert!(
            committed == page,
            "docs/configuration.md is not up to date: `UPDATE_CONFIGURATION=1 cargo test -p server \
             reference`"
        );
    }
}
