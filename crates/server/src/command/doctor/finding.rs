//! What a check found, and how bad it is.

/// How bad a finding is; the worst decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warning,
    /// Something does not work.
    Failure,
}

impl Severity {
    /// The word in both reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failure => "failure",
        }
    }

    /// What the process ends with.
    pub fn exit_code(self) -> u8 {
        self as u8
    }

    /// The last words of the report.
    pub fn verdict(self) -> &'static str {
        match self {
            Self::Ok => "nothing is wrong",
            Self::Warning => "it works, but look at the warnings",
            Self::Failure => "mend the failures, the uppermost first",
        }
    }
}

/// One thing that a check found. Texts hold no secret and no national number.
#[derive(Debug)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What is so.
    pub what: String,
    /// What to do about it, if anything.
    pub to_do: Option<String>,
}

impl Finding {
    /// As it should be.
    pub fn ok(what: impl Into<String>) -> Self {
        Self { severity: Severity::Ok, what: what.into(), to_do: None }
    }

    /// It works, and somebody should look at it.
    pub fn warning(what: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, what: what.into(), to_do: Some(to_do.into()) }
    }

    /// Something does not work.
    pub fn failure(what: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { severity: Severity::Failure, what: what.into(), to_do: Some(to_do.into()) }
    }
}

/// The worst of some findings; none are nothing wrong.
pub fn worst<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Severity {
    findings.into_iter().map(|finding| finding.severity).max().unwrap_or(Severity::Ok)
}

/// An error and its causes in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        // Many a library repeats its cause in its own words.
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}
