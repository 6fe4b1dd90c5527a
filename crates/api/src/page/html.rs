//! The little that writing HTML takes: the two languages, escaping, and filling a template.

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// Bokmål.
    Norwegian,
    /// English.
    English,
}

impl Language {
    pub(super) const ALL: [Self; 2] = [Self::Norwegian, Self::English];

    /// The tag for `lang`, which is the page's address too.
    pub(super) fn tag(self) -> &'static str {
        self.pick("nb", "en")
    }

    /// The one of two that is in this language.
    pub(super) fn pick<T>(self, norwegian: T, english: T) -> T {
        match self {
            Self::Norwegian => norwegian,
            Self::English => english,
        }
    }

    /// The language that a browser asks for. Browsers name the one that is liked best first.
    pub(super) fn accepted(accept_language: &str) -> Self {
        let ours = accept_language.split(',').find_map(|range| {
            match range.split(['-', ';']).next().unwrap_or_default().trim() {
                "nb" | "no" | "nn" => Some(Self::Norwegian),
                "en" => Some(Self::English),
                _ => None,
            }
        });
        ours.unwrap_or(Self::Norwegian)
    }
}

/// Text as it stands in an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A name in camel case as code that can be broken between its words.
pub(super) fn name(name: &str) -> String {
    let mut broken = String::from("<code>");
    let mut before = ' ';
    for letter in name.chars() {
        if before.is_ascii_lowercase() && letter.is_ascii_uppercase() {
            broken.push_str("<wbr>");
        }
        broken.push(letter);
        before = letter;
    }
    broken + "</code>"
}

/// Escaped text in which what stands between backticks becomes code.
pub(super) fn prose(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    let marked = pieces.map(|(place, piece)| match place % 2 {
        0 => escape(piece),
        _ => format!("<code>{}</code>", escape(piece)),
    });
    marked.collect()
}

/// Puts each value, which is HTML already, in the place of `{{name}}`. Values are not looked
/// through again.
pub(super) fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        filled.push_str(before);
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled + rest
}

/// The names between double braces.
#[cfg(test)]
pub(super) fn names(template: &str) -> Vec<&str> {
    let pieces = template.split("{{").skip(1);
    pieces.filter_map(|piece| piece.split_once("}}")).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_liked_best_of_ours_is_chosen() {
        for (asked, expected) in [
            ("", Language::Norwegian),
            ("en-GB,en;q=0.9,nb;q=0.8", Language::English),
            ("nb-NO,nb;q=0.9,en;q=0.8", Language::Norwegian),
            ("sv, en;q=0.5", Language::English),
            ("nn", Language::Norwegian),
            ("de-DE", Language::Norwegian),
            ("english", Language::Norwegian),
        ] {
            assert_eq!(Language::accepted(asked), expected, "{asked}");
        }
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(
            escape("<a href='x' b=\"&\">"),
            "&lt;a href=&#39;x&#39; b=&quot;&amp;&quot;&gt;"
        );
        assert_eq!(prose("the `a<b` one"), "the <code>a&lt;b</code> one");
        assert_eq!(prose("one ` alone"), "one <code> alone</code>");
    }

    #[test]
    fn a_name_is_broken_between_its_words() {
        assert_eq!(name("Name"), "<code>Name</code>");
        assert_eq!(name("birthInNorway"), "<code>birth<wbr>In<wbr>Norway</code>");
    }

    #[test]
    fn a_value_is_filled_in_once_and_not_looked_through() {
        let values = [("a", "{{b}}".to_owned()), ("b", "2".to_owned())];
        assert_eq!(fill("1 {{a}} {{b}} {{c}} 3", &values), "1 {{b}} 2  3");
        assert_eq!(names("1 {{a}} {{b}}"), ["a", "b"]);
    }
}
