//! Rules of the house that neither the compiler nor a linter knows, held against every file that
//! git tracks or would track.

mod documents;
mod length;
mod national_number;

use std::fs;
use std::process::Command;

use crate::checkout::Checkout;
use crate::process::output_of;

/// A text file, by its path from the checkout's root.
struct Text {
    path: String,
    text: String,
}

impl Text {
    fn is_rust_source(&self) -> bool {
        let in_crate = self.path.starts_with("crates/") && self.path.contains("/src/");
        self.path.ends_with(".rs") && (in_crate || self.path.starts_with("xtask/src/"))
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// Every file that is text; others have no lines that a rule could speak of.
fn texts() -> Vec<Text> {
    let root = Checkout::find().unwrap().root;
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = output_of(git.current_dir(&root)).unwrap();
    let texts: Vec<Text> = listed
        .split_terminator('\0')
        // A file that was just removed is still listed.
        .filter_map(|path| {
            let text = fs::read_to_string(root.join(path)).ok()?;
            Some(Text { path: path.to_owned(), text })
        })
        .collect();
    assert!(texts.iter().any(|text| text.path == "xtask/src/tidy.rs"), "git lists too little");
    texts
}

/// Fails with all complaints at once.
fn must_be_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let silent = texts().into_iter().filter(|file| file.is_rust_source());
    let silent = silent.filter(|file| !file.text.starts_with("//! "));
    let complaints: Vec<String> = silent
        .map(|file| format!("{}: the first line must begin with `//! `", file.path))
        .collect();
    must_be_none(&complaints);
}

#[test]
fn a_module_is_named_after_itself() {
    let complaints: Vec<String> = texts()
        .into_iter()
        .filter(|file| file.path.ends_with("/mod.rs"))
        .map(|file| format!("{}: write foo.rs beside foo/ instead", file.path))
        .collect();
    must_be_none(&complaints);
}

/// Words that no file may hold, in pieces so that this file does not. Where packages come from is
/// a setting of the machine, not of this repository.
const REGISTRY_HOSTS: &[[&str; 2]] = &[
    ["crates", ".io"],
    ["repo.ma", "ven.apache.org"],
    ["repo1.ma", "ven.org"],
    ["npmjs", ".org"],
    ["pypi", ".org"],
    ["pythonhosted", ".org"],
    ["proxy.go", "lang.org"],
    ["deb.de", "bian.org"],
];

/// Cargo writes its registry's name into the lock file itself.
const WRITTEN_BY_CARGO: &str = "Cargo.lock";

#[test]
fn no_file_names_the_host_of_a_package_registry() {
    let mut complaints = Vec::new();
    for file in texts().iter().filter(|file| file.path != WRITTEN_BY_CARGO) {
        for host in REGISTRY_HOSTS.iter().map(|pieces| pieces.concat()) {
            let named = file.lines().filter(|(_, line)| line.contains(&host));
            complaints.extend(named.map(|(line, _)| format!("{}:{line}: names {host}", file.path)));
        }
    }
    must_be_none(&complaints);
}

#[test]
fn no_test_is_left_out() {
    let attribute = ["#[", "ignore"].concat();
    let mut complaints = Vec::new();
    for file in texts().iter().filter(|file| file.path.ends_with(".rs")) {
        let left_out = file.lines().filter(|(_, line)| line.trim_start().starts_with(&attribute));
        complaints.extend(left_out.map(|(line, _)| format!("{}:{line}: never runs", file.path)));
    }
    must_be_none(&complaints);
}
