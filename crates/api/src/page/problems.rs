//! The catalogue of problems on the page. Its texts stay in English, as they stand in answers.

use super::html::{escape, prose};
use crate::problem::{CATALOGUE, Entry};

/// The rows of the table.
pub(super) fn table() -> String {
    CATALOGUE.iter().map(table_row).collect()
}

fn table_row(entry: &Entry) -> String {
    let Entry { name, status, title, meaning, remedy, .. } = entry;
    format!(
        "<tr id=\"problem-{name}\"><td class=\"status\">{status}</td>\
         <th scope=\"row\"><code>{name}</code></th>\
         <td lang=\"en\"><b>{}</b><p>{}</p><p class=\"remedy\">{}</p></td></tr>\n",
        escape(title),
        prose(meaning),
        prose(remedy),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_on_the_page() {
        let table = table();
        for entry in CATALOGUE {
            assert!(table.contains(&format!("<tr id=\"problem-{}\">", entry.name)));
            for text in [entry.meaning, entry.remedy] {
                assert!(table.contains(&prose(text)), "{text}");
            }
        }
    }
}
