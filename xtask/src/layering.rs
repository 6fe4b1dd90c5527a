//! Which crate may use which. One table, held against what cargo says; a new edge is a decision
//! to be written down in `docs/adr` before it is written here.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::checkout::Checkout;
use crate::process::{cargo, output_of};

/// What one crate of the workspace may use.
struct Wall {
    name: &'static str,
    /// Crates of the workspace in its code.
    uses: &'static [&'static str],
    /// Further crates of the workspace in its tests.
    tests_use: &'static [&'static str],
    /// Outside crates that it must not reach by any way, nor those named after them (`tokio` is
    /// `tokio-util` too). Tests may.
    never: &'static [&'static str],
}

const WALLS: &[Wall] = &[
    Wall {
        name: "register",
        uses: &[],
        tests_use: &[],
        never: &["tokio", "sqlx", "axum", "rdkafka", "reqwest", "hyper"],
    },
    Wall {
        name: "sources",
        uses: &["register"],
        tests_use: &[],
        never: &["tokio", "sqlx", "axum", "rdkafka", "reqwest", "hyper"],
    },
    Wall {
        name: "helseid",
        uses: &[],
        tests_use: &["testkit"],
        never: &["tokio", "sqlx", "axum", "rdkafka", "reqwest", "hyper"],
    },
    Wall {
        name: "store",
        uses: &["register"],
        tests_use: &["testkit"],
        never: &["axum", "rdkafka", "reqwest"],
    },
    Wall {
        name: "ingest",
        uses: &["register", "sources", "store"],
        tests_use: &["testkit", "sandbox"],
        never: &["axum"],
    },
    Wall {
        name: "api",
        uses: &["helseid", "register", "store"],
        tests_use: &["testkit", "sandbox"],
        never: &["rdkafka"],
    },
    Wall {
        name: "sandbox",
        uses: &["helseid", "sources"],
        tests_use: &["register", "testkit"],
        never: &["sqlx", "rdkafka"],
    },
    Wall {
        name: "server",
        uses: &["api", "helseid", "ingest", "register", "sandbox", "sources", "store"],
        tests_use: &["testkit"],
        never: &[],
    },
    Wall {
        name: "testkit",
        uses: &["helseid", "register"],
        tests_use: &[],
        never: &["axum", "rdkafka"],
    },
    Wall {
        name: "xtask",
        uses: &[],
        tests_use: &[],
        never: &["tokio", "sqlx", "axum", "rdkafka", "reqwest", "cc", "cmake", "pkg-config"],
    },
];

/// Reads `cargo metadata` and fails with every breach of the table.
pub fn check(checkout: &Checkout) -> Result<()> {
    let rustc = output_of(Command::new("rustc").arg("-vV"))?;
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not name its host")?;
    let mut command = cargo();
    command.args(["metadata", "--format-version", "1", "--filter-platform", host]);
    let text = output_of(command.current_dir(&checkout.root))?;
    let breaches = breaches(&serde_json::from_str(&text)?);
    if !breaches.is_empty() {
        bail!("the layering does not hold:\n  {}", breaches.join("\n  "));
    }
    Ok(())
}

/// The part of `cargo metadata` that is needed here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
    workspace_members: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// Absent for a usual one, else `dev` or `build`.
    kind: Option<String>,
}

impl Dependency {
    fn is_for_tests_only(&self) -> bool {
        self.dep_kinds.iter().all(|kind| kind.kind.as_deref() == Some("dev"))
    }
}

impl Metadata {
    fn names(&self) -> BTreeMap<&str, &str> {
        self.packages.iter().map(|package| (&*package.id, &*package.name)).collect()
    }

    fn dependencies(&self, id: &str) -> &[Dependency] {
        self.resolve.nodes.iter().find(|node| node.id == id).map_or(&[], |node| &node.deps)
    }

    /// Everything in the program when this crate is, itself apart; tests and build scripts' own
    /// dependencies count as they do for cargo.
    fn reached_from<'a>(&'a self, id: &'a str) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut ahead = vec![id];
        while let Some(id) = ahead.pop() {
            for dependency in self.dependencies(id).iter().filter(|it| !it.is_for_tests_only()) {
                if reached.insert(&*dependency.pkg) {
                    ahead.push(&dependency.pkg);
                }
            }
        }
        reached
    }
}

fn breaches(metadata: &Metadata) -> Vec<String> {
    let names = metadata.names();
    let name = |id: &str| names.get(id).copied().unwrap_or("?").to_owned();
    let members: BTreeSet<&str> = metadata.workspace_members.iter().map(|id| &**id).collect();
    let mut found = Vec::new();
    for wall in WALLS {
        if !members.iter().any(|id| name(id) == wall.name) {
            found.push(format!("{} is in the table, but not in the workspace", wall.name));
        }
    }
    for id in &members {
        let Some(wall) = WALLS.iter().find(|wall| wall.name == name(id)) else {
            found.push(format!("{} is in the workspace, but not in the table", name(id)));
            continue;
        };
        for dependency in metadata.dependencies(id) {
            let used = name(&dependency.pkg);
            let in_tests = dependency.is_for_tests_only();
            let allowed =
                wall.uses.contains(&&*used) || (in_tests && wall.tests_use.contains(&&*used));
            if members.contains(&*dependency.pkg) && !allowed {
                let place = if in_tests { " in its tests" } else { "" };
                found.push(format!("{} may not use {used}{place}", wall.name));
            }
        }
        for outside in metadata.reached_from(id).into_iter().map(name) {
            if wall.never.iter().any(|never| is_or_belongs_to(&outside, never)) {
                found.push(format!("{} may not reach {outside}", wall.name));
            }
        }
    }
    found
}

fn is_or_belongs_to(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_layering_holds() {
        check(&Checkout::find().unwrap()).unwrap();
    }

    /// The whole table as a workspace, with these edges: from, to, kind.
    fn workspace(edges: &[(&str, &str, Option<&str>)]) -> Metadata {
        let outside = ["tokio-util", "middle"];
        let members: Vec<&str> = WALLS.iter().map(|wall| wall.name).collect();
        let all: Vec<&str> = members.iter().chain(&outside).copied().collect();
        let nodes: Vec<_> = all
            .iter()
            .map(|from| {
                let edges = edges.iter().filter(|edge| edge.0 == *from);
                let deps =
                    edges.map(|edge| json!({"pkg": edge.1, "dep_kinds": [{"kind": edge.2}]}));
                json!({"id": from, "deps": deps.collect::<Vec<_>>()})
            })
            .collect();
        let packages: Vec<_> = all.iter().map(|name| json!({"id": name, "name": name})).collect();
        serde_json::from_value(json!({
            "packages": packages,
            "workspace_members": members,
            "resolve": {"nodes": nodes},
        }))
        .unwrap()
    }

    #[test]
    fn an_allowed_edge_is_no_breach() {
        let edges = [("api", "store", None), ("store", "testkit", Some("dev"))];
        assert!(breaches(&workspace(&edges)).is_empty());
    }

    #[test]
    fn an_edge_that_is_not_in_the_table_is_a_breach() {
        let edges = [("api", "sources", None), ("store", "testkit", None)];
        let expected = ["api may not use sources", "store may not use testkit"];
        assert_eq!(breaches(&workspace(&edges)), expected);
        let in_tests = [("register", "testkit", Some("dev"))];
        assert_eq!(breaches(&workspace(&in_tests)), ["register may not use testkit in its tests"]);
    }

    #[test]
    fn a_forbidden_crate_is_found_behind_another() {
        let edges = [("register", "middle", None), ("middle", "tokio-util", None)];
        assert_eq!(breaches(&workspace(&edges)), ["register may not reach tokio-util"]);
        let in_tests = [("register", "tokio-util", Some("dev"))];
        assert!(breaches(&workspace(&in_tests)).is_empty());
    }

    #[test]
    fn a_crate_without_a_row_is_a_breach() {
        let mut metadata = workspace(&[]);
        metadata.workspace_members.push("middle".to_owned());
        let expected = ["middle is in the workspace, but not in the table"];
        assert_eq!(breaches(&metadata), expected);
    }
}
